"""The rows of a CSV or XLSX file, whatever program wrote it.

`read_rows` runs by `run_limited`: messages are lazy, and nothing here asks settings or records.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 200
# In all cells together, and in one, as Excel has it.
MOST_CHARACTERS = 20_000_000
MOST_IN_CELL = 32_767
# The last row of Excel.
LAST_ROW = 1_048_576

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Each attempt ends at the next "<", so that the time grows with the text, not with its square.
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z0-9:]+)"')
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")

NumberedRow = tuple[int, list]


@dataclass(frozen=True)
class BadCell:
    """A cell that a spreadsheet shows but that holds nothing to read, and the cure."""

    text: str
    cure: Any

    def __str__(self):
        return self.text


def read_rows(content: bytes, columns: Collection[str]) -> tuple[str, list, list[NumberedRow]]:
    """Return the format, notices, and the rows that hold something with their numbers.

    The first row is there in any case. Raise ValidationError that says what to do instead.
    """
    if content.startswith(OLE):
        raise ValidationError(
            _("The file is protected by a password. Save it without one, as .xlsx.")
            if ENCRYPTED in content
            else _("This is a file of an old Excel (.xls). Save it as .xlsx or as CSV.")
        )
    if content.startswith(b"PK"):
        return "xlsx", [], read_xlsx(content)
    text, notices = decode(content)
    return "csv", notices, kept(read_csv(text, columns))


def too_large():
    return ValidationError(
        _("The file is larger than %(size)d MB. Split it into smaller ones."),
        params={"size": MOST_BYTES // (1024 * 1024)},
    )


def too_many_rows():
    return ValidationError(
        _("The file has more than %(rows)d rows. Split it into smaller ones."),
        params={"rows": MOST_ROWS},
    )


def kept(rows: Iterable[NumberedRow]) -> list[NumberedRow]:
    """Return the first row and those that hold something."""
    found, characters = [], 0
    for number, row in rows:
        characters += sum(len(cell) for cell in row if isinstance(cell, str))
        if characters > MOST_CHARACTERS:
            raise too_large()
        if number == 1 or not all(is_blank(cell) for cell in row):
            found.append((number, row))
        if len(found) > MOST_ROWS + 1:
            raise too_many_rows()
    return found


def is_blank(cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_name(cell) -> str:
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip().casefold()
    return re.sub(r"[\s\-]+", "_", text)


# ------------------------------------------------------------------ CSV


def decode(content: bytes) -> tuple[str, list]:
    """Return the text and what to say about its encoding."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode_as(content, "utf-16"), []
    try:
        return decode_as(content, "utf-8-sig"), []
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
            _("This is neither an Excel file (.xlsx) nor CSV text. Save the sheet as one of these.")
        )
    return text


def read_csv(text: str, columns: Collection[str]) -> Iterator[NumberedRow]:
    first = text.split("\n", 1)[0]

    def known_names(mark: str) -> int:
        return sum(column_name(cell.strip('"\r ')) in columns for cell in first.split(mark))

    delimiter = max(",;\t", key=known_names)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(lines, 1):
            yield number, row[:MOST_COLUMNS]
    except csv.Error:
        raise ValidationError(
            _(
                "The CSV text cannot be divided into cells: a quotation mark is not closed, or a"
                " cell is too long. Save the sheet as .xlsx."
            )
        ) from None


# ------------------------------------------------------------------ XLSX


def read_xlsx(content: bytes) -> list[NumberedRow]:
    """Return the rows of the first sheet that is shown."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise too_large()
            return rows_of_workbook(content, archive)
    except (ValidationError, MemoryError):
        raise
    # openpyxl lets pass whatever a broken file makes it stumble over, of any kind.
    except Exception:
        raise ValidationError(
            _("The file cannot be read as an Excel sheet. Open it in Excel and save it as .xlsx.")
        ) from None


def rows_of_workbook(content: bytes, archive: zipfile.ZipFile) -> list[NumberedRow]:
    sheet = shown_sheet(content)
    xml = archive.read(sheet._worksheet_path.lstrip("/"))
    if merged := MERGED.findall(xml):
        raise ValidationError(
            _("The sheet has merged cells: %(cells)s. Unmerge them and fill each one."),
            params={"cells": ", ".join(ref.decode() for ref in merged[:5])},
        )
    unknown = unknown_formulas(content) if FORMULA.search(xml) else {}
    return kept(with_values(cells_of(sheet), unknown))


def shown_sheet(content: bytes, **options):
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, **({"data_only": True} | options)
    )
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheet = (shown or book.worksheets)[0]
    sheet.reset_dimensions()
    return sheet


def cells_of(sheet) -> Iterator[tuple[int, tuple]]:
    """Return the rows that are stored, with their numbers.

    Sheets may be formatted, and thus stored, far below their last row.
    """
    before = None
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if number > LAST_ROW:
            raise too_many_rows()
        # For each row that is not stored openpyxl gives the same tuple.
        if cells is not before:
            yield number, cells
        before = cells


def with_values(rows: Iterable[tuple[int, tuple]], unknown: dict) -> Iterator[NumberedRow]:
    for number, cells in rows:
        row = [cell_value(cell) for cell in cells]
        for n, formula in unknown.get(number, {}).items():
            if row[n] is None:
                row[n] = formula
        yield number, row


def cell_value(cell):
    value = cell.value
    if cell.data_type == "e":
        return BadCell(str(value), _("The cell shows a spreadsheet error. Correct it."))
    if isinstance(value, datetime):
        return shown_date(value, cell.number_format)
    if isinstance(value, str) and len(value) > MOST_IN_CELL:
        raise ValueError
    return None if value == "" else value


def shown_date(value: datetime, number_format: str):
    """Return the date as the sheet shows it: Excel keeps "2019-05" as the first of May."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).lower()
    if "d" in shown or "y" not in shown:
        return value.date()
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"


def unknown_formulas(content: bytes) -> dict[int, dict[int, BadCell]]:
    """Return each formula by row and column: saved without its result, its cell would be empty."""
    cure = _("The formula was saved without its result. Enter the result itself.")
    return {
        number: {
            n: BadCell(str(cell.value), cure)
            for n, cell in enumerate(cells)
            if cell.data_type == "f"
        }
        for number, cells in cells_of(shown_sheet(content, data_only=False))
    }
