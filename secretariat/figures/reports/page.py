"""A report as its page shows it: the words and figures of each section."""

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from secretariat.models import YearlyReport
from sscnet.core.i18n.texts import Text, translated
from sscnet.figures.section import FigureSection

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
