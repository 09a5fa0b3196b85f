"""Files of any length, written row by row while they are sent: CSV, Excel and JSON.

Each function takes the column names and rows of plain values (text, number, date, yes or no, None,
or a list of texts) and gives the bytes of the file piece by piece.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import batched, chain
from xml.sax.saxutils import escape

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from sscnet.core.uploads import XLSX

from ..sheets import neutral

AT_ONCE = 200
LONGEST_CELL = 32_767
BETWEEN = "; "

Row = Sequence


def stream_csv(headers: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write CSV as Excel opens it in any language: a byte order mark, and nothing it would run."""
    lines = _Lines()
    writer = csv.writer(lines)
    yield b"\xef\xbb\xbf"
    for some in batched(chain([headers], rows), AT_ONCE):
        writer.writerows([_csv_cell(value) for value in row] for row in some)
        yield lines.take().encode()


def stream_json(headers: list[str], rows: Iterable[Row], about: dict) -> Iterator[bytes]:
    """Write an object: what it is `about`, and its `rows`, each an object by column name."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    head = encoder.encode(about)
    yield f'{head[:-1]}, "rows": ['.encode()
    between = ""
    for some in batched(rows, AT_ONCE):
        objects = (encoder.encode(dict(zip(headers, row, strict=True))) for row in some)
        yield (between + ",\n".join(objects)).encode()
        between = ",\n"
    yield b"]}\n"


def stream_xlsx(headers: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write an Excel workbook of one sheet: dates as dates, a header that stays in view.

    Written here because the libraries for Excel can only give a file when all of it is there.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for name, xml in PARTS.items():
            book.writestr(name, xml)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(SHEET_START.encode())
            numbered = enumerate(chain([headers], rows), start=1)
            for some in batched(numbered, AT_ONCE):
                sheet.write("".join(_xlsx_row(n, row) for n, row in some).encode())
                yield sink.take()
            sheet.write(SHEET_END.encode())
    yield sink.take()


# By the ending of a file's name: what it is sent as, and what writes it.
STREAMS = {
    "csv": ("text/csv; charset=utf-8", stream_csv),
    "xlsx": (XLSX.content_type, stream_xlsx),
}


def sheet(
    name: str,
    extension: str,
    headers: list[str],
    rows: Iterable[Row],
    about: dict | None = None,
):
    """Send rows as a file of this name; as JSON only what it is `about`.

    Raise Http404 for another extension.
    """
    if extension == "json" and about:
        content_type, content = "application/json", stream_json(headers, rows, about)
    elif extension in STREAMS:
        content_type, stream = STREAMS[extension]
        content = stream(headers, rows)
    else:
        raise Http404
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    return response


class _Lines:
    """What csv.writer writes to: keeps the lines until they are taken."""

    def __init__(self):
        self.lines = []

    def write(self, line):
        self.lines.append(line)

    def take(self) -> str:
        text = "".join(self.lines)
        self.lines.clear()
        return text


class _Sink(_Lines):
    """What zipfile writes to: it cannot go back, so that what was taken can be sent."""

    def write(self, data):
        self.lines.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        data = b"".join(self.lines)
        self.lines.clear()
        return data


def _csv_cell(value) -> str | int | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return value
    return neutral(_text(value))


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else BETWEEN.join(str(part) for part in value)


# ------------------------------------------------------------------ the parts of a workbook

NAMESPACE = "http://schemas.openxmlformats.org"
MAIN = f"{NAMESPACE}/spreadsheetml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATION = f"{NAMESPACE}/officeDocument/2006/relationships"
HEADER, TEXT, DAY, WHOLE, BROKEN = range(1, 6)

PARTS = {
    "[Content_Types].xml": f"""{DECLARATION}<Types xmlns="{NAMESPACE}/package/2006/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>""",
    "_rels/.rels": f"""{DECLARATION}<Relationships xmlns="{NAMESPACE}/package/2006/relationships">
<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">
<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""{DECLARATION}
<Relationships xmlns="{NAMESPACE}/package/2006/relationships">
<Relationship Id="rId1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>""".replace(
        f"{DECLARATION}\n", DECLARATION
    ),
    "xl/styles.xml": f"""{DECLARATION}<styleSheet xmlns="{MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="6"><xf/><xf fontId="1" applyFont="1"/>
<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>
<xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}
SHEET_START = f"""{DECLARATION}<worksheet xmlns="{MAIN}"><sheetViews>
<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>
</sheetViews><sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/><sheetData>"""
SHEET_END = "</sheetData></worksheet>"


def _xlsx_row(number: int, row: Row) -> str:
    cells = "".join(
        _xlsx_cell(f"{get_column_letter(column)}{number}", value, is_header=number == 1)
        for column, value in enumerate(row, start=1)
    )
    return f'<row r="{number}">{cells}</row>'


def _xlsx_cell(place: str, value, *, is_header: bool) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{to_excel(value)}</v></c>'
    if isinstance(value, int | Decimal):
        style = WHOLE if value == int(value) else BROKEN
        # A year is a number too, but nobody writes 2,019.
        style = 0 if isinstance(value, int) else style
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    # Excel takes no longer text; the other formats give it whole.
    text = ILLEGAL_CHARACTERS_RE.sub("", neutral(_text(value)))[:LONGEST_CELL]
    style = HEADER if is_header else TEXT
    return (
        f'<c r="{place}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )
