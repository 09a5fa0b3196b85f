"""Sheets of rows: read from CSV or XLSX whatever program wrote them, and written for all."""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 200
# What a file of refused rows says about each; on the way back in it is passed over.
REASON = "refused_because"
# A row that starts so explains; it is passed over.
COMMENT = "# "
EMPTY_MARKS = {"-", "－"}

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class BadCell:
    """A cell that a spreadsheet shows but that holds nothing to read, and the cure."""

    text: str
    cure: str

    def __str__(self):
        return self.text


@dataclass
class Sheet:
    """The rows of a file with their numbers in it: the header is row 1.

    `headers` are our own names of columns; `written_headers` and `written` are as they were sent.
    """

    format: str
    headers: list[str] = field(default_factory=list)
    written_headers: list[str] = field(default_factory=list)
    rows: list[list] = field(default_factory=list)
    written: list[list] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @classmethod
    def of_rows(cls, rows: list[dict], first: int = 2) -> "Sheet":
        """Take rows that never were a table; their numbers are as if they had been."""
        headers = list(dict.fromkeys(column for row in rows for column in row))
        cells = [[row.get(column) for column in headers] for row in rows]
        numbers = list(range(first, len(rows) + first))
        return cls("csv", headers, headers, cells, cells, numbers)


def read_sheet(content: bytes, columns: Collection[str]) -> Sheet:
    """Read a file by its content; raise ValidationError that says what to do instead."""
    if len(content) > MOST_BYTES:
        raise too_large()
    if content.startswith(OLE):
        raise ValidationError(
            _("The file is protected by a password. Save it without one, as .xlsx.")
            if ENCRYPTED in content
            else _("This is a file of an old Excel (.xls). Save it as .xlsx or as CSV.")
        )
    if content.startswith(b"PK"):
        kind, notices, rows = "xlsx", [], read_xlsx(content)
    else:
        text, notices = decode(content)
        kind, rows = "csv", read_csv(text, columns)
    return make_sheet(kind, rows, columns, notices)


