"""Our own templates: Word files made of the texts of `templates/papers/`.

A line is `style | text`; what is indented continues it. The styles and the page, that of GB/T
9704-2012 (A4, 22 lines of 28 signs, FangSong of 16 pt), stand in `templates/papers/word/` as parts
of a Word file. Officers download what is made here, change it in Word, and upload it as theirs.
"""

import io
import re
import zipfile
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from django.conf import settings

from .fields import DECLARED

TEXTS = settings.BASE_DIR / "templates" / "papers"
PARTS = {
    "[Content_Types].xml": "[Content_Types].xml",
    "package.rels": "_rels/.rels",
    "document.rels": "word/_rels/document.xml.rels",
    "fontTable.xml": "word/fontTable.xml",
    "footer.xml": "word/footer.xml",
}
# XML has no place for these; docxtpl makes new paragraphs and pages of some.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# Lines of a table; `side` is a table of its own, without borders.
ROWS = {"table", "row"}


def ours(kind: str, language: str) -> bytes:
    """Return our template of a kind; in the other language where there is none in this one."""
    if kind in DECLARED:
        return DECLARED[kind].template(language)
    of_language = TEXTS / f"{kind}.{language}.txt"
    path = of_language if of_language.exists() else next(TEXTS.glob(f"{kind}.*.txt"))
    return made(path.name)


@cache
def made(name: str) -> bytes:
    text = (TEXTS / name).read_text(encoding="utf-8").replace("\n  ", " ")
    lines = [line.split("|", 1) for line in text.splitlines() if line and line[0] != "#"]
    page, *lines = [(style.strip(), words.strip()) for style, words in lines]
    return word_file(body(lines), page[1], name.split(".")[1])


def word_file(written: str, page: str, styles: str) -> bytes:
    """Return a Word file of what was written, with one of our pages and sets of styles."""
    parts = {place: part(name) for name, place in PARTS.items()}
    parts["word/styles.xml"] = part(f"styles.{styles}.xml")
    parts["word/document.xml"] = part(f"{page}.xml").replace("BODY", written)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in parts.items():
            archive.writestr(place, content)
    return file.getvalue()


def part(name: str) -> str:
    return (TEXTS / "word" / name).read_text(encoding="utf-8")


def body(lines: list[tuple[str, str]]) -> str:
    written = []
    for is_table, group in groupby(lines, key=lambda line: line[0] in ROWS):
        if is_table:
            rows = [words.split(" | ") for _style, words in group]
            written.append(table([[("cell", words) for words in row] for row in rows]))
        else:
            written += [line_of(*line) for line in group]
    return "".join(written)


def line_of(style: str, words: str) -> str:
    if style == "side":
        cells = zip(("small", "seal"), words.replace(" // ", "\n").split(" | "), strict=True)
        return table([list(cells)], has_borders=False)
    return paragraph(style, words)


def paragraph(style: str, words: str) -> str:
    text = escape(CONTROL_CHARACTERS.sub("", words))
    text = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{text}</w:p>'


def table(rows: list[list[tuple[str, str]]], *, has_borders: bool = True) -> str:
    """Write rows of cells, each a style and its lines.

    The last cell of a row that is shorter than the others, such as the start of a loop, is as wide
    as what is missing.
    """
    most = max(map(len, rows))
    look = '<w:tblStyle w:val="grid"/>' if has_borders else ""
    look = f'<w:tblPr>{look}<w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
    grid = f"<w:tblGrid>{'<w:gridCol/>' * most}</w:tblGrid>"
    written = ""
    for *row, last in rows:
        cells = [*(cell(*one) for one in row), cell(*last, width=most - len(row))]
        written += f"<w:tr>{''.join(cells)}</w:tr>"
    return f"<w:tbl>{look}{grid}{written}</w:tbl>"


def cell(style: str, words: str, width: int = 1) -> str:
    lines = "".join(paragraph(style, line) for line in words.split("\n"))
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr>{lines}</w:tc>'
