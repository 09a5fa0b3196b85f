"""An institution with all that its page shows, read by one statement that is written once.

See `sscnet.core.parts`.
"""

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from sscnet.codelists.models import SDG, Country
from sscnet.core.parts import (
    at_end_of,
    fill,
    kinds_of,
    read_with,
    row,
    rows_of,
    sources_of,
    statement_with,
)
from sscnet.core.sql import Statement

from .models import Institution, Logo, Service

ADDRESS = ("id", "slug", "kind", "state")
# What its projects lead to besides.
OTHERS = {"partners": Institution, "countries": Country, "goals": SDG}


@dataclass(frozen=True)
class InstitutionPage:
    # With its country, membership, names, services and sources; with those before and after it.
    institution: Institution
    logo: Logo | None
    # In published projects, the newest first.
    parts: list[Model]
    # Of these projects, itself among them; `shared` is in how many each of these is.
    partners: list[Institution]
    countries: list[Country]
    goals: list[SDG]

    @cached_property
    def projects(self) -> list[Model]:
        """Return its projects once each, whatever it did there."""
        return [*{part.project.code: part.project for part in self.parts}.values()]

    def total(self, field: str) -> tuple[int, int]:
        """Return the sum of a field of its projects, and how many of them state it."""
        stated = [getattr(one, field) for one in self.projects]
        stated = [number for number in stated if number is not None]
        return sum(stated), len(stated)


def read_page(slug: str, *, is_staff: bool) -> InstitutionPage | None:
    """Return the page of the institution of this slug, now or before, if they may open it."""
    found = read_with(Institution, statement(is_staff), kinds(), slug)
    if found is None:
        return None
    institution, parts = found
    logos, in_projects = parts.pop("logos"), parts.pop("project_institutions")
    others = [parts.pop(name) for name in OTHERS]
    fill(institution, parts)
    return InstitutionPage(institution, next(iter(logos), None), in_projects, *others)


# ---------------------------------------------------------------- what is read


@cache
def kinds() -> dict[str, type[Model]]:
    return kinds_of(Institution, rows_of_parts().keys() - OTHERS.keys()) | OTHERS


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
        "logos": logos.values_list(row(*Logo.SHOWN)),
        "project_institutions": parts_in_projects(),
        "partners": in_its_projects(Institution, "project_institutions", *ADDRESS),
        "countries": in_its_projects(Country, "project_countries", "iso2"),
        "goals": in_its_projects(SDG, "project_sdgs", "number", "color"),
    }


def services() -> QuerySet:
    sectors = ArraySubquery(rows_of(Service, "sectors").values_list(row("name", "i18n")))
    services = rows_of(Institution, "services").order_by("kind", "id")
    return services.values_list(row("id", "kind", "title", "description", "i18n", sectors=sectors))


def parts_in_projects() -> QuerySet:
    names = (
        *("code", "slug", "title", "year_approved", "i18n"),
        *("granted_usd", "beneficiaries_number"),
    )
    project = JSONObject(**{name: f"project__{name}" for name in names})
    parts = rows_of(Institution, "project_institutions").of_published()
    return parts.values_list(row("role", project=project))


def in_its_projects(model: type[Model], link: str, *key: str) -> QuerySet:
    """Return what the institution's published projects lead to, and how many of them do."""
    parts = Institution._meta.get_field("project_institutions").related_model.objects
    its = parts.filter(institution=OuterRef(OuterRef("pk"))).of_published().order_by()
    found = model.objects.order_by().filter(**{f"{link}__project__in": its.values("project")})
    counted = found.annotate(shared=Count(f"{link}__project", distinct=True))
    return counted.values_list(row(*key, "name", "i18n", "shared"))
