"""Bar charts made here, as SVG without style or script. The same numbers stand in a table beside.

`vertical_bars` are for years, `horizontal_bars` for what has long names;
`components/chart.html` draws either, and `static/css/charts.css` gives the colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..i18n.texts import line_width

STEP, THICK, TALL = 30, 24, 60
NARROWEST = 300
# Of horizontal bars: the drawing, the longest bar, the line of the name, a bar, the gap below.
WIDE, LONGEST, NAME, THIN, GAP = 290, 255, 15, 12, 6
MOST_LETTERS = 46
LEAST = 3


@dataclass(frozen=True)
class Value:
    """A number to be drawn; `short` is written below a vertical bar, `name` is read aloud."""

    name: str
    count: int
    short: str = ""
    # Where the list behind the number is.
    address: str = ""


@dataclass(frozen=True)
class ChartLabel:
    text: str | int
    x: int
    y: int
    kind: str


@dataclass(frozen=True)
class Bar:
    value: Value
    x: int
    y: int
    width: int
    height: int
    words: tuple[ChartLabel, ...]


@dataclass(frozen=True)
class Chart:
    kind: str
    width: int
    height: int
    bars: list[Bar]

    @property
    def role(self) -> str:
        """Return the ARIA role: a picture may hold no links, a group may."""
        return "group" if any(bar.value.address for bar in self.bars) else "img"


def vertical_bars(values: Sequence[Value]) -> Chart:
    """Draw bars side by side, each with its number above and its short name below."""
    most = largest(values)
    bars = [vertical_bar(value, n * STEP + 1, most) for n, value in enumerate(values)]
    return Chart("is-upright", max(NARROWEST, len(values) * STEP), TALL + 34, bars)


def vertical_bar(value: Value, x: int, most: int) -> Bar:
    height = length(value, most, TALL)
    top, middle = TALL + 14 - height, x + THICK // 2
    number = ChartLabel(value.count, middle, top - 4, "number")
    name = ChartLabel(value.short, middle, TALL + 28, "name")
    return Bar(value, x, top, THICK, height, (number, name))


def horizontal_bars(values: Sequence[Value]) -> Chart:
    """Draw each bar below its name, with its number behind."""
    most, step = largest(values), NAME + THIN + GAP
    bars = [horizontal_bar(value, n * step, most) for n, value in enumerate(values)]
    return Chart("is-lying", WIDE, len(values) * step, bars)


def horizontal_bar(value: Value, y: int, most: int) -> Bar:
    width, top = length(value, most, LONGEST), y + NAME
    name = ChartLabel(clipped(value.name), 0, top - 4, "name")
    number = ChartLabel(value.count, width + 5, top + THIN - 3, "number")
    return Bar(value, 1, top + 1, width, THIN - 3, (name, number))


def largest(values: Sequence[Value]) -> int:
    return max((value.count for value in values), default=0) or 1


def length(value: Value, most: int, longest: int) -> int:
    """Return the length of a bar; a small number is still visible."""
    return max(LEAST, longest * value.count // most) if value.count else 0


def clipped(text: str) -> str:
    """Shorten what does not fit in a line; SVG would let it run out of the drawing."""
    if line_width(text) <= MOST_LETTERS:
        return text
    while line_width(text) >= MOST_LETTERS:
        text = text[:-1]
    return f"{text.rstrip()}…"
