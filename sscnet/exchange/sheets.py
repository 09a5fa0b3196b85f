"""Sheets of rows: read from CSV or XLSX whatever program wrote them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from sscnet.core.parsing.limited import run_limited
from sscnet.core.parsing.sheet_rows import (
    MOST_BYTES,
    NumberedRow,
    column_name,
    is_blank,
    read_rows,
    too_large,
)

# What a file of refused rows says about each; on the way back in it is passed over.
REASON = "refused_because"
EMPTY_MARKS = {"-", "－"}


@dataclass
class SheetRow:
    """A row with its number in the file: the header is row 1.

    `cells` are by our own names of columns; `written` is as it was sent.
    """

    number: int
    cells: dict
    written: list = field(default_factory=list)


@dataclass
class Sheet:
    format: str
    written_headers: list[str] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_sheet(content: bytes, columns: Collection[str]) -> Sheet:
    """Read a file by its content; raise ValidationError that says what to do instead.

    `columns`: their names, or columns by name, which may be called otherwise in the first row.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    names = names_by_heading(columns)
    kind, notices, rows = run_limited(read_rows, content, list(names))
    return make_sheet(kind, rows, names, [str(notice) for notice in notices])


def sheet_of_rows(rows: list[list], columns: Collection[str]) -> Sheet:
    """Return rows that are no file as a sheet; the first holds the names of their columns."""
    return make_sheet("csv", list(enumerate(rows, 1)), names_by_heading(columns), [])


def names_by_heading(columns: Collection[str]) -> dict[str, str]:
    """Map what the first row may say to names of columns; a name itself stands for no other."""
    names = {column_name(name): name for name in columns}
    for name, column in columns.items() if isinstance(columns, dict) else ():
        for heading in column.headings() if hasattr(column, "headings") else ():
            names.setdefault(column_name(heading), name)
    return names


# ------------------------------------------------------------------ from rows to a sheet


def make_sheet(kind: str, rows: list[NumberedRow], known: dict[str, str], notices) -> Sheet:
    header = trimmed(rows[0][1]) if rows else []
    names = column_names(header, known)
    columns = set(known.values())
    sheet = Sheet(kind, notices=[*notices, *header_notices(header, names, columns)])
    kept = [n for n, name in enumerate(names) if name != REASON]
    sheet.written_headers = ["" if header[n] is None else str(header[n]) for n in kept]
    for number, row in rows[1:]:
        if any(not is_blank(cell) for cell in row[len(header) :]):
            text = _("Row %(row)d has cells to the right of the last column; they are ignored.")
            sheet.notices.append(text % {"row": number})
        row = [*row, *[None] * (len(header) - len(row))]
        cells = {name: row[n] for n, name in enumerate(names) if name in columns}
        sheet.rows.append(SheetRow(number, cells, [row[n] for n in kept]))
    if not sheet.rows:
        raise ValidationError(_("The file has column names but no rows below them."))
    return sheet


def trimmed(row: list) -> list:
    while row and is_blank(row[-1]):
        row = row[:-1]
    return row


def column_names(header: list, known: dict[str, str]) -> list[str]:
    """Return the column name of each written header; refuse a header that has none."""
    names = [known.get(heading, heading) for heading in map(column_name, header)]
    columns = set(known.values())
    if not any(name in columns for name in names):
        raise ValidationError(
            _(
                "The first row contains no column name we know. Start from the template, and keep "
                "its first row."
            )
        )
    if twice := {name for name in names if name in columns and names.count(name) > 1}:
        raise ValidationError(
            _("A column appears twice in the file: %(columns)s. Keep only one.")
            % {"columns": ", ".join(sorted(twice))}
        )
    return names


def header_notices(header, names, columns) -> list[str]:
    unknown = [
        str(cell) or get_column_letter(n)
        for n, (cell, name) in enumerate(zip(header, names, strict=True), 1)
        if name and name not in columns and name != REASON
    ]
    if not unknown:
        return []
    text = _("Columns we do not know are ignored: %(columns)s.")
    return [text % {"columns": ", ".join(unknown)}]


# ------------------------------------------------------------------ cells as text

# A spreadsheet takes a cell that starts so for a formula, in full width too.
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutral(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; `plain` takes it away again."""
    return f"'{text}" if RISKY.match(text) else text


def plain(text: str) -> str:
    return text[1:] if text.startswith("'") and RISKY.match(text) else text


def as_sent(text: str) -> str:
    """Return a cell as it came, made safe; the mark that empties a field stays what it is."""
    return text if text.strip() in EMPTY_MARKS else neutral(plain(text))


def as_text(cell) -> str:
    """Write a cell as text: days in ISO form, whole numbers without a point, lists in one line."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return "; ".join(map(as_text, cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | Decimal) and abs(cell) < 10**15 and cell == int(cell):
        return str(int(cell))
    return str(cell)
