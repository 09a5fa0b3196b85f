"""The map of the portal: a square a country, the darker the more projects; no border is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from sscnet.codelists.models import Country
from sscnet.facets.engine import Index
from sscnet.facets.listing import Listing
from sscnet.facets.params import NOT_STATED

STEP = 24
SIZE = 22
DARKEST = 4


@dataclass(frozen=True)
class Tile:
    """A country with its number of projects; `address` opens their list, or takes it out again.

    `is_here` marks the country whose own page the map stands on.
    """

    country: Country
    count: int
    address: str = ""
    is_ticked: bool = False
    is_here: bool = False

    @classmethod
    def empty(cls, country):
        return cls(country, 0)

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
        shaded = [tile for tile in self.tiles + self.off_map if tile.address]
        return sorted(shaded, key=lambda tile: (-tile.count, str(tile.country)))


@dataclass(frozen=True)
class Where:
    """The countries of one project; `land` are all countries as one shape, `tiles` theirs on it."""

    land: str
    width: int
    height: int
    tiles: list[tuple[Tile, str]]

    @property
    def names(self) -> list[str]:
        return [str(tile.country) for tile, _level in self.tiles]


def of_project(links, index: Index) -> Where | None:
    """Draw where a project was; its lead country is the darker one."""
    tiles = [
        (Tile.empty(link.country), "level-4" if link.role == link.Role.LEAD else "level-2")
        for link in links
        if link.country.tile_column is not None
    ]
    return Where(*draw_land(index.stamp), tiles) if tiles else None


@lru_cache(maxsize=2)
def draw_land(stamp: str) -> tuple[str, int, int]:
    """Draw all countries as one shape, and return its width and height."""
    land = placed(Tile.empty, stamp)
    shape = "".join(f"M{tile.x} {tile.y}h{SIZE}v{SIZE}h-{SIZE}z" for tile in land.tiles)
    return shape, land.width, land.height


def draw_listing(listing: Listing) -> TileMap:
    """Draw the projects of a list: by country, among those that match all its other filters."""
    view = listing.facet("country")
    ticked = set(view.ticked)
    list_url = reverse("projects:list")

    def tile(country):
        carrying = view.counts.get(country.pk, 0)
        change = listing.query_without if country.pk in ticked else listing.query_with
        is_link = carrying or country.pk in ticked
        address = list_url + change("country", country.pk) if is_link else ""
        return Tile(country, carrying, address, country.pk in ticked)

    return placed(tile, listing.index.stamp, view.counts.get(NOT_STATED, 0))


def of_countries(listing: Listing, here: str = "") -> TileMap:
    """Draw all projects by country, each tile the way to its country's page; `here` is open now."""
    counts = listing.facet("country").counts

    def tile(country):
        count = counts.get(country.pk, 0)
        address = reverse("landing:country", args=[country.pk]) if count else ""
        return Tile(country, count, address, is_here=country.pk == here)

    return placed(tile, listing.index.stamp)


@lru_cache(maxsize=2)
def countries(_stamp: str) -> list[Country]:
    """Return all countries, read once for each state of the records: every map needs them."""
    return list(Country.objects.only("iso2", "name", "i18n", "tile_column", "tile_row"))


def placed(tile: Callable[[Country], Tile], stamp: str, not_stated: int = 0) -> TileMap:
    tiles = [tile(country) for country in countries(stamp)]
    on_map = [tile for tile in tiles if tile.country.tile_column is not None]
    off_map = [tile for tile in tiles if tile.country.tile_column is None]
    return TileMap(on_map, off_map, not_stated)
