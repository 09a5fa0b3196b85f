"""The answer that is a table: its columns, the boxes of its rows, and rows out of a sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.forms.typed_fields import DayAsTypedField
from sscnet.core.i18n.numbers import read_number
from sscnet.exchange.sheets import as_text, read_sheet

MOST_COLUMNS, MOST_ROWS = 15, 100
FREE_ROWS = 3
LONGEST_CELL = 500
# What a line of the question says after the column's name, in either language.
KINDS = {"number": "number", "数字": "number", "date": "date", "日期": "date"}
KINDS |= {"choice": "choice", "选项": "choice"}
COLUMN = re.compile(r"(.+?)\s*[(（]({})\s*(?:[:：](.*))?[)）]".format("|".join(KINDS)))


@dataclass(frozen=True)
class TableColumn:
    name: str
    kind: str = "text"
    options: tuple[str, ...] = ()

    def field(self) -> forms.Field:
        """Return the field of a cell. Every cell may stay empty."""
        if self.kind == "number":
            return forms.DecimalField(required=False, max_digits=15, decimal_places=2)
        if self.kind == "date":
            return DayAsTypedField(widget=IsoDateInput)
        if self.kind == "choice":
            return forms.ChoiceField(required=False, choices=[("", "–"), *self.numbered()])
        return forms.CharField(required=False, max_length=LONGEST_CELL)

    def numbered(self) -> list[tuple[str, str]]:
        """Return the options by their numbers, which a cell keeps: they are in two languages."""
        return [(str(n), option) for n, option in enumerate(self.options, 1)]


def columns_of(lines: list[str]) -> list[TableColumn]:
    return [column_of(line) for line in lines]


def in_words(columns: list[TableColumn], row: list[str]) -> list[str]:
    """Return the cells of a row with the options in the page's language."""
    cells = zip(columns, row, strict=False)
    return [dict(column.numbered()).get(cell, cell) for column, cell in cells]


def column_of(line: str) -> TableColumn:
    match = COLUMN.fullmatch(line)
    if not match:
        return TableColumn(line)
    options = [one.strip() for one in re.split("[;；]", match[3] or "")]
    return TableColumn(match[1], KINDS[match[2]], tuple(filter(None, options)))


class SentRows(list):
    """The rows of boxes as they were sent, and the sheet that is to take their place."""

    sheet = None


class TableWidget(forms.Widget):
    """A row of boxes for each row and some free ones, and a file to fill them from."""

    template_name = "questions/table.html"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, columns: list[TableColumn]):
        super().__init__()
        self.columns = columns
        self.cells = [column.field() for column in columns]

    def value_from_datadict(self, data, files, name):
        rows = SentRows()
        rows.sheet = (files or {}).get(f"{name}-sheet")
        while len(rows) <= MOST_ROWS and f"{name}-{len(rows)}-0" in data:
            numbers = range(len(self.columns))
            rows.append([data.get(f"{name}-{len(rows)}-{n}", "") for n in numbers])
        return rows

    def value_omitted_from_data(self, data, files, name):
        return f"{name}-0-0" not in data and f"{name}-sheet" not in files

    def as_sent(self, name: str, rows: list[list[str]]) -> dict[str, str]:
        """Return the boxes of these rows as a browser sends them."""
        return {
            f"{name}-{n}-{place}": cell
            for n, row in enumerate(rows)
            for place, cell in enumerate(row)
        }

    def get_context(self, name, value, attrs):
        rows = value if isinstance(value, list) else []
        free = min(FREE_ROWS, MOST_ROWS - len(rows))
        shown = [*rows, *([""] * len(self.columns) for _row in range(free))]
        context = super().get_context(name, value, attrs)
        context["columns"] = self.columns
        context["rows"] = [list(self.boxes(f"{name}-{n}", row)) for n, row in enumerate(shown)]
        return context

    def boxes(self, name: str, row: list[str]) -> Iterator[tuple[str, str]]:
        """Return the boxes of a row, each with the name of its column."""
        for n, (column, field) in enumerate(zip(self.columns, self.cells, strict=True)):
            value = row[n] if n < len(row) else ""
            attrs = {"id": f"id_{name}-{n}", "aria-label": column.name}
            yield column.name, field.widget.render(f"{name}-{n}", value, attrs)


class TableField(forms.Field):
    """Rows of text, as the columns take them: numbers with a point, days as in 2026-11-29.

    Of a choice the number is kept. Rows without any text are left out. The boxes keep their rows
    until a sheet was read.
    """

    rows_of_sheet: list[list[str]] | None = None

    def __init__(self, *, columns: list[TableColumn], **options):
        self.columns = columns
        super().__init__(widget=TableWidget(columns), **options)

    def has_changed(self, initial, data):
        return bool(getattr(data, "sheet", None)) or self.typed(data) != (initial or [])

    def bound_data(self, data, initial):
        if self.rows_of_sheet is not None:
            return self.rows_of_sheet
        return data or initial if data.sheet else data

    def typed(self, rows: list[list[str]]) -> list[list[str]]:
        stripped = [[cell.strip() for cell in row] for row in rows]
        return [row for row in stripped if any(row)]

    def to_python(self, value) -> list[list[str]]:
        sheet = getattr(value, "sheet", None)
        rows = self.rows_of(sheet) if sheet else self.typed(value or [])
        if len(rows) > MOST_ROWS:
            raise ValidationError(_("At most %(most)d rows.") % {"most": MOST_ROWS})
        cells = [column.field() for column in self.columns]
        problems, cleaned = [], []
        for number, row in enumerate(rows, 1):
            cleaned.append([])
            for column, field, text in zip(self.columns, cells, row, strict=True):
                try:
                    cell = field.clean(text)
                except ValidationError as error:
                    words = {"row": number, "column": column.name, "problem": error.messages[0]}
                    problems.append(_("Row %(row)d, %(column)s: %(problem)s") % words)
                    cell = text
                cleaned[-1].append("" if cell is None else str(cell))
        if problems:
            raise ValidationError(problems)
        if sheet:
            self.rows_of_sheet = cleaned
        return cleaned

    def rows_of(self, file) -> list[list[str]]:
        """Read the rows of a sheet whose first row names columns of the table."""
        sheet = read_sheet(file.read(), [column.name for column in self.columns])
        rows = self.typed(
            [
                [self.cell_of(column, row.cells.get(column.name)) for column in self.columns]
                for row in sheet.rows
            ]
        )
        if not rows:
            raise ValidationError(_("No row of the sheet has anything in these columns."))
        return rows

    def cell_of(self, column: TableColumn, cell) -> str:
        text = as_text(cell).strip()
        if column.kind == "number" and (number := read_number(text)) is not None:
            return str(number)
        return {option: number for number, option in column.numbered()}.get(text, text)
