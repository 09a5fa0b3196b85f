"""Sections of figures: plain values, as pages and files show them and a report keeps them."""

from dataclasses import dataclass, field
from typing import Any, Self

from .figure import Figure, Number

MOST_DRAWN = 8
# The longest bar that stands, one that lies, and the shortest, which is still visible.
TALLEST, LONGEST, LEAST = 60, 255, 3
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
    def is_by_year(self) -> bool:
        """Return whether its bars stand side by side, and do not lie one below the other."""
        return self.name == "year"

    @property
    def drawn(self) -> list[Figure]:
        return self.rows[-MOST_YEARS:] if self.is_by_year else self.rows[:MOST_DRAWN]

    @property
    def bars(self) -> list[tuple[Figure, int]]:
        """Return what is drawn of the first column, each with the length of its bar."""
        longest = TALLEST if self.is_by_year else LONGEST
        values = [figure.number.value for figure in self.drawn]
        most = max(values, default=0) or 1
        lengths = [max(LEAST, longest * value // most) if value else 0 for value in values]
        return list(zip(self.drawn, lengths, strict=True))


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
