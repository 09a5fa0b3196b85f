"""Excel sheets to take away: dates as dates, numbers as numbers, a header that stays in view."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from sscnet.core.i18n.texts import line_width
from sscnet.core.parsing.sheet_rows import BadCell

from ..sheets import neutral

LONGEST_CELL = 32_767
NARROWEST, WIDEST = 10, 60
HEADER_FONT = Font(bold=True)
HEADER_FILL = PatternFill("solid", fgColor="DDE6EE")
TOP = Alignment(vertical="top", wrap_text=True)


@dataclass
class WorkbookSheet:
    """One sheet of a workbook."""

    title: str
    headers: list[str]
    rows: list[list]


def write_xlsx(*tables: WorkbookSheet, safe=neutral) -> bytes:
    book = Workbook(write_only=True)
    for table in tables:
        add_sheet(book, table, safe)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def add_sheet(book: Workbook, table: WorkbookSheet, safe) -> None:
    sheet = book.create_sheet(table.title[:31])
    sheet.freeze_panes = "B2"
    for n, width in enumerate(widths(table), 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.append([header_cell(sheet, text) for text in table.headers])
    for row in table.rows:
        sheet.append([cell_of(sheet, value, safe) for value in row])


def widths(table: WorkbookSheet) -> Iterable[int]:
    """Make a column as wide as its longest line among the first rows, within reason."""
    for n, header in enumerate(table.headers):
        lines = (line for row in table.rows[:200] for line in str(row[n] or "").split("\n"))
        longest = max(map(line_width, lines), default=0)
        yield min(max(NARROWEST, line_width(header) + 2, longest + 1), WIDEST)


def header_cell(sheet, text: str):
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, TOP
    return cell


def cell_of(sheet, value, safe):
    if value is None or value == "":
        return None
    if isinstance(value, str | BadCell):
        return text_cell(sheet, safe(str(value)))
    cell = WriteOnlyCell(sheet, value)
    cell.alignment = TOP
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    return cell


def text_cell(sheet, text: str):
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) > LONGEST_CELL:
        raise ValueError(
            _("A text is too long for an Excel cell: “%(text)s…”. Download the CSV file instead.")
            % {"text": text[:60]}
        )
    cell = WriteOnlyCell(sheet, text)
    # Text stays text: neither a formula, nor "2019-05" made into a day when somebody edits it.
    cell.data_type, cell.number_format, cell.alignment = "s", "@", TOP
    return cell
