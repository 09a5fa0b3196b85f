"""Records from and to files: how rows find their record, what they change, why some are refused."""

import logging
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import uuid4

import pghistory
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, ForeignKey, Q
from django.utils.translation import gettext as _
from psycopg.errors import CheckViolation

from ..core.history import IMPORT_NUMBER
from ..core.sheet_rows import BadCell, is_blank
from .columns import is_dash, line
from .fields import FieldList
from .links import Links, Plan
from .sheets import Sheet, as_text

logger = logging.getLogger(__name__)

AT_ONCE = 1000


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
        if links in self.changed_links:
            return self.changed_links[links]
        return self.old_entries(links)

    def old_entries(self, links: Links) -> list[dict]:
        if links not in self.rows:
            stored = () if self.is_new else getattr(self.instance, links.accessor).all()
            self.rows[links] = list(stored)
        return [links.entry(row) for row in self.rows[links]]

    def replace(self, links: Links, entries: list[dict]) -> None:
        self.changed_links[links] = entries

    def plan(self) -> Plan:
        plan = Plan()
        for links, entries in self.changed_links.items():
            plan.add(links.plan(self.instance, self.rows.get(links, []), entries))
        return plan


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


class RowKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    # Changed, but kept as a version until somebody releases it.
    WAITS = "waits"
    SAME = "same"
    REFUSED = "refused"


