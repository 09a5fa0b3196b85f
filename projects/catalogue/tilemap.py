"""The map of the portal: a square a country, the darker the more projects; no border is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from sscnet.codelists.tiles import Land, Square, Where, land, level
from sscnet.core.database.stamps import WORDS
from sscnet.core.records import samples
from sscnet.facets.engine import Index
from sscnet.facets.listing import ANY_CODE, FacetView, Listing
from sscnet.facets.params import NOT_STATED

# A square of 22 with round corners of 3, from where the upper left one ends.
ROUNDED = "h16q3 0 3 3v16q0 3-3 3h-16q-3 0-3-3v-16q0-3 3-3z"

# So many countries of a project are drawn.
FEWEST = 4


@dataclass(frozen=True)
class Tile:
    """A country with projects; `address` opens their list, or takes the country out again.

    `square` is none for a country that is not on the map. `is_here` marks the country whose own
    page the map stands on.
    """

    square: Square | None
    name: str
    count: int
    address: str
    is_ticked: bool = False
    is_here: bool = False

    @property
    def level(self) -> int:
        return level(self.count)


@dataclass(frozen=True)
class TileMap:
    """`tiles` are the countries with projects, those without a square too: the table lists them."""

    land: Land
    tiles: list[Tile]
    not_stated: int = 0

    @property
    def centre(self) -> int:
        """Return where a screen too narrow for the map opens it, in per cent of its width.

        On the country that is open or the first one chosen, else in the middle of the projects.
        """
        drawn = [tile for tile in self.tiles if tile.square]
        marked = [tile for tile in drawn if tile.is_here or tile.is_ticked]
        places = [tile.square.middle for tile in marked[:1]] or sorted(
            tile.square.middle for tile in drawn for _project in range(tile.count)
        )
        return 100 * places[len(places) // 2] // self.land.width if places else 50

    @cached_property
    def blank(self) -> list[Square]:
        """Return the squares of the countries without projects."""
        shaded = {tile.square for tile in self.tiles}
        return [square for square in self.land.squares.values() if square not in shaded]

    @property
    def blank_shape(self) -> str:
        """Draw those squares as one path, which costs a browser less than an element each."""
        return "".join(f"M{square.x + 3} {square.y}{ROUNDED}" for square in self.blank)

    @property
    def rows(self) -> list[Tile]:
        """List the countries with projects as a table does: the most projects first."""
        return sorted(self.tiles, key=lambda tile: (-tile.count, tile.name))


def of_project(links, index: Index) -> Where | None:
    """Draw where a project was; its lead country is the darker one. A few are told in words."""
    drawn = land(index.stamps[WORDS])
    on_map = [link for link in links if link.country_id in drawn.squares]
    if len(on_map) < FEWEST:
        return None
    squares = [
        (drawn.squares[link.country_id], "level-4" if link.role == link.Role.LEAD else "level-2")
        for link in on_map
    ]
    return Where(drawn, squares, [str(link.country) for link in on_map])


def draw_listing(listing: Listing) -> TileMap:
    """Draw the projects of a list: by country, among those that match all its other filters."""
    view = listing.facet("country")
    list_url, with_country = reverse("projects:list"), listing.queries_with("country")

    def address_of(code: str) -> str:
        if code in view.ticked:
            return list_url + listing.query_without("country", code)
        return list_url + with_country(code)

    return placed(view, address_of, not_stated=view.counts.get(NOT_STATED, 0))


def of_countries(listing: Listing, here: str = "") -> TileMap:
    """Draw all projects by country, each tile the way to its country's page; `here` is open now."""
    page = samples.keep(reverse("landing:country", args=[ANY_CODE]))
    view = listing.facet("country")
    return placed(view, lambda code: page.replace(ANY_CODE, code), here=here)


def placed(
    view: FacetView, address_of: Callable[[str], str], *, here: str = "", not_stated: int = 0
) -> TileMap:
    drawn = land(view.listing.index.stamps[WORDS])
    codes = [code for code in view.counts if code != NOT_STATED]
    # In the order of the map, as one goes through it with the keyboard; then what is not on it.
    on_map = [code for code in drawn.squares if code in view.counts]
    off_map = [code for code in codes if code not in drawn.squares]
    tiles = [
        Tile(
            drawn.squares.get(code),
            view.labels[code],
            view.counts[code],
            address_of(code),
            is_ticked=code in view.ticked,
            is_here=code == here,
        )
        for code in on_map + off_map
    ]
    return TileMap(drawn, tiles, not_stated)
