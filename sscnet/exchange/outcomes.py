"""What becomes of a file that is imported: of each row a draft, changes and refusals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from .links import SOURCES, Links
from .sheets import as_text


class Draft:
    """A record as a row would leave it. Nothing of it is written before the file is confirmed."""

    def __init__(self, instance, lists):
        self.instance, self.lists = instance, lists
        self.model, self.is_new = type(instance), instance._state.adding
        self.changed_links: dict[Links, list[dict]] = {}
        self.rows: dict[Links, list] = {}
        # What several columns say together, until `settle` has all of it.
        self.wishes: dict[str, object] = {}

    def entries(self, links: Links) -> list[dict]:
        changed = self.changed_links.get(links)
        return self.old_entries(links) if changed is None else changed

    def old_entries(self, links: Links) -> list[dict]:
        if links not in self.rows:
            stored = () if self.is_new else getattr(self.instance, links.accessor).all()
            self.rows[links] = list(stored)
        return [links.entry(row) for row in self.rows[links]]

    @property
    def lacks_source(self) -> bool:
        """Return whether it is a new record whose row names no source."""
        return self.is_new and not self.entries(SOURCES)

    def replace(self, links: Links, entries: list[dict]) -> None:
        self.changed_links[links] = entries


@dataclass
class ColumnChange:
    column: str
    label: str
    old: str
    new: str


@dataclass
class Refusal:
    """Why a row is refused: the column ("" when it is the row as a whole), its value, the cure."""

    column: str
    value: str
    message: str
    label: str = ""


class RowKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    # Changed, but kept as a version until somebody releases it.
    WAITS = "waits"
    SAME = "same"
    REFUSED = "refused"


@dataclass
class RowOutcome:
    """A row of the file, by its columns, and what it comes to."""

    number: int
    cells: dict
    kind: RowKind = RowKind.REFUSED
    title: str = ""
    draft: Draft | None = None
    changes: list[ColumnChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # What the officer's language calls a column.
    label_of: Callable[[str], str] = str

    def refuse(self, column: str, messages: Iterable[str]) -> None:
        value, label = as_text(self.cells.get(column)), self.label_of(column)
        self.refusals += [Refusal(column, value, str(message), label) for message in messages]

    def refused_columns(self) -> set[str]:
        return {refusal.column for refusal in self.refusals}
