"""A project with all that its page shows, read by one statement that is written once.

See `sscnet.core.parts`.
"""

from dataclasses import dataclass
from functools import lru_cache

from sscnet.codelists.models import PGTFArea, Sector
from sscnet.core.models import Source
from sscnet.core.parts import at_end_of, linked, read_with, row, rows_of, sources_of, statement_with
from sscnet.core.sql import Statement

from .models import (
    Document,
    FundNumber,
    Picture,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
)
from .models.project import LEAD_FIRST


@dataclass(frozen=True)
class ProjectPage:
    project: Project
    area: PGTFArea | None
    numbers: list[FundNumber]
    # The lead first, the others in the source's order.
    countries: list[ProjectCountry]
    institutions: list[ProjectInstitution]
    goals: list[ProjectSDG]
    sectors: list[Sector]
    documents: list[Document]
    pictures: list[Picture]
    sources: list[Source]

    @property
    def is_lead_alone(self):
        return ProjectCountry.is_lead_alone(self.countries)


KINDS = {
    "area": PGTFArea,
    "numbers": FundNumber,
    "countries": ProjectCountry,
    "institutions": ProjectInstitution,
    "goals": ProjectSDG,
    "sectors": Sector,
    "documents": Document,
    "pictures": Picture,
    "sources": Source,
}


def read_page(slug: str, *, is_staff: bool) -> ProjectPage | None:
    """Return the page of the project that has this slug or had it before, if they may open it."""
    found = read_with(Project, statement(is_staff), KINDS, slug)
    if found is None:
        return None
    project, parts = found
    return ProjectPage(project, **parts | {"area": next(iter(parts["area"]), None)})


# ---------------------------------------------------------------- what is read


@lru_cache(maxsize=2)
def statement(is_staff: bool) -> Statement:
    projects = Project.objects.all() if is_staff else Project.objects.with_address()
    return statement_with(projects, rows_of_parts())


def rows_of_parts() -> dict:
    countries = rows_of(Project, "project_countries").order_by(*LEAD_FIRST)
    sectors = rows_of(Project, "project_sectors").order_by("sector__name")
    return {
        "area": at_end_of(Project, "area").values_list(row("name", "i18n")),
        "numbers": rows_of(Project, "fund_numbers").values_list(row("number")),
        "countries": countries.values_list(
            row("role", country=linked("country", "iso2", "tile_column", "tile_row"))
        ),
        "institutions": rows_of(Project, "project_institutions").values_list(
            row("role", institution=linked("institution", "slug", "kind", "state"))
        ),
        "goals": rows_of(Project, "project_sdgs").values_list(
            row("place", "reason", "target", "i18n", sdg=linked("sdg", "number"))
        ),
        "sectors": sectors.values_list(linked("sector", "slug")),
        "documents": rows_of(Project, "documents").values_list(
            row("kind", "file", "size", "title", "language", "dated", "i18n")
        ),
        "pictures": rows_of(Project, "pictures").values_list(
            row("image", "width", "height", "alt", "caption", "i18n")
        ),
        "sources": sources_of(Project),
    }
