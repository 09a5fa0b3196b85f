"""The map of the portal: a square a country, the darker the more projects; no border is drawn."""

from dataclasses import dataclass

from sscnet.codelists.models import Country

STEP = 24
SIZE = 22
DARKEST = 4


@dataclass(frozen=True)
class Tile:
    country: Country
    count: int

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
    tiles: list[Tile]

    @property
    def width(self):
        return max((tile.x for tile in self.tiles), default=0) + STEP

    @property
    def height(self):
        return max((tile.y for tile in self.tiles), default=0) + STEP

    @property
    def rows(self):
        """List the countries with projects as a table does: the most projects first."""
        shaded = [tile for tile in self.tiles if tile.count]
        return sorted(shaded, key=lambda tile: (-tile.count, str(tile.country)))


def draw(counts: dict[str, int]) -> TileMap:
    """Place every country that has a tile; `counts` gives projects by the country's code."""
    countries = Country.objects.exclude(tile_column=None).only(
        "iso2", "name", "i18n", "tile_column", "tile_row"
    )
    return TileMap([Tile(country, counts.get(country.pk, 0)) for country in countries])
