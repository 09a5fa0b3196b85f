"""An institution with all that its page shows, read by one statement that is written once.

See `sscnet.records.parts`.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, QuerySet
from django.db.models.functions import JSONObject

from sscnet.records.parts import (
    at_end_of,
    fill,
    kinds_of,
    linked,
    read_with,
    row,
    rows_of,
    sources_of,
    statement_with,
)
from sscnet.records.statements import Statement

from .models import Institution, Logo, Service

ADDRESS = ("id", "slug", "kind", "state")


@dataclass(frozen=True)
class InstitutionPage:
    # With its country, membership, names, services and sources; with those before and after it.
    institution: Institution
    logo: Logo | None
    # In published projects, the newest first, each with all who have a part there.
    parts: list[Model]


def read_page(slug: str, *, is_staff: bool) -> InstitutionPage | None:
    """Return the page of the institution of this slug, now or before, if they may open it."""
    found = read_with(Institution, statement(is_staff), kinds(), slug)
    if found is None:
        return None
    institution, parts = found
    logos, in_projects = parts.pop("logos"), parts.pop("project_institutions")
    fill(institution, parts)
    return InstitutionPage(institution, next(iter(logos), None), in_projects)


# ---------------------------------------------------------------- what is read


@cache
def kinds() -> dict[str, type[Model]]:
    return kinds_of(Institution, rows_of_parts())


@lru_cache(maxsize=2)
def statement(is_staff: bool) -> Statement:
    institutions = Institution.objects.all() if is_staff else Institution.objects.with_address()
    return statement_with(institutions, rows_of_parts())


def rows_of_parts() -> dict[str, QuerySet]:
    logos = rows_of(Institution, "logos").filter(is_current=True)
    another = row(*ADDRESS, "name", "i18n")
    return {
        "country": at_end_of(Institution, "country").values_list(row("iso2", "name", "i18n")),
        "successor": at_end_of(Institution, "successor").values_list(another),
        "merged_into": at_end_of(Institution, "merged_into").values_list(another),
        "predecessors": rows_of(Institution, "predecessors").values_list(another),
        "memberships": rows_of(Institution, "memberships").values_list(
            row("state", "since", "until", "admitted_how", "i18n")
        ),
        "names": rows_of(Institution, "names").values_list(row("name", "kind", "language")),
        "sectors": rows_of(Institution, "sectors").values_list(row("name", "i18n")),
        "services": services(),
        "sources": sources_of(Institution),
        "logos": logos.values_list(row("image", "width", "height", "alt", "i18n")),
        "project_institutions": parts_in_projects(),
    }


def services() -> QuerySet:
    sectors = ArraySubquery(rows_of(Service, "sectors").values_list(row("name", "i18n")))
    services = rows_of(Institution, "services").order_by("kind", "id")
    return services.values_list(row("id", "kind", "title", "description", "i18n", sectors=sectors))


def parts_in_projects() -> QuerySet:
    parts = rows_of(Institution, "project_institutions").of_published()
    project = parts.model._meta.get_field("project").related_model
    countries = rows_of(project, "project_countries", "project")
    institutions = rows_of(project, "project_institutions", "project")
    shown = {
        name: f"project__{name}"
        for name in ("id", "code", "slug", "title", "year_approved", "i18n")
    }
    links = {
        "project_countries": countries.values_list(row(country=linked("country", "iso2"))),
        "project_institutions": institutions.values_list(
            row(institution=linked("institution", *ADDRESS))
        ),
    }
    links = {name: ArraySubquery(rows) for name, rows in links.items()}
    return parts.values_list(row("role", project=JSONObject(**shown, **links)))
