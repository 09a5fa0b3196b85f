"""Where in a project a search found what its title does not show, in one short line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import Text, guessed, in_page_order
from sscnet.search import Pieces, highlights, may_show, snippet

from ..models import Project

TEXTS = {
    "subtitle": _("Subtitle"),
    "summary": _("In short"),
    "outcome": _("What came of it"),
    "challenge": _("The challenge"),
    "approach": _("Towards a solution"),
}


@dataclass(frozen=True)
class FoundLine:
    """A place of a project and the words there, in pieces; `text` knows which language it is in."""

    label: str
    pieces: Pieces
    text: Text


def found_in(project: Project, text: str) -> FoundLine | None:
    """Return the first place that shows what was asked for: "Institution: Biogas Institute"."""
    for label, marked, texts in places(project):
        for one in texts:
            if pieces := marked(one.value, text):
                return FoundLine(label, pieces, one)
    return None


def places(project: Project) -> Iterator[tuple[str, Callable, Iterable[Text]]]:
    """Return the places of a project in their order, each with how its words are marked.

    What comes after the first place found is not looked at.
    """
    goals = project.rows("project_sdgs")
    institutions = [one.institution for one in project.rows("project_institutions")]
    countries = [one.country for one in project.rows("project_countries")]
    numbers = (project.code, *(one.number for one in project.rows("fund_numbers")))
    others = (one.name for institution in institutions for one in institution.rows("names"))
    yield _("Number"), marked_words, (Text(number, get_language()) for number in numbers)
    yield _("Title"), marked_words, in_page_order("title", project)
    yield _("Institution"), marked_words, in_page_order("name", *institutions)
    yield _("Institution"), marked_words, map(guessed, others)
    yield _("Country"), marked_words, in_page_order("name", *countries)
    yield _("Sector"), marked_words, in_page_order("name", *project.rows("sectors"))
    yield _("Goal (SDG)"), marked_words, in_page_order("name", *(one.sdg for one in goals))
    for name, label in TEXTS.items():
        yield label, snippet, in_page_order(name, project)
    yield _("Goal (SDG)"), snippet, in_page_order("reason", *goals)


@lru_cache(maxsize=4096)
def marked_words(value: str, text: str) -> Pieces:
    """Return words in pieces, or nothing if none is marked; the names of a page come again."""
    pieces = highlights(value, text) if may_show(value, text) else []
    return pieces if any(is_marked for _piece, is_marked in pieces) else []
