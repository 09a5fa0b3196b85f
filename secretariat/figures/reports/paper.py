"""A report on paper: what its PDF says, in the page's language."""

from functools import lru_cache

from django.utils.translation import get_language, gettext, override

from secretariat.models import YearlyReport
from sscnet.core.i18n.texts import Text, translated
from sscnet.figures.figure import Figure
from sscnet.figures.section import FigureSection, FigureTable
from sscnet.papers.models import PaperSettings
from sscnet.papers.typesetting import make_pdf

from .page import parts_of, state_in_words


def make(report: YearlyReport) -> bytes:
    """Return the PDF. Raise what `make_pdf` raises."""
    house = PaperSettings.load()
    lang, _hyphen, script = (get_language() or "").partition("-")
    data = {
        "lang": lang,
        "region": "cn" if script else None,
        "title": str(report),
        "author": str(house.issuer_i18n),
        "logo": list(bytes(house.logo)),
        "state": state_in_words(report),
        "introduction": paragraphs(translated(report, "introduction")),
        "sections": [section(*part) for part in parts_of(report)],
    }
    return make_pdf("report", data)


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
        "definitions": [(one.label, one.definition) for one in found.figures],
        "note": found.note,
    }


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
