"""The map of the portal: a square a country, the darker the more projects; no border is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from sscnet.catalogue.declaration import NOT_STATED
from sscnet.codelists.models import Country

from .catalogue.selection import Selection

STEP = 24
SIZE = 22
DARKEST = 4


@dataclass(frozen=True)
class Tile:
    """A country with its number of projects; `query` opens their list, or takes it out again."""

    country: Country
    count: int
    query: str = ""
    is_ticked: bool = False

    @property
    def x(self):
        return self.country.tile_column * STEP + 1

    @property
    def y(self):
        return self.country.tile_row * STEP + 1

    @property
    def middle(self):
        return self.x + SIZE // 2

    @property
    def baseline(self):
        return self.y + 14

    @property
    def level(self):
        """Give 0 for none, then a step darker at 1, 2, 4 and 8 projects."""
        return min(DARKEST, self.count.bit_length())


@dataclass(frozen=True)
class TileMap:
    """`off_map` are countries with projects that have no tile; the table lists them too."""

    tiles: list[Tile]
    off_map: list[Tile]
    not_stated: int = 0

    @property
    def width(self):
        return max((tile.x for tile in self.tiles), default=0) + STEP

    @property
    def height(self):
        return max((tile.y for tile in self.tiles), default=0) + STEP

    @property
    def rows(self):
        """List the countries with projects as a table does: the most projects first."""
        shaded = [tile for tile in self.tiles + self.off_map if tile.count or tile.is_ticked]
        return sorted(shaded, key=lambda tile: (-tile.count, str(tile.country)))


def draw(counts: dict[str, int]) -> TileMap:
    """Place every country that has a tile; `counts` gives projects by the country's code."""
    return placed(
        lambda country: Tile(country, counts.get(country.pk, 0), f"?country={country.pk}")
    )


def draw_selection(selection: Selection) -> TileMap:
    """Draw the projects of a list: by country, among those that match all its other filters."""
    view = selection.facet("country")
    ticked = set(view.ticked)

    def tile(country):
        carrying = view.counts.get(country.pk, (0, 0))[0]
        change = selection.query_without if country.pk in ticked else selection.query_with
        is_link = carrying or country.pk in ticked
        query = change("country", country.pk) if is_link else ""
        return Tile(country, carrying, query, country.pk in ticked)

    return placed(tile, view.counts.get(NOT_STATED, (0, 0))[0])


def placed(tile: Callable[[Country], Tile], not_stated: int = 0) -> TileMap:
    countries = Country.objects.only("iso2", "name", "i18n", "tile_column", "tile_row")
    tiles = [tile(country) for country in countries]
    on_map = [tile for tile in tiles if tile.country.tile_column is not None]
    off_map = [tile for tile in tiles if tile.country.tile_column is None]
    return TileMap(on_map, off_map, not_stated)
