"""The import of one sheet: rows find their record and are stored, or refused with reasons."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, ForeignKey, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sscnet.changes.context import IMPORT_FILE, IMPORT_NUMBER
from sscnet.changes.trial import try_out
from sscnet.changes.versions import propose, waits_for_release
from sscnet.core.models import ImportBatch, ProposedVersion, PublicRecord
from sscnet.core.parsing.sheet_rows import BadCell, is_blank

from .columns import is_dash
from .links import SOURCES, write_links
from .outcomes import ColumnChange, Draft, RowKind, RowOutcome
from .sheets import Sheet, as_text

logger = logging.getLogger(__name__)


@dataclass
class SheetImport:
    """One run over a sheet. With its `batch` it can be undone.

    All rows are read, compared and judged before anything is written. A preview ends there, so that
    not even a code is taken.
    """

    resource: Any
    sheet: Sheet
    file_name: str = ""
    batch: ImportBatch | None = None

    def __post_init__(self):
        self.fields, self.has_logged = self.resource.fields, False
        options = self.resource.field_list.model._meta
        # What the row points to was found in a list: no need to ask the database again.
        self.relations = [f.name for f in options.fields if isinstance(f, ForeignKey)]
        self.constraints = [c for c in options.constraints if isinstance(c, CheckConstraint)]
        self.columns = {column.attribute: name for name, column in reversed(self.fields.items())}

    def run(self, *, is_preview: bool) -> list[RowOutcome]:
        """Import the rows; the history names the file and the batch."""
        if is_preview:
            return self.look(are_locked=False)
        noted = {IMPORT_FILE: self.file_name}
        if self.batch:
            noted |= {"import_batch": str(self.batch.batch), IMPORT_NUMBER: self.batch.pk}
        with pghistory.context(**noted), transaction.atomic():
            rows = self.look(are_locked=True)
            self.store([row for row in rows if row.kind in (RowKind.NEW, RowKind.CHANGED)])
            self.propose([row for row in rows if row.kind == RowKind.WAITS])
        return rows

    # -------------------------------------------------------------- records

    def look(self, *, are_locked: bool) -> list[RowOutcome]:
        """Find the record of each row, and judge the rows."""
        keys = [self.resource.keys_of(row.cells) for row in self.sheet.rows]
        queryset = self.resource.get_queryset()
        if are_locked:
            # The records stay as they are between the comparison and the writing.
            queryset = queryset.select_for_update(of=("self",))
        wanted = {key for some in keys for key in some}
        self.resource.records = self.resource.load_records(wanted, queryset)
        self.rivals = self.find_rivals(keys)
        return [self.judged(row) for row in self.sheet.rows]

    def find_rivals(self, keys) -> dict[int, tuple[str, list[int]]]:
        """Return which rows are of the same record: row number to (column, all their numbers)."""
        claims, rivals = defaultdict(dict), {}
        records = self.resource.records
        for row, row_keys in zip(self.sheet.rows, keys, strict=True):
            for claim in self.resource.claims_of(row.cells):
                claims[claim].setdefault(row.number, claim[0])
            for key in row_keys:
                if key in records:
                    claims["pk", records[key].pk].setdefault(row.number, key[0])
        for rows in claims.values():
            for number, column in rows.items() if len(rows) > 1 else ():
                rivals.setdefault(number, (column, list(rows)))
        return rivals

    # -------------------------------------------------------------- a row

    def judged(self, sheet_row) -> RowOutcome:
        """Read and judge a row. A fault of ours costs the row only."""
        row = RowOutcome(sheet_row.number, sheet_row.cells, label_of=self.resource.label_of)
        try:
            self.read_row(row, self.record_of(row))
            self.judge(row)
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
        # The codes are English words.
        in_words = get_language() != settings.LANGUAGE_CODE
        draft = row.draft = Draft(record, self.resource.lists, in_words=in_words)
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
            texts = [as_text(column.cell(value, row.draft)) for value in (old, new)]
            row.changes.append(ColumnChange(name, self.resource.label_of(name), *texts))

    def judge(self, row: RowOutcome) -> None:
        """Say what becomes of the row; a refusal names its column."""
        draft, is_rival = row.draft, row.number in self.rivals
        user, record = self.resource.user, draft.instance
        may_wait = user and not draft.is_new and isinstance(record, PublicRecord)
        waits = may_wait and waits_for_release(user, record)
        if not (draft.is_new or row.changes or row.refusals or is_rival):
            row.kind = RowKind.SAME
            return
        if is_rival:
            column, numbers = self.rivals[row.number]
            text = _("These rows are about the same record: %(rows)s. Keep one of them.")
            row.refuse(column, [text % {"rows": ", ".join(map(str, numbers))}])
        self.refuse(row)
        if not row.refusals:
            row.warnings += self.resource.warnings_of(draft)
            row.kind = RowKind.NEW if draft.is_new else RowKind.CHANGED
            row.kind = RowKind.WAITS if waits else row.kind

    def refuse(self, row: RowOutcome) -> None:
        """Refuse what the model does not accept, named by the column that is wrong."""
        draft = row.draft
        if draft.is_new and not self.resource.may_add:
            row.refuse("", [_("This would be a new record, and you may not add records.")])
        elif not draft.is_new and not self.resource.may_change(draft.instance):
            row.refuse("", [_("You may not change this record.")])
        self.refuse_fields(row)
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

    def refuse_link(self, row: RowOutcome, links, entry: dict) -> None:
        of_links = ((name, c) for name, c in reversed(self.fields.items()) if c.links == links)
        columns = {c.attribute: name for name, c in of_links}
        try:
            links.clean(row.draft.instance, entry)
        except ValidationError as error:
            for attribute, messages in error.message_dict.items():
                row.refuse(columns.get(attribute, next(reversed(columns.values()))), messages)

    # -------------------------------------------------------------- writing

    def store(self, rows: list[RowOutcome]) -> None:
        """Write each record with its own `save`, then the links of all of them together."""
        source = self.batch.source if self.batch and self.batch.source_name else None
        for row in rows:
            draft = row.draft
            own = (self.fields[change.column].links is None for change in row.changes)
            if draft.is_new or any(own):
                draft.instance.save(force_insert=draft.is_new)
            if source and draft.lacks_source:
                draft.replace(SOURCES, [source])
        write_links(row.draft for row in rows)

    def propose(self, rows: list[RowOutcome]) -> None:
        """Try out what these rows would change, take all of it back, and keep it as versions."""
        records = [row.draft.instance for row in rows]
        found = try_out(records, self.resource.parts, lambda: self.store(rows)) if rows else {}
        origin = {"origin": ProposedVersion.Origin.IMPORT, "file_name": self.file_name[:200]}
        for record in records:
            if changes := found[record.pk]:
                propose(record, changes, self.resource.user, **origin)


def is_broken(check, instance) -> bool:
    try:
        check.validate(type(instance), instance)
    except ValidationError:
        return True
    return False
