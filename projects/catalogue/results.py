"""What lists show of projects: plain rows, read by a statement that is written once.

Loading twenty results as records takes longer than finding and counting them.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import batched

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.fields.json import KT, KeyTextTransform
from django.utils.translation import gettext

from sscnet.core.database.sql import Statement, read, statement_of
from sscnet.core.i18n.addresses import address_of
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import Text, chosen, first_sentence
from sscnet.core.pages.statements import RecordReader, at_end_of, linked, row, rows_of
from sscnet.facets.engine import Index
from sscnet.facets.listing import Listing
from sscnet.search import Pieces

from ..models import Project
from ..models.project import LEAD_FIRST
from . import snippets
from .amounts import usd
from .snippets import FoundLine

NAMED = ("country", "sector", "sdg", "status")
OTHER_TITLES = each_language("title")[1:]
OTHER_SUMMARIES = each_language("summary")[1:]
OTHER_NAMES = each_language("name")[1:]


@dataclass(frozen=True)
class Result:
    """What a list shows of a project, in the page's language.

    `sentence` is the first of its summary. Of a search, `title_pieces` has the marks if there are
    any, `line` is where else it was found.
    """

    pk: int
    code: str
    slug: str
    title: Text
    is_sample: bool
    status: str
    status_words: str
    approved: str
    grant: str
    sentence: Text
    institutions: list[Text]
    countries: list[str]
    sectors: list[str]
    goals: list[tuple[int, str]]
    title_pieces: Pieces = field(default_factory=list)
    line: FoundLine | None = None

    @property
    def address(self) -> str:
        return address_of("projects:detail", self.slug)


def results(index: Index, ids: list[int], text: str = "") -> list[Result]:
    """Return the results of these projects in this order, with marks where a text was searched."""
    found = results_by_id(index, ids)
    if text:
        found = marked(found, text)
    return [found[id] for id in ids if id in found]


def searched_for(listing: Listing) -> str:
    """Return the words to mark: as they were corrected, where nothing was found otherwise."""
    return (listing.answer and listing.answer.corrected) or listing.params.text


def results_by_id(index: Index, ids: list[int]) -> dict[int, Result]:
    """Read the results in one query; the names of codes are in memory already."""
    if not ids:
        return {}
    filters = index.filterset.base_filters
    words = {name: index.labels(filters[name]) for name in NAMED}
    found = (result_of(row, words) for row in read(statement(), ids))
    return {result.pk: result for result in found}


def marked(found: dict[int, Result], text: str) -> dict[int, Result]:
    """Mark the titles; where nothing is marked, say where else the project has it."""
    titles = {id: snippets.marked_words(one.title.value, text) for id, one in found.items()}
    lines = snippets.lines([id for id, pieces in titles.items() if not pieces], text)
    return {
        id: replace(result, title_pieces=titles[id], line=lines.get(id))
        for id, result in found.items()
    }


def result_of(row: tuple, words: dict) -> Result:
    pk, code, slug, is_sample, status, year, granted, countries, sectors, goals, *texts = row
    titles, summaries, names = batched(texts, len(settings.LANGUAGES), strict=True)
    summary = chosen(summaries)
    return Result(
        pk,
        code,
        slug,
        chosen(titles),
        is_sample,
        status,
        words["status"].get(status, ""),
        gettext("Approved in %(year)s") % {"year": year} if year else "",
        usd(granted) if granted is not None else "",
        replace(summary, value=first_sentence(summary.value)) if summary else summary,
        [chosen(one) for one in zip(*names, strict=True)],
        [words["country"].get(iso2, iso2) for iso2 in countries],
        [words["sector"].get(slug, slug) for slug in sectors],
        [(number, words["sdg"].get(str(number), "")) for number in goals],
    )


@cache
def statement() -> Statement:
    """Write once what is read of some projects."""
    submitters = rows_of(Project, "project_institutions").filter(role="submitter").order_by("pk")
    countries = rows_of(Project, "project_countries").order_by(*LEAD_FIRST)
    sectors = rows_of(Project, "sectors").order_by("name")
    columns = [
        *("pk", "code", "slug", "is_sample", "status", "year_approved", "granted_usd"),
        ArraySubquery(countries.values_list("country_id")),
        ArraySubquery(sectors.values_list("slug")),
        ArraySubquery(rows_of(Project, "project_sdgs").order_by("place").values_list("sdg_id")),
        *("title", *(KT(f"i18n__{name}") for name in OTHER_TITLES)),
        *("summary", *(KT(f"i18n__{name}") for name in OTHER_SUMMARIES)),
        ArraySubquery(submitters.values_list("institution__name")),
        *(
            ArraySubquery(submitters.values_list(KeyTextTransform(name, "institution__i18n")))
            for name in OTHER_NAMES
        ),
    ]
    return statement_of(Project.objects.published().order_by().values_list(*columns))


@cache
def reading() -> RecordReader[Project]:
    """Write once what tables, feeds and comparisons read of some projects, the lead first."""
    countries = rows_of(Project, "project_countries").order_by(*LEAD_FIRST)
    institutions = rows_of(Project, "project_institutions").order_by("pk")
    goals = rows_of(Project, "project_sdgs").order_by("place")
    rows = {
        "area": at_end_of(Project, "area").values_list(row("slug", "name", "i18n")),
        "fund_numbers": rows_of(Project, "fund_numbers").values_list(row("number")),
        "project_countries": countries.values_list(row(country=linked("country", "iso2"))),
        "project_institutions": institutions.values_list(
            row(institution=linked("institution", "slug"))
        ),
        "project_sdgs": goals.values_list(row(sdg=linked("sdg", "number"))),
        "sectors": rows_of(Project, "sectors")
        .order_by("name")
        .values_list(row("slug", "name", "i18n")),
    }
    return RecordReader.of(Project.objects.published(), rows)
