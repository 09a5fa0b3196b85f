"""Excel workbooks, written row by row: dates as dates, a header that stays in view, a filter.

Written here because the libraries for Excel can only give a file when all of it is there.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched, chain, islice
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from sscnet.core.i18n.texts import line_width
from sscnet.core.parsing.sheet_rows import MOST_IN_CELL

from ..sheets import as_text, neutral

AT_ONCE = 200
NARROWEST, WIDEST = 10, 60
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")

NAMESPACE = "http://schemas.openxmlformats.org"
MAIN = f"{NAMESPACE}/spreadsheetml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATION = f"{NAMESPACE}/officeDocument/2006/relationships"
HEADER, TEXT, DAY, WHOLE, BROKEN = range(1, 6)
TOP = '<alignment vertical="top" wrapText="1"/>'

RELATIONS = f"""{DECLARATION}<Relationships xmlns="{NAMESPACE}/package/2006/relationships">
<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
STYLES = f"""{DECLARATION}<styleSheet xmlns="{MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFDDE6EE"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="6"><xf applyAlignment="1">{TOP}</xf>
<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="49" applyNumberFormat="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="164" applyNumberFormat="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="3" applyNumberFormat="1" applyAlignment="1">{TOP}</xf>
<xf numFmtId="4" applyNumberFormat="1" applyAlignment="1">{TOP}</xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
SHEET_START = f"""{DECLARATION}<worksheet xmlns="{MAIN}"><sheetViews>
<sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight"
 state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>"""


@dataclass
class WorkbookSheet:
    """One sheet of a workbook."""

    title: str
    headers: list[str]
    rows: Iterable[list]


def write_xlsx(*sheets: WorkbookSheet, safe=neutral) -> bytes:
    return b"".join(stream_workbook(*sheets, safe=safe))


def stream_workbook(*sheets: WorkbookSheet, safe=neutral) -> Iterator[bytes]:
    """Write a workbook piece by piece; `safe` makes a text harmless."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for name, xml in parts([sheet.title for sheet in sheets]).items():
            book.writestr(name, xml)
        for number, sheet in enumerate(sheets, start=1):
            with book.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for piece in pieces(sheet, safe):
                    part.write(piece.encode())
                    yield sink.take()
    yield sink.take()


class Sink:
    """What zipfile writes to: it cannot go back, so that what was taken can be sent."""

    def __init__(self):
        self.pieces = []

    def write(self, data):
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data


def parts(titles: list[str]) -> dict[str, str]:
    """Return the parts of a workbook besides its sheets."""
    numbers = range(1, len(titles) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(NOT_IN_TITLES.sub(" ", title)[:31])} sheetId="{n}" r:id="rId{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = f'<Relationship Id="rId0" Type="{RELATION}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": f"""{DECLARATION}<Types
 xmlns="{NAMESPACE}/package/2006/content-types"><Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{overrides}
<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>""",
        "_rels/.rels": RELATIONS,
        "xl/workbook.xml": f"""{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">
<sheets>{sheets}</sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""{DECLARATION}<Relationships
 xmlns="{NAMESPACE}/package/2006/relationships">{relations}{styles}</Relationships>""",
        "xl/styles.xml": STYLES,
    }


# ------------------------------------------------------------------ a sheet


def pieces(sheet: WorkbookSheet, safe) -> Iterator[str]:
    """Write a sheet; the widths of its columns follow from its first rows."""
    rows = iter(sheet.rows)
    first = list(islice(rows, AT_ONCE))
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths(sheet.headers, first), 1)
    )
    yield f"{SHEET_START}<cols>{columns}</cols><sheetData>"
    last = 0
    for some in batched(enumerate(chain([sheet.headers], first, rows), 1), AT_ONCE):
        yield "".join(row_of(n, row, safe) for n, row in some)
        last = some[-1][0]
    filtered = f"A1:{get_column_letter(max(1, len(sheet.headers)))}{last}"
    yield f'</sheetData><autoFilter ref="{filtered}"/></worksheet>'


def widths(headers: list[str], rows: list[list]) -> Iterator[int]:
    """Make a column as wide as its longest line, within reason."""
    for n, header in enumerate(headers):
        lines = (line for row in rows for line in as_text(row[n]).split("\n"))
        longest = max(map(line_width, lines), default=0)
        yield min(max(NARROWEST, line_width(header) + 2, longest + 1), WIDEST)


def row_of(number: int, row: list, safe) -> str:
    cells = "".join(
        cell_of(f"{get_column_letter(column)}{number}", value, safe, HEADER if number == 1 else 0)
        for column, value in enumerate(row, start=1)
    )
    return f'<row r="{number}">{cells}</row>'


def cell_of(place: str, value, safe, style: int) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{to_excel(value)}</v></c>'
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if isinstance(value, Decimal):
            style = WHOLE if value == int(value) else BROKEN
        # A year is a number too, but nobody writes 2,019.
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    # Text stays text: neither a formula, nor "2019-05" made into a day when somebody edits it.
    # Excel takes no longer text; the other formats give it whole, and reading knows it again.
    text = ILLEGAL_CHARACTERS_RE.sub("", safe(as_text(value)))[:MOST_IN_CELL]
    return (
        f'<c r="{place}" s="{style or TEXT}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )
