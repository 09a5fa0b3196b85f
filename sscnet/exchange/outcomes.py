"""What becomes of a row that is imported: a draft, changes, and refusals by the wrong column."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import CheckConstraint, ForeignKey, Q
from django.utils.translation import gettext as _

from sscnet.core.parsing.sheet_rows import is_blank

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


# ------------------------------------------------------------------ may it be stored?


class RowChecks:
    """What a model demands of its records, said of the row of a file."""

    def __init__(self, resource):
        self.resource, self.fields = resource, resource.fields
        options = resource.field_list.model._meta
        # What the row points to was found in a list: no need to ask the database again.
        self.relations = [f.name for f in options.fields if isinstance(f, ForeignKey)]
        self.constraints = [c for c in options.constraints if isinstance(c, CheckConstraint)]
        self.columns = {column.attribute: name for name, column in reversed(self.fields.items())}

    def refuse(self, row: RowOutcome, *, asks_constraints: bool) -> None:
        draft = row.draft
        if draft.is_new and not self.resource.may_add:
            row.refuse("", [_("This would be a new record, and you may not add records.")])
        elif not draft.is_new and not self.resource.may_change(draft.instance):
            row.refuse("", [_("You may not change this record.")])
        self.refuse_fields(row)
        if asks_constraints:
            self.refuse_constraints(row)
        for links, entries in draft.changed_links.items():
            old = draft.old_entries(links)
            for entry in (entry for entry in entries if entry not in old):
                self.refuse_link(row, links, entry)

    def refuse_fields(self, row: RowOutcome) -> None:
        try:
            row.draft.instance.full_clean(
                exclude=self.relations, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                if attribute == NON_FIELD_ERRORS or attribute in self.columns:
                    row.refuse(self.columns.get(attribute, ""), messages)

    def refuse_constraints(self, row: RowOutcome) -> None:
        """Ask the model's checks, all in one query; one by one only if one of them is broken.

        A check whose fields the row leaves alone holds already, for a new record too: a draft with
        nothing in it can be saved.
        """
        columns = {change.column for change in row.changes}
        changed = {column.attribute for name, column in self.fields.items() if name in columns}
        checks = [c for c in self.constraints if changed & c.condition.referenced_base_fields]
        together = CheckConstraint(condition=Q(*(c.condition for c in checks)), name="together")
        if checks and is_broken(together, row.draft.instance):
            for check in checks:
                if is_broken(check, row.draft.instance):
                    self.refuse_constraint(row, check)

    def refuse_constraint(self, row: RowOutcome, check: CheckConstraint) -> None:
        names = [self.columns.get(name, "") for name in check.condition.referenced_base_fields]
        # A cell that could not be read left its old value behind: that is not what is wrong.
        if not row.refused_columns() & set(names):
            given = (name for name in names if not is_blank(row.cells.get(name)))
            row.refuse(min(given, default=min(names)), [check.get_violation_error_message()])

    def refuse_broken(self, row: RowOutcome, error: IntegrityError) -> None:
        """Refuse a row that the database refused by a check; another error undoes the import."""
        checks = {check.name: check for check in self.constraints}
        name = getattr(error.__cause__, "diag", None) and error.__cause__.diag.constraint_name
        if name not in checks:
            raise error
        row.kind = RowKind.REFUSED
        self.refuse_constraint(row, checks[name])

    def refuse_link(self, row: RowOutcome, links, entry: dict) -> None:
        of_links = ((name, c) for name, c in reversed(self.fields.items()) if c.links == links)
        columns = {c.attribute: name for name, c in of_links}
        try:
            links.clean(row.draft.instance, entry)
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                row.refuse(columns.get(attribute, next(reversed(columns.values()))), messages)


def is_broken(check, instance) -> bool:
    try:
        check.validate(type(instance), instance)
    except ValidationError:
        return True
    return False
