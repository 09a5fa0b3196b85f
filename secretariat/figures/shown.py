"""What figures consist of: plain values, as a page shows them and a report keeps them."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sscnet.core.pages.charts import Chart, Value, horizontal_bars, vertical_bars

from ..models import SectionName

MOST_DRAWN = 8
MOST_YEARS = 12
IN_SIGHT = 15


@dataclass(frozen=True)
class Number:
    """A number and the address of its list; `key` names the list. None: nothing states it."""

    key: str
    value: int | None
    address: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with its definition; `stated` of the `whole` state what it adds up."""

    label: str
    number: Number
    definition: str
    whole: Number | None = None
    stated: Number | None = None
    lacking: Number | None = None


@dataclass(frozen=True)
class FigureRow:
    """`lang` is the attribute of a label in another language than the page's."""

    label: str
    numbers: list[Number]
    lang: str = ""


@dataclass(frozen=True)
class FigureTable:
    """Figures divided; `address` opens the page of all rows, where a page shows only the first."""

    name: str
    heading: str
    columns: list[str]
    rows: list[FigureRow]
    lacking: Number | None = None
    address: str = ""

    @property
    def in_sight(self) -> list[FigureRow]:
        return self.rows[:IN_SIGHT] if self.address else self.rows

    @property
    def hidden(self) -> int:
        return len(self.rows) - len(self.in_sight)

    @property
    def chart(self) -> Chart:
        """Draw the first column: years side by side, other values one below the other."""
        if self.name == "year":
            return vertical_bars([self.bar(row, f"’{row.label[-2:]}") for row in self.drawn])
        return horizontal_bars([self.bar(row) for row in self.drawn])

    @property
    def drawn(self) -> list[FigureRow]:
        return self.rows[-MOST_YEARS:] if self.name == "year" else self.rows[:MOST_DRAWN]

    def bar(self, row: FigureRow, short: str = "") -> Value:
        first = row.numbers[0]
        return Value(row.label, first.value, short, address=first.address)


@dataclass(frozen=True)
class Statement:
    """A total as somebody stated it on a day."""

    label: str
    value: int
    qualifier: str
    as_of: str
    source: str
    address: str


@dataclass(frozen=True)
class FigureSection:
    name: str
    title: str
    note: str = ""
    figures: list[Figure] = field(default_factory=list)
    table: FigureTable | None = None
    statements: list[Statement] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_plain(cls, kept: dict[str, Any], address_of) -> Self:
        """Read what a report keeps; `address_of` gives the address of the list of a key."""

        def number(values) -> Number | None:
            return values and Number(
                values["key"], values["value"], values["key"] and address_of(values["key"])
            )

        def figure(values) -> Figure:
            numbers = ("number", "whole", "stated", "lacking")
            return Figure(**values | {name: number(values[name]) for name in numbers})

        def table(values) -> FigureTable:
            rows = [
                FigureRow(**row | {"numbers": list(map(number, row["numbers"]))})
                for row in values["rows"]
            ]
            kept = {"rows": rows, "lacking": number(values["lacking"]), "address": ""}
            return FigureTable(**values | kept)

        parts = {
            "figures": list(map(figure, kept["figures"])),
            "table": kept["table"] and table(kept["table"]),
            "statements": [Statement(**values) for values in kept["statements"]],
        }
        return cls(**kept | parts)


def section(name: str, **parts) -> FigureSection:
    return FigureSection(name, str(SectionName(name).label), **parts)
