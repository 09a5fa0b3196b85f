"""A report on paper: its PDF and its Word file, in the page's language."""

import io
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.translation import get_language, gettext, override
from docx import Document
from docx.shared import Mm

from secretariat.models import YearlyReport
from sscnet.core.i18n.texts import Text, translated
from sscnet.core.uploads.pictures import as_jpeg
from sscnet.figures.figure import Figure
from sscnet.figures.section import FigureSection, FigureTable
from sscnet.papers.layout import word_file
from sscnet.papers.models import PaperSettings
from sscnet.papers.typesetting import make_pdf

from .page import parts_of, state_in_words


def make(report: YearlyReport) -> bytes:
    """Return the PDF. Raise what `make_pdf` raises."""
    return make_pdf("report", contents(report))


def contents(report: YearlyReport) -> dict:
    house = PaperSettings.load()
    lang, _hyphen, script = (get_language() or "").partition("-")
    return {
        "lang": lang,
        "region": "cn" if script else None,
        "title": str(report),
        "author": str(house.issuer_i18n),
        "logo": list(bytes(house.logo)),
        "state": state_in_words(report),
        "introduction": paragraphs(translated(report, "introduction")),
        "sections": [section(*part) for part in parts_of(report)],
    }


def word(report: YearlyReport) -> bytes:
    """Return the report as a Word file, to be worked on: the same words, tables and pictures."""
    found = contents(report)
    page = word_file("", "portrait", "zh-hans" if found["region"] else "en")
    document = Document(io.BytesIO(page))
    add_picture(document, found["logo"], found["author"])
    for words, style in ((found["author"], "letterhead"), (found["title"], "heading 1")):
        document.add_paragraph(words, style)
    for words in (found["state"], *found["introduction"]):
        document.add_paragraph(words, "text")
    for one in found["sections"]:
        document.add_paragraph(one["title"], "heading")
        for words in one["words"]:
            document.add_paragraph(words, "text")
        for rows in ([made["head"], *made["rows"]] for made in one["tables"]):
            made = document.add_table(len(rows), len(rows[0]), "Table Grid")
            for row, words in zip(made.rows, rows, strict=True):
                for cell, text in zip(row.cells, words, strict=True):
                    cell.text = text
        for record in one["records"]:
            document.add_paragraph(record["title"], "second heading")
            add_picture(document, record["picture"], record["alt"])
            for words in (record["countries"], *record["summary"]):
                document.add_paragraph(words, "text")
        if one["note"]:
            document.add_paragraph(one["note"], "note")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def add_picture(document, content: list[int], alt: str) -> None:
    if content:
        document.add_picture(io.BytesIO(bytes(content)), height=Mm(45))
        for picture in document.element.xpath("//wp:docPr[not(@descr)]"):
            picture.set("descr", alt)


@lru_cache(maxsize=16)
def of_frozen(pk: int, language: str) -> bytes:
    """Return the PDF of a frozen report, which never changes."""
    with override(language):
        return make(YearlyReport.objects.get(pk=pk))


def section(words: Text, found: FigureSection) -> dict:
    tables = [table(found.table)] if found.table and found.table.rows else []
    if found.figures:
        head = [gettext("Figure"), gettext("Value"), gettext("What is missing")]
        rows = [[one.label, str(one.number), missing(one)] for one in found.figures]
        tables.insert(0, {"head": head, "rows": rows})
    if found.statements:
        tables.append(statements(found))
    return {
        "title": found.title,
        "words": paragraphs(words),
        "tables": tables,
        "records": [record(one) for one in found.records],
        "definitions": [(one.label, one.definition) for one in found.figures],
        "note": found.note,
    }


def record(kept: dict[str, str]) -> dict:
    """Return a project as the papers show it; a picture that was removed since is left out."""
    picture = b""
    if kept["picture"] and default_storage.exists(kept["picture"]):
        with default_storage.open(kept["picture"]) as file:
            picture = as_jpeg(file)
    return kept | {"summary": paragraphs(Text(kept["summary"], "")), "picture": list(picture)}


def table(found: FigureTable) -> dict:
    rows = [[row.label, *map(str, row.numbers)] for row in found.rows]
    if found.lacking:
        blank = [""] * (len(found.columns) - 1)
        rows.append([gettext("not stated"), str(found.lacking), *blank])
    bars = [[row.label, float(row.numbers[0].value or 0)] for row in found.drawn]
    return {"head": [found.heading, *found.columns], "rows": rows, "bars": bars}


def statements(found: FigureSection) -> dict:
    head = [gettext("Figure"), gettext("Value"), gettext("Date"), gettext("Source")]
    more = gettext("more than %(value)s")
    rows = [
        [
            one.label,
            more % {"value": one.value} if one.qualifier else str(one.value),
            one.as_of,
            one.source,
        ]
        for one in found.statements
    ]
    return {"head": head, "rows": rows, "ends_with_words": True}


def missing(figure: Figure) -> str:
    if not figure.stated:
        return ""
    text = gettext("Of %(whole)s, %(stated)s state it")
    return text % {"whole": figure.whole.value, "stated": figure.stated.value}


def paragraphs(text: Text) -> list[str]:
    return [" ".join(one.split()) for one in text.value.split("\n\n") if one.strip()]
