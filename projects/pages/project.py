"""A project with all that its page shows, read by one statement; see `core.pages.statements`."""

from functools import cache

from django.db.models import QuerySet
from django.utils.text import capfirst

from sscnet.core.i18n.collation import sort_key
from sscnet.core.pages.statements import RecordReader, at_end_of, linked, row, rows_of, sources_of
from sscnet.exchange import PublicField

from ..fields import FIELDS
from ..iati.activity import lacking
from ..models import Picture, Project, ProjectCountry
from ..models.project import LEAD_FIRST


class ProjectPage:
    """A project with the rows and the facts that its page shows.

    `countries`: the lead first, the others as the reader's language sorts them. `facts` are by
    name, each with how it is known.
    """

    fields = FIELDS

    def __init__(self, project: Project):
        self.project = project
        self.facts = FIELDS.shown_facts(project)
        self.countries = sorted(
            project.rows("project_countries"),
            key=lambda link: (link.role != "lead", sort_key(str(link.country))),
        )

    @property
    def is_activity(self) -> bool:
        """Return whether the project can be an activity of IATI."""
        return not lacking(self.project)

    def own_lines(self, *sections: str) -> list[tuple]:
        """Return label, value in words and fact of each stated fact that has a line of its own."""
        declared = [f for f in FIELDS.fields if f.own_line and f.section in sections]
        stated = [field for field in declared if self.facts[field.name].value is not None]
        return [(*self.in_words(field), self.facts[field.name]) for field in stated]

    def in_words(self, field: PublicField) -> tuple:
        label = capfirst(Project._meta.get_field(field.name).verbose_name)
        if field.choices:
            return label, getattr(self.project, f"get_{field.name}_display")()
        return label, field.value(self.project)

    @property
    def is_lead_alone(self):
        return ProjectCountry.is_lead_alone(self.countries)


def read_page(slug: str, *, is_staff: bool) -> ProjectPage | None:
    """Return the page of the project that has this slug or had it before, if they may open it."""
    project = reading(is_staff).of_slug(slug)
    return ProjectPage(project) if project else None


# ---------------------------------------------------------------- what is read


@cache
def reading(is_staff: bool) -> RecordReader[Project]:
    projects = Project.objects.all() if is_staff else Project.objects.with_address()
    return RecordReader.by_slug(projects, rows_of_page())


def rows_of_page() -> dict[str, QuerySet]:
    countries = rows_of(Project, "project_countries").order_by(*LEAD_FIRST)
    sectors = rows_of(Project, "sectors").order_by("name")
    return {
        "area": at_end_of(Project, "area").values_list(row("slug", "name", "i18n")),
        "fund_numbers": rows_of(Project, "fund_numbers").values_list(row("number")),
        "project_countries": countries.values_list(
            row("role", country=linked("country", "iso2", "tile_column", "tile_row"))
        ),
        "project_institutions": rows_of(Project, "project_institutions").values_list(
            row("role", institution=linked("institution", "slug", "kind", "state"))
        ),
        "project_sdgs": rows_of(Project, "project_sdgs").values_list(
            row("place", "reason", "target", "i18n", sdg=linked("sdg", "number", "color"))
        ),
        "sectors": sectors.values_list(row("slug", "name", "i18n")),
        "documents": rows_of(Project, "documents").values_list(
            row("kind", "file", "size", "title", "language", "dated", "i18n")
        ),
        "pictures": rows_of(Project, "pictures").values_list(row(*Picture.SHOWN)),
        "sources": sources_of(Project),
    }
