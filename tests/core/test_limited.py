"""Files made to stop the portal are refused within limits, and others are answered meanwhile."""

import io
import struct
import threading
import time
import zipfile
import zlib

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from sscnet.core.parsing import limited, sheet_rows
from sscnet.core.parsing.limited import run_limited
from sscnet.core.uploads import documents, pictures
from sscnet.exchange.sheets import read_sheet
from tests.core.test_uploads import archive, office_members, png, png_chunk

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADER = '<row r="1"><c t="inlineStr"><is><t>title_en</t></is></c></row>'
ROW = '<row r="{0}"><c t="inlineStr"><is><t>x</t></is></c></row>'
UNNUMBERED = "<row><c><v>1</v></c></row>"
STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
SHEET = "xl/worksheets/sheet1.xml"
TOO_MANY_ROWS = "The file has more than 5000 rows."
TOO_LARGE = "The file is larger than 10 MB."
UNREADABLE = "The file cannot be read as an Excel sheet."
TOO_MUCH = "Reading the file takes more time or memory than we allow."


def rows(text="", after=""):
    return f"<worksheet {MAIN}><sheetData>{HEADER}{text}</sheetData>{after}</worksheet>"


def workbook(parts):
    """Write a workbook of one sheet, and in place of some of its parts others."""
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["title_en", "x"])
    book.save(content)
    written = zipfile.ZipFile(content)
    members = {name: written.read(name).decode() for name in written.namelist()} | parts
    if "xl/sharedStrings.xml" in parts:
        types = members["[Content_Types].xml"]
        members["[Content_Types].xml"] = types.replace("</Types>", STRINGS)
    return archive(members)


def one_long_string():
    strings = f"<sst {MAIN}><si><t>{'x' * 32_000}</t></si></sst>"
    cells = "<c t='s'><v>0</v></c>" * 200
    return workbook({"xl/sharedStrings.xml": strings, SHEET: rows(f"<row>{cells}</row>" * 50)})


def endless_entities():
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>{rows("&e9;")}'


SHEETS = {
    "a row of a billion": (lambda: workbook({SHEET: rows(ROW.format(10**9))}), TOO_MANY_ROWS),
    "merged cells without end": (
        lambda: workbook({SHEET: rows(after="<mergeCell " * 60_000)}),
        UNREADABLE,
    ),
    "a bomb": (lambda: workbook({SHEET: rows(" " * 101 * 1024**2)}), TOO_LARGE),
    "deep": (lambda: workbook({SHEET: rows("<a>" * 200_000 + "</a>" * 200_000)}), "The file "),
    "entities": (lambda: workbook({SHEET: endless_entities()}), UNREADABLE),
    "a million rows": (
        lambda: workbook({SHEET: rows(ROW.format("").replace(' r=""', "") * 20_000)}),
        TOO_MANY_ROWS,
    ),
    "a million cells": (
        lambda: workbook({SHEET: rows(f"<row>{'<c><v>1</v></c>' * 10**6}</row>" * 5)}),
        TOO_MUCH,
    ),
    "one string in all cells": (one_long_string, TOO_LARGE),
    "a text longer than a cell": (
        lambda: workbook({SHEET: rows(ROW.format(2).replace("x", "x" * 10**6))}),
        UNREADABLE,
    ),
    "rows of nothing": (lambda: b"title_en\n" + b"\n" * 3_000_000, "The file has column names"),
    "columns without end": (lambda: b"title_en\n" + b"," * 10**7, "The file has column names"),
}


def refusal(read, *arguments):
    began = time.process_time()
    with pytest.raises(ValidationError) as caught:
        read(*arguments)
    # What the portal itself spends of processor time, and the most that the file's process may.
    assert time.process_time() - began + limited.SECONDS < 5
    return " ".join(caught.value.messages)


@pytest.mark.parametrize("name", SHEETS)
def test_a_hostile_sheet_is_refused(name):
    make, message = SHEETS[name]
    content = make()

    assert refusal(read_sheet, content, ["title_en"]).startswith(message)


