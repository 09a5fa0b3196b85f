"""Sections of figures: plain values, as pages and files show them and a report keeps them."""

from dataclasses import dataclass, field
from typing import Any, Self

from .charts import Chart, horizontal_bars, vertical_bars
from .figure import Figure, Number

MOST_DRAWN = 8
# So many years can be read beside each other on a phone.
MOST_YEARS = 12
IN_SIGHT = 15


@dataclass(frozen=True)
class FigureTable:
    """Figures divided; `address` opens the page of all where a page shows the first `most`."""

    name: str
    heading: str
    columns: list[str]
    rows: list[Figure]
    lacking: Number | None = None
    address: str = ""
    most: int = IN_SIGHT
    total: Figure | None = None

    @property
    def in_sight(self) -> list[Figure]:
        return self.rows[: self.most] if self.address else self.rows

    @property
    def hidden(self) -> int:
        return len(self.rows) - len(self.in_sight)

    @property
    def drawn(self) -> list[Figure]:
        return self.rows[-MOST_YEARS:] if self.name == "year" else self.rows[:MOST_DRAWN]

    @property
    def chart(self) -> Chart:
        """Draw the first column: years side by side, other values one below the other."""
        return (vertical_bars if self.name == "year" else horizontal_bars)(self.drawn)


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
    # What each project is about: title, countries, summary, picture (its file) and alt.
    records: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of_plain(cls, kept: dict[str, Any], address_of) -> Self:
        """Read what a report keeps; `address_of` gives the address of the list of a key."""

        def number(values) -> Number | None:
            key = values and values["key"]
            return values and Number(**values | {"address": key and address_of(key)})

        def figure(values) -> Figure:
            missing = {name: number(values[name]) for name in ("whole", "stated", "lacking")}
            return Figure(**values | missing | {"numbers": list(map(number, values["numbers"]))})

        table = kept["table"] and FigureTable(
            **kept["table"]
            | {
                "rows": list(map(figure, kept["table"]["rows"])),
                "lacking": number(kept["table"]["lacking"]),
                "address": "",
            }
        )
        figures = list(map(figure, kept["figures"]))
        statements = [Statement(**values) for values in kept["statements"]]
        return cls(**kept | {"figures": figures, "table": table, "statements": statements})
