"""Where in a project a search found what its title does not show, in one short line.

Read by a statement that is written once: loading all that a project is linked to as records takes
longer than finding and marking the words in it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched, starmap

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.fields.json import KT, KeyTextTransform
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.models import InstitutionName
from sscnet.core.database.sql import Statement, read, statement_of
from sscnet.core.i18n.texts import Text, guessed
from sscnet.core.pages.statements import rows_of
from sscnet.search import Pieces, highlights, may_show, snippet

from ..models import Project

# What has names: by which link of the project, to what.
NAMED = {
    ("project_institutions", "institution"): _("Institution"),
    ("project_countries", "country"): _("Country"),
    ("project_sectors", "sector"): _("Sector"),
    ("project_sdgs", "sdg"): _("Goal (SDG)"),
}
TEXTS = {
    "subtitle": _("Subtitle"),
    "summary": _("In short"),
    "outcome": _("What came of it"),
    "challenge": _("The challenge"),
    "approach": _("Towards a solution"),
}
REASONS = ("project_sdgs", "reason")

# Each with its language.
Words = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class FoundLine:
    """A place of a project and the words there, in pieces; `text` knows which language it is in."""

    label: str
    pieces: Pieces
    text: Text


def lines(ids: list[int], text: str) -> dict[int, FoundLine | None]:
    """Return of each project the first place that shows what was asked for."""
    rows = read(statement(), ids) if ids else ()
    return {id: found_in(columns, text) for id, *columns in rows}


def found_in(columns: list, text: str) -> FoundLine | None:
    """Return where in what was read it is: "Institution: Biogas Institute"."""
    for label, marked, words in places(columns):
        for value, language in words:
            if pieces := marked(value, text):
                return FoundLine(label, pieces, Text(value, language))
    return None


def places(columns: list) -> Iterator[tuple[str, Callable, Words]]:
    """Return the places of a project in their order, each with how its words are marked.

    What comes after the first place found is not looked at.
    """
    code, numbers, others, *both = columns
    pairs = starmap(in_order_of_page, batched(both, 2, strict=True))
    yield _("Number"), marked_words, [(number, get_language()) for number in (code, *numbers)]
    yield _("Title"), marked_words, next(pairs)
    for (_link, target), label in NAMED.items():
        yield label, marked_words, next(pairs)
        if target == "institution":
            yield label, marked_words, [(name, guessed(name).language) for name in others]
    for label in [*TEXTS.values(), NAMED["project_sdgs", "sdg"]]:
        yield label, snippet, next(pairs)


@lru_cache(maxsize=4096)
def marked_words(value: str, text: str) -> Pieces:
    """Return words in pieces, or nothing if none is marked; the names of a page come again."""
    pieces = highlights(value, text) if may_show(value, text) else []
    return pieces if any(is_marked for _piece, is_marked in pieces) else []


def in_order_of_page(english, chinese) -> Words:
    """Put a text or texts in both languages one after the other, the page's first."""
    both = [(english, "en"), (chinese, "zh-hans")]
    if get_language() != "en":
        both.reverse()
    for values, language in both:
        for value in filter(None, values if isinstance(values, list) else [values]):
            yield value, language


# ---------------------------------------------------------------- what is read


@lru_cache(maxsize=1)
def statement() -> Statement:
    projects = Project.objects.published()
    numbers = rows_of(Project, "fund_numbers").order_by("number").values_list("number")
    names = InstitutionName.objects.filter(
        institution__project_institutions__project=OuterRef("pk")
    ).order_by("pk")
    columns = ["pk", "code", ArraySubquery(numbers), ArraySubquery(names.values_list("name"))]
    columns += both_languages("title")
    for link, target in NAMED:
        columns += both_languages_of(link, "name", f"{target}__")
    for field in TEXTS:
        columns += both_languages(field)
    columns += both_languages_of(*REASONS)
    return statement_of(projects.order_by().values_list(*columns))


def both_languages(field: str) -> Iterator:
    yield field
    yield KT(f"i18n__{field}_zh_hans")


def both_languages_of(link: str, field: str, path: str = "") -> Iterator:
    rows = rows_of(Project, link).order_by("pk")
    yield ArraySubquery(rows.values_list(f"{path}{field}"))
    yield ArraySubquery(rows.values_list(KeyTextTransform(f"{field}_zh_hans", f"{path}i18n")))
