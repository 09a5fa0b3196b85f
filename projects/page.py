"""A project with all that its page shows, read by one statement that is written once.

Its links are records of their own kinds, so that they know their words and addresses; they hold
what the page shows of them and are never saved.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Model, OuterRef
from django.db.models.functions import Cast, JSONObject

from sscnet.codelists.models import PGTFArea, Sector
from sscnet.records.models import Source
from sscnet.records.statements import Statement

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

# Stands in the statement for the slug that it is run with.
ANY_SLUG = "any slug"
PREFIX = "of_page_"


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
    sql, params = statement(is_staff)
    params = [slug if param == ANY_SLUG else param for param in params]
    return next(map(page_of, Project.objects.raw(sql, params)), None)


def page_of(project: Project) -> ProjectPage:
    parts = {
        name: [record_of(model, json.loads(row)) for row in getattr(project, PREFIX + name)]
        for name, model in KINDS.items()
    }
    return ProjectPage(project, **parts | {"area": next(iter(parts["area"]), None)})


def record_of(model: type[Model], values: dict) -> Model:
    """Make a record of what was read of it, and of what it leads to."""
    fields = ((model._meta.get_field(name), value) for name, value in values.items())
    return model(
        **{
            field.name: record_of(field.related_model, value)
            if field.is_relation
            else field.to_python(value)
            for field, value in fields
        }
    )


# ---------------------------------------------------------------- what is read


@lru_cache(maxsize=2)
def statement(is_staff: bool) -> Statement:
    projects = Project.objects.all() if is_staff else Project.objects.with_address()
    parts = {PREFIX + name: ArraySubquery(rows) for name, rows in rows_of_parts(projects).items()}
    return projects.for_slug(ANY_SLUG).order_by().annotate(**parts).query.sql_with_params()


def rows_of_parts(projects) -> dict:
    rows = projects.rows_of
    areas = PGTFArea.objects.order_by().filter(pk=OuterRef("area"))
    countries = rows("project_countries").order_by(*LEAD_FIRST)
    sectors = rows("project_sectors").order_by("sector__name")
    return {
        "area": areas.values_list(row("name", "i18n")),
        "numbers": rows("fund_numbers").values_list(row("number")),
        "countries": countries.values_list(
            row("role", country=linked("country", "iso2", "tile_column", "tile_row"))
        ),
        "institutions": rows("project_institutions").values_list(
            row("role", institution=linked("institution", "slug", "kind", "state"))
        ),
        "goals": rows("project_sdgs").values_list(
            row("place", "reason", "target", "i18n", sdg=linked("sdg", "number"))
        ),
        "sectors": sectors.values_list(linked("sector", "slug")),
        "documents": rows("documents").values_list(
            row("kind", "file", "size", "title", "language", "dated", "i18n")
        ),
        "pictures": rows("pictures").values_list(
            row("image", "width", "height", "alt", "caption", "i18n")
        ),
        "sources": sources_of(Project).values_list(
            row("name", "address", "supports", "confidence", "read_on")
        ),
    }


def row(*fields: str, **linked: JSONObject) -> JSONObject:
    return JSONObject(**{field: field for field in fields}, **linked)


def linked(path: str, *fields: str) -> JSONObject:
    """Say what is read of a record at the end of a link; of each its name in all languages."""
    return JSONObject(**{field: f"{path}__{field}" for field in (*fields, "name", "i18n")})


def sources_of(model: type[Model]):
    # By the name of the kind: its number may be another one in the next database.
    return Source.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
