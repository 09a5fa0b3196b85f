"""The import of one sheet: rows find their record and are stored, or refused with reasons."""

import logging
from collections import defaultdict
from contextlib import nullcontext
from uuid import uuid4

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.errors import CheckViolation

from sscnet.changes.context import IMPORT_NUMBER
from sscnet.core.models import ImportBatch
from sscnet.core.parsing.sheet_rows import BadCell, is_blank

from .columns import is_dash
from .links import SOURCES, Plan
from .outcomes import ColumnChange, Draft, ImportOutcome, RowKind, RowOutcome
from .row_checks import RowChecks, refuse_without_permission
from .sheets import Sheet

logger = logging.getLogger(__name__)


class SheetImport:
    """One run over a sheet.

    A preview reads, compares and validates but writes nothing, so that not even a code is taken;
    the import proper writes each record with its own `save`, then all links together.
    """

    def __init__(self, resource, sheet: Sheet, *, is_preview: bool, file_name: str):
        self.resource, self.sheet, self.fields = resource, sheet, resource.fields
        self.is_preview, self.file_name = is_preview, file_name
        self.checks = RowChecks(resource.field_list.model, resource.fields)
        self.cells = dict(zip(sheet.numbers, sheet.rows, strict=True))
        self.plan, self.has_logged = Plan(), False
        self.source: dict = {}

    def run(self, batch: ImportBatch | None = None) -> ImportOutcome:
        """Import the rows; the history names the file and the batch."""
        result = ImportOutcome(str(batch.batch if batch else uuid4()))
        noted = {IMPORT_NUMBER: batch.pk} if batch else {}
        self.source = batch.source if batch and batch.source_name else {}
        context = pghistory.context(import_file=self.file_name, import_batch=result.batch, **noted)
        with nullcontext() if self.is_preview else context, self.transaction():
            self.import_rows(result)
        return result

    def transaction(self):
        return nullcontext() if self.is_preview else transaction.atomic()

    def import_rows(self, result: ImportOutcome) -> None:
        rows = self.sheet.by_column()
        self.load_records_of(rows)
        for number, cells in zip(self.sheet.numbers, rows, strict=True):
            row = RowOutcome(number, cells, label_of=self.resource.label_of)
            result.rows.append(row)
            try:
                with self.transaction():
                    self.import_row(row)
            except ValidationError as error:
                row.kind = RowKind.REFUSED
                if not row.refusals:
                    row.refuse("", error.messages)
            except Exception as error:
                row.kind = RowKind.REFUSED
                if not self.foresee(row, error):
                    result.error = error
                    return
        if not self.is_preview:
            self.plan.write()
            if waiting := [row.draft for row in result.rows if row.kind == RowKind.WAITS]:
                self.resource.waiting.propose(waiting, write_together, self.file_name)

    # -------------------------------------------------------------- records

    def load_records_of(self, rows: list[dict]) -> None:
        keys = [self.resource.keys_of(row) for row in rows]
        queryset = self.resource.get_queryset()
        if not self.is_preview:
            # The records stay as they are between the comparison and the writing.
            queryset = queryset.select_for_update(of=("self",))
        wanted = {key for some in keys for key in some}
        self.resource.records = self.resource.load_records(wanted, queryset)
        self.rivals = self.find_rivals(rows, keys)

    def find_rivals(self, rows, keys) -> dict[int, tuple[str, list[int]]]:
        """Return which rows are about the same record: row number to (column, the other rows)."""
        claims = defaultdict(set)
        columns = {}
        records = self.resource.records
        for number, row, row_keys in zip(self.sheet.numbers, rows, keys, strict=True):
            for column, value in self.resource.claims_of(row):
                columns[column, value] = column
                claims[column, value].add(number)
            for key in row_keys:
                if key in records:
                    columns.setdefault(("pk", records[key].pk), key[0])
                    claims["pk", records[key].pk].add(number)
        rivals = {}
        for claim, numbers in claims.items():
            for number in numbers if len(numbers) > 1 else ():
                rivals.setdefault(number, (columns[claim], sorted(numbers - {number})))
        return rivals

    # -------------------------------------------------------------- a row

    def import_row(self, row: RowOutcome) -> None:
        """Read, judge and store a row; raise ValidationError where it is refused."""
        self.read_row(row, self.instance_of(row))
        draft = row.draft
        # The same row again, as in a file of a row a country, says nothing else.
        is_rival = row.number in self.rivals and not self.is_said_again(row)
        if not (draft.is_new or row.changes or row.refusals or is_rival):
            row.kind = RowKind.SAME
            return
        waits = self.resource.waiting is not None and self.resource.waiting.take(draft)
        self.judge(row, is_stored=not (self.is_preview or waits))
        row.kind = RowKind.NEW if draft.is_new else RowKind.CHANGED
        if waits:
            row.kind = RowKind.WAITS
        elif not self.is_preview:
            self.write(row)

    def instance_of(self, row: RowOutcome):
        try:
            instance = self.resource.find(row.cells)
        except ValidationError as error:
            instance = None
            for column, messages in error.message_dict.items():
                row.refuse(column, messages)
        return instance or self.resource.field_list.model()

    def read_row(self, row: RowOutcome, instance) -> None:
        draft = row.draft = Draft(instance, self.resource.lists)
        given = self.resource.choose(row.cells, draft, dict(self.read_cells(row)))
        # A column of a list may move an entry out of another one.
        touched = {self.fields[name].links for name in given} - {None}
        watched = [
            name
            for name, column in self.fields.items()
            if name in given or (column.links in touched and not column.readonly)
        ]
        before = {name: self.fields[name].get(draft) for name in watched}
        for name, value in given.items():
            if not self.fields[name].same(before[name], value):
                self.fields[name].set(draft, value)
        refused = row.refused_columns()
        for name, message in self.resource.settle(draft):
            if name not in refused:
                row.refuse(name, [message])
        for name in watched:
            self.note_change(row, name, before[name])
        row.title = self.resource.title_of(draft)

    def read_cells(self, row: RowOutcome):
        for name, column in self.fields.items():
            cell = row.cells.get(name)
            if is_blank(cell) or not column.is_reported:
                continue
            try:
                if isinstance(cell, BadCell):
                    raise ValidationError(cell.cure)
                value = column.empty if is_dash(cell) else column.read(cell, row.draft)
            except ValidationError as error:
                row.refuse(name, error.messages)
                continue
            if not column.readonly:
                yield name, value
            elif not column.same(column.get(row.draft), value):
                text = _("The column %(column)s is not imported: its new value is ignored.")
                row.warnings.append(text % {"column": self.resource.label_of(name)})

    def note_change(self, row: RowOutcome, name: str, old) -> None:
        column = self.fields[name]
        new = column.get(row.draft)
        if not column.same(old, new):
            texts = [self.resource.cell_text(name, value, row.draft) for value in (old, new)]
            row.changes.append(ColumnChange(name, self.resource.label_of(name), *texts))

    def judge(self, row: RowOutcome, *, is_stored: bool) -> None:
        """Let the model judge, name each refusal by its column, and raise if there is one."""
        self.refuse_rivals(row)
        refuse_without_permission(
            row, may_add=self.resource.may_add, may_change=self.resource.may_change
        )
        self.checks.refuse_fields(row)
        if not is_stored:
            # Writing, the database judges by itself, with what saving fills in.
            self.checks.refuse_constraints(row)
        self.checks.refuse_links(row)
        if row.refusals:
            raise ValidationError([refusal.message for refusal in row.refusals])
        row.warnings += self.resource.warnings_of(row.draft)

    def is_said_again(self, row: RowOutcome) -> bool:
        _column, others = self.rivals[row.number]
        return all(self.cells[number] == self.cells[row.number] for number in others)

    def refuse_rivals(self, row: RowOutcome) -> None:
        if row.number in self.rivals:
            column, others = self.rivals[row.number]
            text = _("These rows are about the same record: %(rows)s. Keep one of them.")
            numbers = sorted([row.number, *others])
            row.refuse(column, [text % {"rows": ", ".join(map(str, numbers))}])

    def foresee(self, row: RowOutcome, error: Exception) -> bool:
        """Refuse the row for an error that costs the row only; others undo the whole import."""
        if isinstance(error.__cause__, CheckViolation):
            check = self.checks.constraints[error.__cause__.diag.constraint_name]
            self.checks.refuse_constraint(row, check)
        elif not row.is_written:
            if not self.has_logged:
                logger.error("row %s cannot be read", row.number, exc_info=error)
            self.has_logged = True
            text = _("The row cannot be read. Tell the operator of the portal which file it was.")
            row.refuse("", [text])
        return bool(row.refusals)

    def write(self, row: RowOutcome) -> None:
        row.is_written = True
        draft = row.draft
        own = {name for name, column in self.fields.items() if column.links is None}
        if draft.is_new or any(change.column in own for change in row.changes):
            draft.instance.save(force_insert=draft.is_new)
        if self.source and draft.lacks_source:
            draft.replace(SOURCES, [self.source])
        self.plan.take(draft)


def write_together(drafts: list[Draft]) -> None:
    plan = Plan()
    for draft in drafts:
        draft.instance.save()
        plan.take(draft)
    plan.write()