@dataclass
class RowOutcome:
    """What a row of the file comes to."""

    number: int
    kind: RowKind = RowKind.REFUSED
    title: str = ""
    draft: Draft | None = None
    changes: list[ColumnChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_written: bool = False


@dataclass
class ImportOutcome:
    """What became of a file. With an `error` nothing of it may stay written."""

    batch: str
    rows: list[RowOutcome] = field(default_factory=list)
    error: Exception | None = None


@dataclass
class ExportedTable:
    headers: list[str]
    rows: list[list]


class RecordResource:
    """What resources of public records share. A subclass names its fields and finds records.

    A preview (`dry_run`) reads, compares and validates but writes nothing, so that not even a code
    is taken; the import proper writes each record with its own `save`, then all links together.
    """

    field_list: FieldList

    def __init__(self, *, may_add=True, may_change=lambda instance: True, waiting=None):
        self.fields = self.field_list.import_columns()
        self.may_add, self.may_change, self.waiting = may_add, may_change, waiting
        self.labels: dict[str, str] = {}
        self.joined_checks: dict[tuple[str, ...], CheckConstraint] = {}

    # -------------------------------------------------------------- what subclasses say

    def load_lists(self) -> dict:
        """Load the code lists that columns name, besides those of choices."""
        raise NotImplementedError

    def keys_of(self, row: dict) -> list[tuple[str, str]]:
        """List (column, key) by which the row may find its record."""
        raise NotImplementedError

    def load_records(self, keys: set[tuple[str, str]], queryset) -> dict:
        """Load the records of these keys, in a number of queries that does not depend on them."""
        raise NotImplementedError

    def find(self, row: dict):
        """Return the row's record or None; raise ValidationError when it is ambiguous."""
        raise NotImplementedError

    def claims_of(self, row: dict) -> list[tuple[str, str]]:
        """List what two rows of one file must not share."""
        return self.keys_of(row)

    def choose(self, row: dict, draft: Draft, given: dict) -> dict:
        """Return those of the cells that are to be stored."""
        return given

    def file_key(self, row: dict) -> str:
        """Return what names the row among those of its file."""
        keys = self.keys_of(row)
        return keys[0][1] if keys else ""

    def settle(self, draft: Draft):
        """Bring together what several columns say; yield (column, message) for what cannot be."""
        return ()

    def title_of(self, draft: Draft) -> str:
        raise NotImplementedError

    def warnings_of(self, draft: Draft) -> list[str]:
        return []

    # -------------------------------------------------------------- columns

    @cached_property
    def lists(self) -> dict:
        return self.field_list.code_lists() | self.load_lists()

    def for_exchange(self, queryset):
        """Load with the records the links that their columns show, and nothing else."""
        links = {column.links.accessor for column in self.fields.values() if column.links}
        return queryset.select_related(None).prefetch_related(None).prefetch_related(*links)

    def get_queryset(self):
        return self.for_exchange(self.field_list.model._default_manager.all())

    def label_of(self, name: str) -> str:
        if name not in self.labels:
            self.labels[name] = str(self.fields[name].label(self.field_list.model))
        return self.labels[name]

    def cell_text(self, name: str, value, draft: Draft) -> str:
        return as_text(self.fields[name].cell(value, draft))

    # -------------------------------------------------------------- export

    def export(self, queryset) -> ExportedTable:
        """Return the records as rows that the import reads again."""
        records = self.for_exchange(queryset).iterator(chunk_size=AT_ONCE)
        return ExportedTable(list(self.fields), [self.export_row(record) for record in records])

    def export_row(self, instance) -> list:
        draft = Draft(instance, self.lists)
        return [column.cell(column.get(draft), draft) for column in self.fields.values()]

    # -------------------------------------------------------------- import: the file

    def import_data(self, sheet: Sheet, *, dry_run=False, file_name="", batch=None, number=None):
        """Import a sheet; return its `ImportOutcome`. The history names the file and the batch.

        `number` is that of its `ImportBatch`, if it has one and can be undone.
        """
        self.sheet, self.is_preview, self.plan = sheet, dry_run, Plan()
        self.file_name = file_name
        self.has_logged = False
        result = ImportOutcome(str(batch or uuid4()))
        noted = {IMPORT_NUMBER: number} if number else {}
        context = pghistory.context(import_file=file_name, import_batch=result.batch, **noted)
        with nullcontext() if dry_run else context, self.transaction():
            self.import_rows(result)
        return result

    def transaction(self):
        return nullcontext() if self.is_preview else transaction.atomic()

    def import_rows(self, result: ImportOutcome) -> None:
        rows = [dict(zip(self.sheet.headers, row, strict=True)) for row in self.sheet]
        self.load_records_of(rows)
        for number, row in zip(self.sheet.numbers, rows, strict=True):
            self.outcome = RowOutcome(number)
            result.rows.append(self.outcome)
            try:
                with self.transaction():
                    self.import_row(row)
            except ValidationError as error:
                self.outcome.kind = RowKind.REFUSED
                if not self.outcome.refusals:
                    self.refuse("", None, error.messages)
            except Exception as error:
                if not self.foresee(error):
                    result.error = error
                    return
                self.outcome.kind = RowKind.REFUSED
        if not self.is_preview:
            self.plan.write()
            if waiting := [row.draft for row in result.rows if row.kind == RowKind.WAITS]:
                self.waiting.propose(waiting, self.write_together, self.file_name)

    def load_records_of(self, rows: list[dict]) -> None:
        keys = [self.keys_of(row) for row in rows]
        queryset = self.get_queryset()
        if not self.is_preview:
            # The records stay as they are between the comparison and the writing.
            queryset = queryset.select_for_update(of=("self",))
        self.records = self.load_records({key for some in keys for key in some}, queryset)
        self.rivals = self.find_rivals(rows, keys)

    def find_rivals(self, rows, keys) -> dict[int, tuple[str, list[int]]]:
        """Return which rows are about the same record: row number to (column, the other rows)."""
        claims = defaultdict(set)
        columns = {}
        for number, row, row_keys in zip(self.sheet.numbers, rows, keys, strict=True):
            for column, value in self.claims_of(row):
                columns[column, value] = column
                claims[column, value].add(number)
            for key in row_keys:
                if key in self.records:
                    columns.setdefault(("pk", self.records[key].pk), key[0])
                    claims["pk", self.records[key].pk].add(number)
        rivals = {}
        for claim, numbers in claims.items():
            for number in numbers if len(numbers) > 1 else ():
                rivals.setdefault(number, (columns[claim], sorted(numbers - {number})))
        return rivals

    # -------------------------------------------------------------- import: a row

    def import_row(self, row: dict) -> None:
        """Read, judge and store a row; raise ValidationError where it is refused."""
        instance = self.instance_of(row)
        self.read_row(instance, row)
        draft, outcome = self.outcome.draft, self.outcome
        is_rival = outcome.number in self.rivals
        if not (draft.is_new or outcome.changes or outcome.refusals or is_rival):
            outcome.kind = RowKind.SAME
            return
        self.judge(draft)
        outcome.kind = RowKind.NEW if draft.is_new else RowKind.CHANGED
        if self.is_to_wait(draft):
            outcome.kind = RowKind.WAITS
        elif not self.is_preview:
            self.write(draft)

    def foresee(self, error) -> bool:
        """Refuse the row for an error that costs the row only; others undo the whole import."""
        if isinstance(error.__cause__, CheckViolation):
            broken = error.__cause__.diag.constraint_name
            self.refuse_check(next(check for check in self.checks if check.name == broken))
        elif not self.outcome.is_written:
            if not self.has_logged:
                logger.error("row %s cannot be read", self.outcome.number, exc_info=error)
            self.has_logged = True
            text = _("The row cannot be read. Tell the operator of the portal which file it was.")
            self.refuse("", None, [text])
        return bool(self.outcome.refusals)

    def instance_of(self, row):
        try:
            instance = self.find(row)
        except ValidationError as error:
            instance = None
            for column, messages in error.message_dict.items():
                self.refuse(column, row.get(column), messages)
        return instance or self.field_list.model()

    def read_row(self, instance, row):
        draft = self.outcome.draft = Draft(instance, self.lists)
        given = self.choose(row, draft, dict(self.read_cells(row, draft)))
        # A column of a list may move an entry out of another one.
        touched = {self.fields[name].links for name in given} - {None}
        watched = {
            name for name, column in self.fields.items() if name in given or column.links in touched
        }
        before = {name: self.fields[name].get(draft) for name in watched}
        for name, value in given.items():
            if not self.fields[name].same(before[name], value):
                self.fields[name].set(draft, value)
        for name, message in self.settle(draft):
            self.refuse(name, row.get(name), [message])
        for name in self.fields:
            if name in watched:
                self.note_change(name, before[name], draft)
        self.outcome.title = self.title_of(draft)

    def read_cells(self, row, draft):
        for name, column in self.fields.items():
            cell = row.get(name)
            if is_blank(cell):
                continue
            try:
                if isinstance(cell, BadCell):
                    raise ValidationError(cell.cure)
                value = column.empty if is_dash(cell) else column.read(cell, draft)
            except ValidationError as error:
                self.refuse(name, cell, error.messages)
                continue
            if not column.readonly:
                yield name, value
            elif not column.same(column.get(draft), value):
                self.note_readonly(name, draft)

    def note_readonly(self, name, draft):
        text = _("The column %(column)s is not imported: its new value is ignored.")
        self.outcome.warnings.append(text % {"column": name})

    def note_change(self, name, old, draft):
        column = self.fields[name]
        new = column.get(draft)
        if not column.same(old, new):
            texts = self.cell_text(name, old, draft), self.cell_text(name, new, draft)
            self.outcome.changes.append(ColumnChange(name, self.label_of(name), *texts))

    def refuse(self, column, cell, messages):
        value = "" if cell is None else as_text(cell)
        self.outcome.refusals += [Refusal(column, value, str(message)) for message in messages]

    def is_refused(self, column) -> bool:
        return any(refusal.column == column for refusal in self.outcome.refusals)

    def judge(self, draft):
        """Let the model judge, name each refusal by its column, and raise if there is one."""
        self.refuse_rivals()
        self.refuse_without_permission(draft)
        self.refuse_broken_fields(draft)
        if self.is_preview or self.is_to_wait(draft):
            # Writing, the database judges by itself.
            self.refuse_broken_checks(draft.instance)
        self.refuse_broken_links(draft)
        if self.outcome.refusals:
            raise ValidationError([refusal.message for refusal in self.outcome.refusals])
        self.outcome.warnings += self.warnings_of(draft)

    def refuse_rivals(self):
        if self.outcome.number in self.rivals:
            column, others = self.rivals[self.outcome.number]
            text = _("These rows are about the same record: %(rows)s. Keep one of them.")
            numbers = sorted([self.outcome.number, *others])
            message = text % {"rows": ", ".join(map(str, numbers))}
            self.refuse(column, self.raw_cell(column), [message])

    def raw_cell(self, column):
        row = self.sheet.rows[self.sheet.numbers.index(self.outcome.number)]
        return dict(zip(self.sheet.headers, row, strict=True)).get(column)

    def refuse_without_permission(self, draft):
        if draft.is_new and not self.may_add:
            self.refuse("", None, [_("This would be a new record, and you may not add records.")])
        elif not draft.is_new and not self.may_change(draft.instance):
            self.refuse("", None, [_("You may not change this record.")])

    def refuse_broken_fields(self, draft):
        # What the row points to was found in a list: no need to ask the database again.
        relations = [f.name for f in draft.model._meta.fields if isinstance(f, ForeignKey)]
        try:
            draft.instance.full_clean(
                exclude=relations, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            by_attribute = {c.attribute: name for name, c in reversed(self.fields.items())}
            for attribute, messages in error.message_dict.items():
                column = by_attribute.get(attribute, "")
                if attribute == NON_FIELD_ERRORS or column:
                    self.refuse(column, self.raw_cell(column), messages)

    def refuse_broken_checks(self, instance):
        """Ask the model's checks, all in one query; one by one only if one of them is broken.

        A check whose fields the row leaves alone holds already, for a new record too: a draft with
        nothing in it can be saved.
        """
        changed = {self.fields[change.column].attribute for change in self.outcome.changes}
        checks = [c for c in self.checks if changed & c.condition.referenced_base_fields]
        if checks and is_broken(self.together(checks), instance):
            for check in checks:
                if is_broken(check, instance):
                    self.refuse_check(check)

    @cached_property
    def checks(self) -> list[CheckConstraint]:
        constraints = self.field_list.model._meta.constraints
        return [c for c in constraints if isinstance(c, CheckConstraint)]

    def together(self, checks) -> CheckConstraint:
        """Make one check of several; kept, because it is dear to make."""
        names = tuple(check.name for check in checks)
        if names not in self.joined_checks:
            condition = Q(*(check.condition for check in checks))
            self.joined_checks[names] = CheckConstraint(condition=condition, name="together")
        return self.joined_checks[names]

    def refuse_check(self, check):
        columns = {column.attribute: name for name, column in self.fields.items()}
        names = [columns.get(name, "") for name in check.condition.referenced_base_fields]
        # A cell that could not be read left its old value behind: that is not what is wrong.
        if not any(self.is_refused(name) for name in names):
            column = min((n for n in names if self.is_given(n)), default=min(names))
            self.refuse(column, self.raw_cell(column), [check.get_violation_error_message()])

    def is_given(self, column) -> bool:
        return not is_blank(self.raw_cell(column))

    def refuse_broken_links(self, draft):
        for links, entries in draft.changed_links.items():
            old = draft.old_entries(links)
            for entry in entries:
                if entry not in old:
                    self.refuse_broken_link(links, draft.instance, entry)

    def refuse_broken_link(self, links, instance, entry):
        columns = {name: c.attribute for name, c in self.fields.items() if c.links == links}
        try:
            links.clean(instance, entry)
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                named = (name for name, own in columns.items() if own == attribute)
                column = next(named, next(iter(columns)))
                self.refuse(column, self.raw_cell(column), messages)

    def write(self, draft):
        self.outcome.is_written = True
        is_new = draft.is_new
        own = {name for name, column in self.fields.items() if column.links is None}
        if is_new or any(change.column in own for change in self.outcome.changes):
            draft.instance.save(force_insert=is_new)
        self.plan.add(draft.plan())

    def is_to_wait(self, draft) -> bool:
        return self.waiting is not None and self.waiting.take(draft)

    def write_together(self, drafts) -> None:
        plan = Plan()
        for draft in drafts:
            draft.instance.save()
            plan.add(draft.plan())
        plan.write()


class KeyedResource(RecordResource):
    """Records that some of their columns name: a code list, a statement of a date, a page."""

    def __init__(self, field_list: FieldList, *key: str, lists=dict, **kwargs):
        self.field_list, self.key, self.make_lists = field_list, key, lists
        super().__init__(**kwargs)

    def load_lists(self):
        return self.make_lists()

    def keys_of(self, row):
        return [(self.key[0], " ".join(line(row.get(name)) for name in self.key))]

    def load_records(self, keys, queryset):
        attributes = [self.fields[name].attribute for name in self.key]
        return {
            (self.key[0], " ".join(str(getattr(record, name)) for name in attributes)): record
            for record in queryset
        }

    def find(self, row):
        return self.records.get(self.keys_of(row)[0])

    def title_of(self, draft):
        return str(draft.instance)


def is_broken(check, instance) -> bool:
    try:
        check.validate(type(instance), instance)
    except ValidationError:
        return True
    return False
