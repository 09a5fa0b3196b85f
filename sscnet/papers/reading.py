"""Reading what others send: Word files, paragraph by paragraph and table by table, and QR codes.

Word keeps what was deleted or moved away with its changes, and some texts twice, for older
programs: neither is read.
"""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

import zxingcpp
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.oxml.ns import qn
from docx.text.font import Font
from lxml import etree
from PIL import Image

from sscnet.core.parsing.limited import run_limited
from sscnet.core.uploads.contents import content_of
from sscnet.core.uploads.documents import DOCX, MAX_DOCUMENT_BYTES, read_document

from .filling import MAX_UNPACKED_BYTES

MOST_CHARACTERS = 200_000
MOST_BLOCKS = 3_000
MOST_COLUMNS = 63
NOT_SHOWN = "ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback"
TEXTS = etree.XPath(
    f".//*[self::w:t or self::w:tab or self::w:br or self::w:cr][not({NOT_SHOWN})]",
    namespaces={
        "w": qn("w:p")[1:-2],
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    },
)
HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
# A heading by its type alone is below all that have a style.
BY_TYPE = 9
LONGEST_HEADING = 120


@dataclass(frozen=True)
class WordParagraph:
    """A paragraph; `level` is 0 unless it is a heading: 1 to 8 by its style, 9 if it is bold."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class WordCell:
    """A cell: how many columns it covers, and whether it continues the cell above."""

    text: str
    width: int = 1
    goes_on: bool = False


@dataclass(frozen=True)
class WordTable:
    """A table; a row begins in the first column, with empty cells where it is indented."""

    rows: list[list[WordCell]]


Block = WordParagraph | WordTable


def read_blocks(file: File) -> list[Block]:
    """Return what a Word file says. Raise ValidationError where it is none, or says too much."""
    return run_limited(blocks_of, content_of(file, MAX_DOCUMENT_BYTES))


def blocks_of(content: bytes) -> list[Block]:
    if read_document(content) != DOCX:
        raise ValidationError(_("Send the form as a Word file (.docx)."), code="not_word")
    entries = zipfile.ZipFile(BytesIO(content)).infolist()
    # Pictures are not unpacked.
    if sum(one.file_size for one in entries if "/media/" not in one.filename) > MAX_UNPACKED_BYTES:
        raise too_long()
    try:
        document = Document(BytesIO(content))
        names = {style.style_id: style.name for style in document.styles}
        blocks = list(blocks_in(document.element.body, names))
    except (ValueError, KeyError, AttributeError, LookupError, etree.LxmlError) as error:
        message = _("This file cannot be read. Save it anew from Word, and send that copy.")
        raise ValidationError(message, code="broken") from error
    if len(blocks) > MOST_BLOCKS or sum(map(length_of, blocks)) > MOST_CHARACTERS:
        raise too_long()
    return blocks


def too_long() -> ValidationError:
    message = _("This file says more than a proposal can hold. Send the form alone.")
    return ValidationError(message, code="too_long")


def length_of(block: Block) -> int:
    if isinstance(block, WordParagraph):
        return len(block.text)
    return sum(len(cell.text) for row in block.rows for cell in row)


def blocks_in(element, styles: dict[str, str]):
    """Give the blocks of an element, those within fields to fill in (`w:sdt`) as well."""
    for child in element.iterchildren(etree.Element):
        if child.tag == qn("w:p"):
            yield paragraph_of(child, styles)
        elif child.tag == qn("w:tbl"):
            rows = [row_of(row) for row in child.iter(qn("w:tr")) if table_of(row) is child]
            yield WordTable(rows)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from blocks_in(child, styles)


def text_of(element) -> str:
    """Return the text of a paragraph, or of all those in a cell."""
    marks = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n"}
    paragraphs = [element] if element.tag == qn("w:p") else element.iter(qn("w:p"))
    lines = []
    for paragraph in paragraphs:
        pieces = [marks.get(one.tag) or one.text or "" for one in TEXTS(paragraph)]
        lines += "".join(pieces).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def paragraph_of(element, styles) -> WordParagraph:
    text = text_of(element)
    return WordParagraph(text, level_of(element, styles) if text else 0)


def level_of(element, styles) -> int:
    if found := HEADING_STYLE.match(styles.get(element.style) or ""):
        return int(found[1])
    runs = [run for run in element.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    is_short = len(text_of(element)) <= LONGEST_HEADING
    return BY_TYPE if is_short and runs and all(Font(run).bold for run in runs) else 0


def table_of(row):
    return next(row.iterancestors(qn("w:tbl")))


def row_of(row) -> list[WordCell]:
    cells = [WordCell("")] * min(row.grid_before, MOST_COLUMNS)
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is row:
            width = min(cell.grid_span, MOST_COLUMNS)
            cells.append(WordCell(text_of(cell), width, cell.vMerge == "continue"))
    return cells


def read_codes(picture: bytes) -> list[str]:
    """Return what the QR codes on a picture say, however it is turned."""
    grey = Image.open(BytesIO(picture)).convert("L")
    return [one.text for one in zxingcpp.read_barcodes(grey, zxingcpp.BarcodeFormat.QRCode)]
