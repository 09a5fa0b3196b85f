"""A report as its page and its papers show it: words and figures, the PDF, the Word file."""

import io
from functools import lru_cache

from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
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

from ..network import NetworkFigures


def parts_of(report: YearlyReport) -> list[tuple[Text, FigureSection]]:
    """Return words and figures of each section: as they are kept, or of now until they are."""
    words = [translated(one, "words") for one in report.chosen]
    if report.is_frozen:
        return list(zip(words, kept(report), strict=True))
    figures = NetworkFigures(QueryDict(report.query), until=report.year)
    return [
        (text, figures.section(one.section)) for text, one in zip(words, report.chosen, strict=True)
    ]


def kept(report: YearlyReport) -> list[FigureSection]:
    def address_of(key: str) -> str:
        return reverse("secretariat:report_list", args=[report.year, report.version, key])

    return [FigureSection.of_plain(values, address_of) for values in report.kept_sections]


def state_in_words(report: YearlyReport) -> str:
    """Say of which day the figures are, and which version it is."""
    counted = gettext("Counted are the records on this site, which are not all of the Network.")
    text = gettext("Draft of version %(n)d: the figures are those of now.")
    words = {"n": report.version}
    if report.is_frozen:
        text = gettext("Version %(n)d. The figures are as they were on %(day)s.")
        words["day"] = date_format(timezone.localtime(report.frozen_at), "DATE_FORMAT")
    return f"{text % words} {counted}"


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
