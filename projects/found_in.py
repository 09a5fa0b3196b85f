"""Where in a project a search found what its title does not show, in one short line."""

from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .search import mark, may_show, snippet

TEXTS = {
    "subtitle": _("Subtitle"),
    "summary": _("In short"),
    "outcome": _("What came of it"),
    "challenge": _("The challenge"),
    "approach": _("Towards a solution"),
}


def found_in(project, text: str) -> SafeString | str:
    """Say the first place that shows what was asked for: "Institution: Biogas Institute"."""
    for label, value in places(project):
        if may_show(value, text) and "<mark>" in (marked := mark(value, text)):
            return line(label, marked)
    for field, label in TEXTS.items():
        for value in both(project, field):
            if marked := snippet(value, text):
                return line(label, marked)
    return ""


def line(label, marked: SafeString) -> SafeString:
    return format_html(gettext("{place}: {words}"), place=label, words=marked)


def places(project) -> Iterator[tuple]:
    listed = project.listed
    for number in (project.code, *listed["numbers"]):
        yield _("Number"), number
    for title in both(project, "title"):
        yield _("Title"), title
    for name, label in (
        ("institutions", _("Institution")),
        ("countries", _("Country")),
        ("sectors", _("Sector")),
        ("goals", _("Goal (SDG)")),
    ):
        for record in listed[name]:
            for words in both(record, "name"):
                yield label, words


def both(record, field: str) -> list[str]:
    """Give a text in the languages that have it, the page's first."""
    texts = [getattr(record, f"{field}_i18n"), getattr(record, field)]
    texts.append(getattr(record, f"{field}_zh_hans"))
    return list(dict.fromkeys(text for text in texts if text))
