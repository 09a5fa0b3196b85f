"""Excel workbooks: dates as dates, a header that stays in view, a filter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from sscnet.core.i18n.texts import line_width
from sscnet.core.parsing.sheet_rows import MOST_IN_CELL

from ..sheets import as_text, neutral

# The widths of columns follow from so many rows.
MOST_MEASURED = 200
NARROWEST, WIDEST = 10, 60
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
TEXT, DAY, WHOLE, BROKEN, PLAIN = "@", "yyyy-mm-dd", "#,##0", "#,##0.00", "General"


@dataclass
class WorkbookSheet:
    """One sheet of a workbook."""

    title: str
    headers: list[str]
    rows: Iterable[list]


def write_xlsx(*sheets: WorkbookSheet, safe=neutral) -> bytes:
    """Write a workbook; `safe` makes a text harmless."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        write_sheet(book.create_sheet(NOT_IN_TITLES.sub(" ", sheet.title)[:31]), sheet, safe)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def write_sheet(target, sheet: WorkbookSheet, safe) -> None:
    # Its rows are written as they come: a cell of each style serves all of them.
    styles = {name: styled(target, name) for name in (TEXT, DAY, WHOLE, BROKEN, PLAIN)}
    header = styled(target, TEXT, font=Font(bold=True), fill=PatternFill("solid", "DDE6EE"))
    rows = iter(sheet.rows)
    first = list(islice(rows, MOST_MEASURED))
    for n, width in enumerate(widths(sheet.headers, first), 1):
        target.column_dimensions[get_column_letter(n)].width = width
    target.freeze_panes = "B2"
    target.append(cell_of(text, {TEXT: header}, safe) for text in sheet.headers)
    lines = 1
    for row in chain(first, rows):
        target.append(cell_of(value, styles, safe) for value in row)
        lines += 1
    target.auto_filter.ref = f"A1:{get_column_letter(max(1, len(sheet.headers)))}{lines}"


def styled(target, number_format: str, **style) -> Cell:
    cell = WriteOnlyCell(target)
    cell.number_format, cell.alignment = number_format, Alignment(vertical="top", wrap_text=True)
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def widths(headers: list[str], rows: list[list]) -> Iterator[int]:
    """Make a column as wide as its longest line, within reason."""
    for n, header in enumerate(headers):
        lines = (line for row in rows for line in as_text(row[n]).split("\n"))
        longest = max(map(line_width, lines), default=0)
        yield min(max(NARROWEST, line_width(header) + 2, longest + 1), WIDEST)


def cell_of(value, styles: dict[str, Cell], safe) -> Cell | None:
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, date):
        style = DAY
    elif isinstance(value, Decimal):
        style = WHOLE if value == int(value) else BROKEN
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # A year is a number too, but nobody writes 2,019.
        style = PLAIN
    else:
        # Excel takes no longer text; the other formats give it whole, and reading knows it again.
        style, value = TEXT, ILLEGAL_CHARACTERS_RE.sub("", safe(as_text(value)))[:MOST_IN_CELL]
    cell = styles[style]
    cell.value = value
    if style == TEXT:
        # Neither a formula, nor "2019-05" made into a day when somebody edits it.
        cell.data_type = "s"
    return cell
