"""Where countries stand on the portal's map: a square each; no border is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from statistics import median

from .models import Country

STEP = 24
SIZE = 22
DARKEST = 4
# Of a cover: how many squares it is wide, and the colour of what has no goal.
NARROWEST, WIDEST = 9, 16
TEAL = "#2a7a76"


@dataclass(frozen=True)
class Square:
    """Where a country stands on the map, and where its code is written."""

    iso2: str
    x: int
    y: int

    @classmethod
    def of(cls, country: Country) -> "Square":
        return cls(country.iso2, country.tile_column * STEP + 1, country.tile_row * STEP + 1)

    @property
    def middle(self) -> int:
        return self.x + SIZE // 2

    @property
    def baseline(self) -> int:
        return self.y + 14


@dataclass(frozen=True)
class Land:
    """All countries: their squares by code, those as one shape, and the size of the map."""

    squares: Mapping[str, Square]
    shape: str
    width: int
    height: int


@lru_cache(maxsize=2)
def land(_stamp: str) -> Land:
    """Read where the countries stand, once for each state of the code lists."""
    on_map = Country.objects.exclude(tile_column=None).only("iso2", "tile_column", "tile_row")
    squares = {country.iso2: Square.of(country) for country in on_map}
    shape = "".join(f"M{s.x} {s.y}h{SIZE}v{SIZE}h-{SIZE}z" for s in squares.values())
    width = max((s.x for s in squares.values()), default=0) + STEP
    height = max((s.y for s in squares.values()), default=0) + STEP
    return Land(squares, shape, width, height)


def level(count: int) -> int:
    """Return how dark so many projects are: a step darker at 1, 2, 4 and 8."""
    return min(DARKEST, count.bit_length())


@dataclass(frozen=True)
class Where:
    """The countries of one record on the map, each with how dark it is, and their names."""

    land: Land
    squares: list[tuple[Square, str]]
    names: list[str]

    @property
    def window(self) -> tuple[int, int, int, int]:
        """Return x, y, width and height of the part that has them all."""
        xs, ys = [s.x for s, _level in self.squares], [s.y for s, _level in self.squares]
        x, y = min(xs) - 1, min(ys) - 1
        return x, y, max(xs) + SIZE + 1 - x, max(ys) + SIZE + 1 - y


@dataclass(frozen=True)
class Cover:
    """A drawing instead of a picture: a part of the map, a record's countries in its colours."""

    land: Land
    squares: list[tuple[Square, str]]

    def window(self, ratio: float) -> tuple[int, int, int, int]:
        """Return x, y, width and height of the part to draw, `ratio` times as wide as high."""
        shown = [square for square, _colour in self.squares] or [*self.land.squares.values()]
        xs, ys = [s.middle for s in shown], [s.y + SIZE // 2 for s in shown]
        span = max(max(xs) - min(xs), (max(ys) - min(ys)) * ratio) + 2 * STEP
        width = min(max(span, NARROWEST * STEP), WIDEST * STEP)
        height = width / ratio
        x, y = median(xs) - width / 2, median(ys) - height / 2
        return round(x), round(y), round(width), round(height)


def cover(stamp: str, codes: Iterable[str], colours: Iterable[str] = ()) -> Cover | None:
    """Draw countries in turn in these colours; None where nothing is on the map."""
    drawn, colour = land(stamp), cycle([*colours] or [TEAL])
    squares = [(drawn.squares[code], next(colour)) for code in codes if code in drawn.squares]
    return Cover(drawn, squares) if drawn.squares else None
