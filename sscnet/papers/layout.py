"""Our own templates: Word files made of the texts of `templates/papers/`.

A line is `style | text`; the styles and the page, that of GB/T 9704-2012 (A4, 22 lines of 28 signs,
FangSong of 16 pt), stand in `templates/papers/word/` as parts of a Word file. Officers download
what is made here, change it in Word, and upload it as theirs.
"""

import io
import zipfile
from functools import cache
from itertools import cycle, groupby
from xml.sax.saxutils import escape

from django.conf import settings

TEXTS = settings.BASE_DIR / "templates" / "papers"
PARTS = {
    "[Content_Types].xml": "[Content_Types].xml",
    "package.rels": "_rels/.rels",
    "document.rels": "word/_rels/document.xml.rels",
    "fontTable.xml": "word/fontTable.xml",
    "footer.xml": "word/footer.xml",
}
# Lines of a table; `side` is a table of its own, without borders.
ROWS = {"table", "row"}


def ours(kind: str, language: str) -> bytes:
    """Return our template of a kind; in the other language where there is none in this one."""
    of_language = TEXTS / f"{kind}.{language}.txt"
    path = of_language if of_language.exists() else next(TEXTS.glob(f"{kind}.*.txt"))
    return made(path.name)


@cache
def made(name: str) -> bytes:
    text = (TEXTS / name).read_text(encoding="utf-8")
    lines = [line.split("|", 1) for line in text.splitlines() if line and line[0] != "#"]
    page, *lines = [(style.strip(), words.strip()) for style, words in lines]
    parts = {place: part(name) for name, place in PARTS.items()}
    parts["word/styles.xml"] = part(f"styles.{name.split('.')[1]}.xml")
    parts["word/document.xml"] = part(f"{page[1]}.xml").replace("BODY", body(lines))
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
            written.append(table([words.split(" | ") for _style, words in group], ["cell"]))
        else:
            written += [paragraph(*line) for line in group]
    return "".join(written)


def paragraph(style: str, words: str) -> str:
    if style == "side":
        return table([words.split(" | ")], ["small", "seal"], has_borders=False)
    text = f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{text}</w:p>'


def table(rows: list[list[str]], styles: list[str], *, has_borders: bool = True) -> str:
    """Write rows of cells; a cell alone, such as the start of a loop, is a row of its own."""
    columns = max(len(row) for row in rows)
    look = '<w:tblStyle w:val="grid"/>' if has_borders else ""
    look = f'<w:tblPr>{look}<w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
    grid = f"<w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>"
    cells = ("".join(map(cell, row, cycle(styles))) for row in rows)
    written = "".join(f"<w:tr>{one}</w:tr>" for one in cells)
    return f"<w:tbl>{look}{grid}{written}</w:tbl>"


def cell(words: str, style: str) -> str:
    """Write a cell, whose lines are parted by `//`."""
    return f"<w:tc>{''.join(paragraph(style, line) for line in words.split(' // '))}</w:tc>"
