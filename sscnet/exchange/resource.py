"""Records from and to files: their columns, and how rows find their record."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language

from sscnet.changes.parts import Part

from .codes import CodeLists
from .columns import FieldColumn, line
from .fields import LANGUAGES, FieldList
from .importing import SheetImport
from .outcomes import Draft, RowOutcome
from .sheets import Sheet

AT_ONCE = 1000


class RecordResource:
    """Records in files, named by some of their columns, the `key`; of code lists, pages and so on.

    A subclass names its fields, and finds records by more than that. While a sheet is imported,
    `records` are those of its keys.
    """

    field_list: FieldList
    key: tuple[str, ...]
    # Links of which columns that are only shown tell something.
    shown_links: tuple[str, ...] = ()

    def __init__(
        self,
        field_list: FieldList | None = None,
        *key: str,
        may_add=True,
        may_change=lambda record: True,
        user=None,
        parts: list[Part] = (),
    ):
        """What this `user` changes of public records may have to wait: `parts` are those kept."""
        if field_list:
            self.field_list, self.key = field_list, key
        self.fields = self.field_list.columns()
        self.may_add, self.may_change, self.user, self.parts = may_add, may_change, user, parts
        self.records: dict = {}
        self.lists = CodeLists()

    # -------------------------------------------------------------- what subclasses may say

    def keys_of(self, row: dict) -> list[tuple[str, str]]:
        """List (column, key) by which the row may find its record."""
        key = " ".join(line(row.get(name)) for name in self.key)
        return [(self.key[0], key)] if key else []

    def load_records(self, keys: set[tuple[str, str]], queryset) -> dict:
        """Load the records of these keys, in a number of queries that does not depend on them."""
        attributes = [self.fields[name].attribute for name in self.key]
        return {
            (self.key[0], " ".join(str(getattr(record, name)) for name in attributes)): record
            for record in queryset
        }

    def find(self, row: dict):
        """Return the row's record or None; raise ValidationError when it is ambiguous."""
        return next((self.records[key] for key in self.keys_of(row) if key in self.records), None)

    def claims_of(self, row: dict) -> list[tuple[str, str]]:
        """List what two rows of one file must not share."""
        return self.keys_of(row)

    def settle(self, draft: Draft):
        """Bring together what several columns say; yield (column, message) for what cannot be."""
        return ()

    def title_of(self, draft: Draft) -> str:
        return str(draft.instance)

    def warnings_of(self, draft: Draft) -> list[str]:
        return []

    # -------------------------------------------------------------- columns

    def for_exchange(self, queryset):
        """Load with the records the links that their columns show."""
        links = {column.links.accessor for column in self.fields.values() if column.links}
        queryset = queryset.select_related(None).prefetch_related(None)
        return queryset.prefetch_related(*links, *self.shown_links)

    def public_columns(self) -> list[FieldColumn]:
        return [column for column in self.fields.values() if column.is_public]

    def readers_columns(self) -> list[FieldColumn]:
        """List the columns of the sheet for readers, in their language."""
        ends = {language: end for end, language in LANGUAGES.items()}
        end = ends.get(get_language(), "en")
        return [self.fields[name.format(end)] for name in self.field_list.sheet]

    def get_queryset(self):
        return self.for_exchange(self.field_list.model._default_manager.all())

    def label_of(self, name: str) -> str:
        return capfirst(str(self.fields[name].label)) if name in self.fields else ""

    # -------------------------------------------------------------- export

    def table(self, *, for_readers=False) -> tuple[list[str], Callable[[Any], list]]:
        """Return the headings of a public file, and the function that makes a row of a record.

        Machines read names of columns and codes, people labels and names in their language.
        """
        columns = self.readers_columns() if for_readers else self.public_columns()
        names = [column.column_name for column in columns]
        headings = [self.label_of(name) for name in names] if for_readers else names
        return headings, partial(self.row, columns, for_readers=for_readers)

    def row(self, columns: Iterable[FieldColumn], record, *, for_readers=False) -> list:
        """Return a record as a row that the import reads again."""
        draft = Draft(record, self.lists)
        return [
            (column.words if for_readers else column.cell)(column.get(draft), draft)
            for column in columns
        ]

    def export(self, queryset) -> list[list]:
        """Return rows of all columns, for officers."""
        records = self.for_exchange(queryset).iterator(chunk_size=AT_ONCE)
        return [self.row(self.fields.values(), record) for record in records]

    # -------------------------------------------------------------- import

    def import_data(self, sheet: Sheet, *, dry_run=False, **options) -> list[RowOutcome]:
        """Import a sheet, or only say what it would do (`dry_run`)."""
        return SheetImport(self, sheet, **options).run(is_preview=dry_run)