def too_large():
    return ValidationError(
        _("The file is larger than %(size)d MB. Split it into smaller ones.")
        % {"size": MOST_BYTES // (1024 * 1024)}
    )


def too_many_rows():
    return ValidationError(
        _("The file has more than %(rows)d rows. Split it into smaller ones.") % {"rows": MOST_ROWS}
    )


# ------------------------------------------------------------------ from rows to a sheet


def make_sheet(kind: str, rows: Iterable[list], columns: Collection[str], notices) -> Sheet:
    rows = iter(rows)
    header = trimmed(next(rows, []))
    names = column_names(header, columns)
    sheet = Sheet(kind, notices=[*notices, *header_notices(header, names, columns)])
    places = [n for n, name in enumerate(names) if name in columns]
    sheet.headers = [names[n] for n in places]
    kept = [n for n, name in enumerate(names) if name != REASON]
    sheet.written_headers = ["" if header[n] is None else str(header[n]) for n in kept]
    for number, row in enumerate(rows, 2):
        if any(not is_blank(cell) for cell in row) and not str(row[0]).startswith(COMMENT):
            add_row(sheet, number, row, places, kept, len(header))
    if not sheet.rows:
        raise ValidationError(_("The file has column names but no rows below them."))
    return sheet


def add_row(sheet, number, row, places, kept, width):
    if len(sheet.rows) == MOST_ROWS:
        raise too_many_rows()
    if any(not is_blank(cell) for cell in row[width:]):
        sheet.notices.append(
            _("Row %(row)d has cells to the right of the last column; they are passed over.")
            % {"row": number}
        )
    row = [*row, *[None] * (width - len(row))]
    sheet.numbers.append(number)
    sheet.rows.append([row[n] for n in places])
    sheet.written.append([row[n] for n in kept])


def trimmed(row: list) -> list:
    while row and is_blank(row[-1]):
        row = row[:-1]
    return row


def is_blank(cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_names(header: list, columns: Collection[str]) -> list[str]:
    """Return the column name of each written header; refuse a header that has none."""
    names = [column_name(cell) for cell in header]
    if not any(name in columns for name in names):
        raise ValidationError(
            _(
                "The first row holds no column name we know. Start from the template, and keep its"
                " first row."
            )
        )
    if twice := {name for name in names if name in columns and names.count(name) > 1}:
        raise ValidationError(
            _("The file has a column twice: %(columns)s. Keep one of them.")
            % {"columns": ", ".join(sorted(twice))}
        )
    return names


def column_name(cell) -> str:
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip().casefold()
    return re.sub(r"[\s\-]+", "_", text)


def header_notices(header, names, columns) -> list[str]:
    unknown = [
        str(cell) or get_column_letter(n)
        for n, (cell, name) in enumerate(zip(header, names, strict=True), 1)
        if name and name not in columns and name != REASON
    ]
    if not unknown:
        return []
    text = _("Columns we do not know are passed over: %(columns)s.")
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


# ------------------------------------------------------------------ CSV


def decode(content: bytes) -> tuple[str, list[str]]:
    """Return the text and what to say about its encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return decode_as(content, encoding), []
    try:
        return decode_as(content, "utf-8"), []
    except ValidationError:
        text = decode_as(content, "gb18030")
        return text, [_("The file was read as GB18030. Check that its Chinese is right.")]


def decode_as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValidationError(
            _("This is neither an Excel file (.xlsx) nor CSV text. Save the sheet as one of them.")
        )
    return text


def read_csv(text: str, columns: Collection[str]) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda mark: known_names(first, mark, columns))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise ValidationError(
            _(
                "The CSV text cannot be divided into cells: a quotation mark is not closed, or a"
                " cell is too long. Save the sheet as .xlsx."
            )
        ) from None


def known_names(line: str, delimiter: str, columns: Collection[str]) -> int:
    return sum(column_name(cell.strip('"\r ')) in columns for cell in line.split(delimiter))


def write_csv(headers: list[str], rows: Iterable[list], safe=neutral) -> bytes:
    """Write CSV that Excel opens in any language: UTF-8 with its mark, and nothing it would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([safe(as_text(cell)) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def as_text(cell) -> str:
    """Write a cell as text: days in ISO form, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | Decimal) and abs(cell) < 10**15 and cell == int(cell):
        return str(int(cell))
    return str(cell)


# ------------------------------------------------------------------ XLSX

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def read_xlsx(content: bytes) -> list[list]:
    """Return the rows of the first sheet that is shown."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise too_large()
            return rows_of_workbook(content, archive)
    except ValidationError:
        raise
    # openpyxl lets pass whatever a broken file makes it stumble over, of any kind.
    except Exception:
        raise ValidationError(
            _("The file cannot be read as an Excel sheet. Open it in Excel and save it as .xlsx.")
        ) from None


def rows_of_workbook(content: bytes, archive: zipfile.ZipFile) -> list[list]:
    sheet = shown_sheet(content)
    xml = archive.read(sheet._worksheet_path.lstrip("/"))
    if merged := MERGED.findall(xml):
        raise ValidationError(
            _("The sheet has merged cells: %(cells)s. Unmerge them and fill each one.")
            % {"cells": ", ".join(ref.decode() for ref in merged[:5])}
        )
    sheet.reset_dimensions()
    rows, filled = [], 0
    for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
        row = [cell_value(cell) for cell in cells]
        # Sheets may be formatted, and thus stored, far below their last row.
        rows.append(row if any(cell is not None for cell in row) else [])
        filled += bool(rows[-1])
        if filled > MOST_ROWS + 1:
            raise too_many_rows()
    if FORMULA.search(xml):
        mark_unknown_formulas(rows, content)
    return rows


def shown_sheet(content: bytes, **options):
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, **({"data_only": True} | options)
    )
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return (shown or book.worksheets)[0]


def cell_value(cell):
    value = cell.value
    if cell.data_type == "e":
        return BadCell(str(value), _("The cell shows an error of the spreadsheet. Correct it."))
    if isinstance(value, datetime):
        return shown_date(value, cell.number_format)
    return None if value == "" else value


def shown_date(value: datetime, number_format: str):
    """Return the date as the sheet shows it: Excel keeps "2019-05" as the first of May."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).lower()
    if "d" in shown or "y" not in shown:
        return value.date()
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"


def mark_unknown_formulas(rows: list[list], content: bytes) -> None:
    """Mark the cells whose formula was saved without its result; read on, they would be empty."""
    sheet = shown_sheet(content, data_only=False)
    sheet.reset_dimensions()
    for values, cells in zip(rows, sheet.iter_rows(max_col=MOST_COLUMNS), strict=False):
        for n, cell in enumerate(cells):
            if cell.data_type == "f" and n < len(values) and values[n] is None:
                cure = _("The formula was saved without its result. Write the result itself.")
                values[n] = BadCell(str(cell.value), cure)
