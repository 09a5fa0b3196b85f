"""What lists show of projects, by one statement that is written once."""

from dataclasses import dataclass, field, replace
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from members.models import InstitutionName
from sscnet.core.i18n.texts import Text, first_sentence, translated
from sscnet.core.pages.statements import RecordReader, at_end_of, linked, row, rows_of
from sscnet.facets.listing import Listing
from sscnet.search import Pieces

from ..models import Project
from ..models.project import LEAD_FIRST
from .snippets import FoundLine, found_in, marked_words


@dataclass(frozen=True)
class Result:
    """A project in a list.

    Of a search, `title_pieces` has the marks if there are any, `line` is where else it was found.
    """

    project: Project
    title_pieces: Pieces = field(default_factory=list)
    line: FoundLine | None = None

    @property
    def sentence(self) -> Text:
        summary = translated(self.project, "summary")
        return replace(summary, value=first_sentence(summary.value)) if summary else summary


def results(ids: list[int], text: str = "") -> list[Result]:
    """Return the results of these projects in this order, with marks where a text was searched."""
    projects = reading().of_ids(ids)
    return [marked(one, text) if text else Result(one) for one in projects]


def searched_for(listing: Listing) -> str:
    """Return the words to mark: as they were corrected, where nothing was found otherwise."""
    return (listing.answer and listing.answer.corrected) or listing.params.text


def marked(project: Project, text: str) -> Result:
    """Mark the title; where nothing is marked, say where else the project has it."""
    pieces = marked_words(translated(project, "title").value, text)
    return Result(project, pieces, None if pieces else found_in(project, text))


@cache
def reading() -> RecordReader[Project]:
    """Write once what is read of some projects, the lead first."""
    countries = rows_of(Project, "project_countries").order_by(*LEAD_FIRST)
    institutions = rows_of(Project, "project_institutions").order_by("pk")
    goals = rows_of(Project, "project_sdgs").order_by("place")
    names = InstitutionName.objects.filter(institution=OuterRef("institution")).order_by("pk")
    institution = {name: f"institution__{name}" for name in ("slug", "name", "i18n")}
    institution = JSONObject(**institution, names=ArraySubquery(names.values_list(row("name"))))
    rows = {
        "area": at_end_of(Project, "area").values_list(row("slug", "name", "i18n")),
        "fund_numbers": rows_of(Project, "fund_numbers").values_list(row("number")),
        "project_countries": countries.values_list(row(country=linked("country", "iso2"))),
        "project_institutions": institutions.values_list(row("role", institution=institution)),
        "project_sdgs": goals.values_list(row("reason", "i18n", sdg=linked("sdg", "number"))),
        "sectors": rows_of(Project, "sectors")
        .order_by("name")
        .values_list(row("slug", "name", "i18n")),
    }
    return RecordReader.of(Project.objects.published(), rows)