def huge_picture():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(bytes(10**7)), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks.items())


def endless_picture():
    """Write a picture whose comments unpack to a gigabyte."""
    comment = b"Comment\0\0" + zlib.compress(bytes(64 * 1024**2))
    return png(8, 6, zTXt=comment).replace(b"IEND", b"zTXt")


def picture_drawn_over_and_over():
    """Write a progressive picture whose last scan comes a thousand times more."""
    content = io.BytesIO()
    Image.effect_noise((2000, 2000), 100).save(content, "JPEG", progressive=True)
    whole = content.getvalue()
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2][:4_000] * 1000 + whole[-2:]


def deep_document():
    members = office_members("docx")
    members["[Content_Types].xml"] = "<a>" * 700_000 + "</a>" * 700_000
    return archive(members)


def pdf(middle, end=b"\nstartxref\n9\n%%EOF"):
    return b"%PDF-1.7\n" + middle + end


HUGE = 24 * 1024**2
PICTURES = {
    "of two and a half milliard pixels": (huge_picture, "The picture has 50000 × 50000 pixels"),
    "with comments that unpack to a gigabyte": (endless_picture, "The file is damaged"),
    "drawn over and over": (picture_drawn_over_and_over, "The file is damaged"),
}
DOCUMENTS = {
    "PDF whose end begins a million times": (
        lambda: pdf(b"startxref " * 10**6, b""),
        "The file is",
    ),
    "PDF whose end never comes": (lambda: pdf(b"startxref " + b" " * HUGE, b""), "The file is"),
    "PDF larger than any": (lambda: pdf(b" " * (HUGE + 1024**2)), "The file has 25.0"),
    "PDF behind a page": (lambda: b"<html>" * 10**6 + pdf(b""), "What was found: HTML."),
    "deep Office file": (deep_document, "The file is damaged"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_hostile_picture_is_refused(name):
    make, message = PICTURES[name]
    content = io.BytesIO(make())

    assert refusal(pictures.clean_picture, content).startswith(message)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused(name):
    make, message = DOCUMENTS[name]
    content = io.BytesIO(make())

    assert refusal(documents.check_document, content).startswith(message)


def test_the_largest_picture_that_is_taken_needs_less_than_the_limits():
    content = io.BytesIO()
    Image.new("RGBA", (10_000, 5_000), "teal").save(content, "PNG", compress_level=1)

    assert list(pictures.clean_picture(content)) == [320, 640, 1280]


def test_a_full_sheet_needs_less_than_the_limits():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"column_{n}" for n in range(20)])
    for _ in range(sheet_rows.MOST_ROWS):
        sheet.append(["沼气", 1] * 10)
    content = io.BytesIO()
    book.save(content)

    assert len(read_sheet(content.getvalue(), ["column_1"]).rows) == sheet_rows.MOST_ROWS


# ------------------------------------------------------------------ the limits themselves


def spin():
    while True:
        pass


def spin_limited():
    run_limited(spin, seconds=1)


def fill():
    return len(bytes(1024**3))


def test_a_function_without_end_is_stopped_and_others_work_meanwhile(client):
    refused = []
    thread = threading.Thread(
        target=lambda: refused.append(refusal(lambda: run_limited(spin, seconds=1)))
    )
    thread.start()

    assert client.get("/healthz").status_code == 200
    assert run_limited(len, b"abc") == 3
    assert thread.is_alive()

    thread.join()
    assert refused[0].startswith(TOO_MUCH)


def test_memory_is_limited():
    assert refusal(run_limited, fill).startswith(TOO_MUCH)


def test_who_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(limited, "MOST_SECONDS_OF_WAITING", 0)

    assert refusal(run_limited, spin).startswith(TOO_MUCH)


def test_who_finds_no_free_place_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(limited, "MOST_SECONDS_IN_LINE", 0.01)
    with limited.free_places:
        assert run_limited(len, b"abc") == 3
        with limited.free_places:
            assert refusal(run_limited, len, b"abc").startswith("Other files are being read")

    assert run_limited(len, b"abc") == 3
