"""Name tags (badges) and table signs as PDF: names and institutions in both scripts."""

from django.utils.translation import get_language, gettext

from meetings.models import Delegate, Meeting
from sscnet.core.i18n.texts import per_language
from sscnet.papers.typesetting import make_pdf


def make(template: str, title, meeting: Meeting, people: list[Delegate]) -> bytes:
    """Return the PDF of a template, a tag or sign for each. Raise what `make_pdf` raises."""
    data = {
        "title": f"{title}: {meeting}",
        "author": gettext("China South-South Cooperation Network"),
        "lang": script_of(get_language()),
        "meeting": in_each_language(meeting),
        "people": [of_person(one) for one in people],
    }
    return make_pdf(template, data)


def of_person(delegate: Delegate) -> dict:
    latin = (delegate.given_names, delegate.family_name.upper())
    return {
        "chinese": delegate.chinese_name,
        "latin": " ".join(part for part in latin if part),
        "role": delegate.role,
        "institution": in_each_language(delegate.delegation.institution),
    }


def in_each_language(record) -> list[dict[str, str]]:
    """Return what a record is called in each language; once where that is the same."""
    found = {}
    for language, words in per_language(record.__str__).items():
        found.setdefault(words, script_of(language))
    return [{"words": words, "lang": script} for words, script in found.items()]


def script_of(language: str) -> str:
    """Return the language as Typst names it: two letters."""
    return language.partition("-")[0]
