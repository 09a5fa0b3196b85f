"""Bar charts of figures as SVG without style or script. The same numbers stand in a table beside.

`vertical_bars` are for years, `horizontal_bars` for what has long names;
`components/chart.html` draws either, and `static/css/charts.css` gives the colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sscnet.core.i18n.texts import line_width

from .figure import Figure, Number

STEP, THICK, TALL = 30, 24, 60
NARROWEST = 300
# Of horizontal bars: the drawing, the longest bar, the line of the name, a bar, the gap below.
WIDE, LONGEST, NAME, THIN, GAP = 290, 255, 15, 12, 6
MOST_LETTERS = 46
LEAST = 3


@dataclass(frozen=True)
class ChartLabel:
    text: str | int
    x: int
    y: int
    kind: str


@dataclass(frozen=True)
class Bar:
    figure: Figure
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


def vertical_bars(figures: Sequence[Figure]) -> Chart:
    """Draw bars of years side by side, each with its number above and its last digits below."""
    most = largest(figures)
    bars = [vertical_bar(figure, n * STEP + 1, most) for n, figure in enumerate(figures)]
    return Chart("is-upright", max(NARROWEST, len(figures) * STEP), TALL + 34, bars)


def vertical_bar(figure: Figure, x: int, most: int) -> Bar:
    height = length(figure.number, most, TALL)
    top, middle = TALL + 14 - height, x + THICK // 2
    number = ChartLabel(figure.number.value, middle, top - 4, "number")
    name = ChartLabel(f"’{figure.label[-2:]}", middle, TALL + 28, "name")
    return Bar(figure, x, top, THICK, height, (number, name))


def horizontal_bars(figures: Sequence[Figure]) -> Chart:
    """Draw each bar below its name, with its number behind."""
    most, step = largest(figures), NAME + THIN + GAP
    bars = [horizontal_bar(figure, n * step, most) for n, figure in enumerate(figures)]
    return Chart("is-lying", WIDE, len(figures) * step, bars)


def horizontal_bar(figure: Figure, y: int, most: int) -> Bar:
    width, top = length(figure.number, most, LONGEST), y + NAME
    name = ChartLabel(clipped(figure.label), 0, top - 4, "name")
    number = ChartLabel(figure.number.value, width + 5, top + THIN - 3, "number")
    return Bar(figure, 1, top + 1, width, THIN - 3, (name, number))


def largest(figures: Sequence[Figure]) -> int:
    return max((figure.number.value for figure in figures), default=0) or 1


def length(number: Number, most: int, longest: int) -> int:
    """Return the length of a bar; a small number is still visible."""
    return max(LEAST, longest * number.value // most) if number.value else 0


def clipped(text: str) -> str:
    """Shorten what does not fit in a line; SVG would let it run out of the drawing."""
    if line_width(text) <= MOST_LETTERS:
        return text
    while line_width(text) >= MOST_LETTERS:
        text = text[:-1]
    return f"{text.rstrip()}…"
