"""The import of one sheet: rows find their record and are stored, or refused with reasons."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sscnet.changes.context import IMPORT_FILE, IMPORT_NUMBER
from sscnet.changes.trial import try_out
from sscnet.changes.versions import propose, waits_for_release
from sscnet.core.models import ImportBatch, ProposedVersion, PublicRecord
from sscnet.core.parsing.sheet_rows import BadCell, is_blank

from .columns import is_dash
from .links import SOURCES, Plan
from .outcomes import ColumnChange, Draft, RowChecks, RowKind, RowOutcome
from .sheets import Sheet, as_text

logger = logging.getLogger(__name__)


@dataclass
class SheetImport:
    """One run over a sheet. With its `batch` it can be undone.

    All rows are read, compared and judged before anything is written. A preview ends there, so that
    not even a code is taken; it asks the model's constraints, the import leaves them to the
    database. Where `keeps_known`, a public record that is there already changes by a version alone,
    whoever imports, and of those rows the `ticked` ones, by their number.
    """

    resource: Any
    sheet: Sheet
    file_name: str = ""
    batch: ImportBatch | None = None
    keeps_known: bool = False
    ticked: frozenset[int] = frozenset()

    def __post_init__(self):
        self.fields, self.checks = self.resource.fields, RowChecks(self.resource)
        self.has_logged = False

    def run(self, *, is_preview: bool) -> list[RowOutcome]:
        """Import the rows; the history names the file and the batch."""
        if is_preview:
            return self.look(is_preview=True)
        noted = {IMPORT_FILE: self.file_name}
        if self.batch:
            noted |= {"import_batch": str(self.batch.batch), IMPORT_NUMBER: self.batch.pk}
        with pghistory.context(**noted), transaction.atomic():
            rows = self.look(is_preview=False)
            self.store([row for row in rows if row.kind in (RowKind.NEW, RowKind.CHANGED)])
            waits = [row for row in rows if row.kind == RowKind.WAITS]
            self.propose([row for row in waits if self.is_taken(row)])
        return rows

    def is_taken(self, row: RowOutcome) -> bool:
        return not self.keeps_known or row.number in self.ticked

    def look(self, *, is_preview: bool) -> list[RowOutcome]:
        self.load_records(are_locked=not is_preview)
        return [self.judged(row, is_preview=is_preview) for row in self.sheet.rows]

    # -------------------------------------------------------------- records

    def load_records(self, *, are_locked: bool) -> None:
        keys = [self.resource.keys_of(row.cells) for row in self.sheet.rows]
        queryset = self.resource.get_queryset()
        if are_locked:
            # The records stay as they are between the comparison and the writing.
            queryset = queryset.select_for_update(of=("self",))
        wanted = {key for some in keys for key in some}
        self.resource.records = self.resource.load_records(wanted, queryset)
        self.rivals = self.find_rivals(keys)

    def find_rivals(self, keys) -> dict[int, tuple[str, list[int]]]:
        """Return which rows are of the same record: row number to (column, all their numbers)."""
        claims, columns = defaultdict(list), {}
        records = self.resource.records
        for row, row_keys in zip(self.sheet.rows, keys, strict=True):
            of_row = {claim: claim[0] for claim in self.resource.claims_of(row.cells)}
            for key in row_keys:
                if key in records:
                    of_row.setdefault(("pk", records[key].pk), key[0])
            for claim, column in of_row.items():
                columns.setdefault(claim, column)
                claims[claim].append(row)
        rivals = {}
        for claim, rows in claims.items():
            numbers = [row.number for row in rows]
            for number in numbers if len(rows) > 1 else ():
                rivals.setdefault(number, (columns[claim], numbers))
        return rivals

    # -------------------------------------------------------------- a row

    def judged(self, sheet_row, *, is_preview: bool) -> RowOutcome:
        """Read and judge a row. A fault of ours costs the row only."""
        row = RowOutcome(sheet_row.number, sheet_row.cells, label_of=self.resource.label_of)
        try:
            self.read_row(row, self.record_of(row))
            self.judge(row, is_preview=is_preview)
        except Exception as error:
            if not self.has_logged:
                logger.error("row %s cannot be read", row.number, exc_info=error)
            self.has_logged = True
            text = _("The row cannot be read. Tell the operator of the portal which file it was.")
            row.refuse("", [text])
        return row

    def record_of(self, row: RowOutcome):
        try:
            record = self.resource.find(row.cells)
        except ValidationError as error:
            record = None
            for column, messages in error.message_dict.items():
                row.refuse(column, messages)
        return record or self.resource.field_list.model()

    def read_row(self, row: RowOutcome, record) -> None:
        draft = row.draft = Draft(record, self.resource.lists)
        given = dict(self.read_cells(row))
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
            # The codes are English words.
            in_words = get_language() != settings.LANGUAGE_CODE
            write = column.words if in_words else column.cell
            texts = [as_text(write(value, row.draft)) for value in (old, new)]
            row.changes.append(ColumnChange(name, self.resource.label_of(name), *texts))

    def judge(self, row: RowOutcome, *, is_preview: bool) -> None:
        """Say what becomes of the row; a refusal names its column."""
        draft, is_rival = row.draft, row.number in self.rivals
        user, record = self.resource.user, draft.instance
        may_wait = user and not draft.is_new and isinstance(record, PublicRecord)
        waits = may_wait and (self.keeps_known or waits_for_release(user, record))
        if not (draft.is_new or row.changes or row.refusals or is_rival):
            row.kind = RowKind.SAME
            return
        if is_rival:
            column, numbers = self.rivals[row.number]
            text = _("These rows are about the same record: %(rows)s. Keep one of them.")
            row.refuse(column, [text % {"rows": ", ".join(map(str, numbers))}])
        self.checks.refuse(row, asks_constraints=is_preview or waits)
        if not row.refusals:
            row.warnings += self.resource.warnings_of(draft)
            row.kind = RowKind.NEW if draft.is_new else RowKind.CHANGED
            row.kind = RowKind.WAITS if waits else row.kind

    # -------------------------------------------------------------- writing

    def store(self, rows: list[RowOutcome]) -> None:
        """Write each record with its own `save`, then the links of all of them together."""
        plan = Plan()
        source = self.batch.source if self.batch and self.batch.source_name else None
        for row in rows:
            draft = row.draft
            own = (self.fields[change.column].links is None for change in row.changes)
            try:
                with transaction.atomic():
                    if draft.is_new or any(own):
                        draft.instance.save(force_insert=draft.is_new)
            except IntegrityError as error:
                self.checks.refuse_broken(row, error)
                continue
            if source and draft.lacks_source:
                draft.replace(SOURCES, [source])
            plan.take(draft)
        plan.write()

    def propose(self, rows: list[RowOutcome]) -> None:
        """Try out what these rows would change, take all of it back, and keep it as versions."""
        records = [row.draft.instance for row in rows]
        found = try_out(records, self.resource.parts, lambda: self.store(rows)) if rows else {}
        origin = {"origin": ProposedVersion.Origin.IMPORT, "file_name": self.file_name[:200]}
        for record in records:
            if changes := found[record.pk]:
                propose(record, changes, self.resource.user, **origin)
