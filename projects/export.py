"""What a file of projects holds, column by column: the same in CSV, Excel and JSON."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from .models import Project, ProjectCountry, ProjectInstitution

LANGUAGES = [("en", "en"), ("zh", "zh-hans")]
PER_COUNTRY = "country"


@dataclass(frozen=True)
class ExportColumn:
    """A column of the file: its name and how a project fills it."""

    name: str
    value: Callable[[Project], Any]


@cache
def labels(choices: type, language: str) -> dict:
    """Give the words of all choices in one language; a file holds both, whoever asks for it."""
    with translation.override(language):
        return {choice.value: str(choice.label) for choice in choices}


def choice(name: str, choices: type) -> list[ExportColumn]:
    """Make the columns of a choice: its code, and its label in both languages."""

    def code(project):
        value = getattr(project, name)
        return None if value == "" else value

    def label(language):
        # What is not stated has no label either: the cell stays empty.
        return lambda p: None if code(p) is None else labels(choices, language)[code(p)]

    return [
        ExportColumn(name, code),
        *(ExportColumn(f"{name}_{end}", label(language)) for end, language in LANGUAGES),
    ]


def translated(name: str) -> list[ExportColumn]:
    """Make the columns of a translated text, each language as it is, none standing in."""
    return [
        ExportColumn(f"{name}_en", lambda project: getattr(project, name)),
        ExportColumn(f"{name}_zh", lambda project: getattr(project, f"{name}_zh_hans")),
    ]


def related(name: str, code: str, rows: Callable[[Project], Iterable]) -> list[ExportColumn]:
    """Make the columns of several related records: their codes, their names in both languages."""
    return [
        ExportColumn(name, lambda project: [str(getattr(row, code)) for row in rows(project)]),
        ExportColumn(f"{name}_en", lambda project: [row.name for row in rows(project)]),
        ExportColumn(
            f"{name}_zh", lambda project: [row.name_zh_hans or "" for row in rows(project)]
        ),
    ]


def one(name: str, code: str, row: Callable[[Project], Any]) -> list[ExportColumn]:
    """Make the columns of one related record, or of none."""
    return [
        ExportColumn(
            name, lambda project: str(getattr(row(project), code)) if row(project) else None
        ),
        ExportColumn(f"{name}_en", lambda project: row(project).name if row(project) else None),
        ExportColumn(
            f"{name}_zh", lambda project: row(project).name_zh_hans if row(project) else None
        ),
    ]


def countries(*roles: str) -> Callable[[Project], list]:
    return lambda project: [
        link.country for link in project.project_countries.all() if not roles or link.role in roles
    ]


def institutions(*roles: str) -> Callable[[Project], list]:
    return lambda project: [
        link.institution
        for link in project.project_institutions.all()
        if not roles or link.role in roles
    ]


def first(rows: Callable[[Project], list]) -> Callable[[Project], Any]:
    return lambda project: next(iter(rows(project)), None)


def goals(*, primary: bool) -> Callable[[Project], list]:
    return lambda project: [
        link.sdg for link in project.project_sdgs.all() if link.is_primary == primary
    ]


def plain(name: str) -> ExportColumn:
    return ExportColumn(name, lambda project: getattr(project, name))


def columns(base: str) -> list[ExportColumn]:
    """List the columns; `base` is the address of the portal, for links to the pages."""
    roles = ProjectInstitution.Role
    others = [role for role in roles if role != roles.SUBMITTER]
    return [
        plain("code"),
        ExportColumn(
            "fund_numbers", lambda project: [n.number for n in project.fund_numbers.all()]
        ),
        *translated("title"),
        *translated("subtitle"),
        *choice("programme", Project.Programme),
        *one("area", "slug", lambda project: project.area),
        *choice("status", Project.Status),
        plain("status_declared_on"),
        plain("year_approved"),
        *choice("year_basis", Project.YearBasis),
        plain("approved_on"),
        *translated("approval_meeting"),
        plain("planned_start_on"),
        plain("planned_end_on"),
        plain("actual_start_on"),
        plain("actual_end_on"),
        *translated("duration_as_stated"),
        plain("final_report_on"),
        *one("lead_country", "iso2", first(countries(ProjectCountry.Role.LEAD))),
        *related("countries", "iso2", countries()),
        plain("participants_as_stated"),
        *one("lead_institution", "slug", first(institutions(roles.SUBMITTER))),
        *related("other_institutions", "slug", institutions(*others)),
        *related("sectors", "slug", lambda project: project.sectors.all()),
        *one("primary_sdg", "number", first(goals(primary=True))),
        *related("secondary_sdgs", "number", goals(primary=False)),
        ExportColumn(
            "classification_confirmed", lambda p: p.classification_confirmed_on is not None
        ),
        *choice("modality", Project.Modality),
        *choice("gender_marker", Project.GenderMarker),
        *translated("gender_evidence"),
        *translated("beneficiaries"),
        plain("beneficiaries_number"),
        plain("women_beneficiaries_number"),
        plain("granted_usd"),
        plain("other_inputs_usd"),
        plain("other_cash_usd"),
        plain("other_kind_usd"),
        plain("total_usd"),
        *translated("summary"),
        *translated("challenge"),
        *translated("approach"),
        *translated("outcome"),
        ExportColumn("sources", lambda project: [source_text(s) for s in project.sources.all()]),
        *(ExportColumn(f"page_{end}", page_of(base, code)) for end, code in LANGUAGES),
        ExportColumn("last_changed_on", lambda project: timezone.localdate(project.updated_at)),
        plain("is_sample"),
    ]


def source_text(source) -> str:
    return " ".join(filter(None, [source.name, source.address]))


def page_of(base: str, language: str) -> Callable[[Project], str]:
    with translation.override(language):
        start, end = reverse("projects:detail", args=["slug"]).split("slug")
    return lambda project: f"{base}{start}{project.slug}{end}"


def country_columns() -> list[str]:
    return ["country", "country_en", "country_zh", "country_role"]


def for_file(projects: QuerySet) -> QuerySet:
    """Load with projects all that their rows in a file show."""
    return projects.select_related("area").prefetch_related(
        "fund_numbers",
        "sectors",
        "project_countries__country",
        "project_institutions__institution",
        "project_sdgs__sdg",
        "sources",
    )


def headers(base: str, rows_of: str = "") -> list[str]:
    """Name the columns of a file; of one row a project and country, the country's come first."""
    names = [column.name for column in columns(base)]
    return country_columns() + names if rows_of == PER_COUNTRY else names


def rows(projects: Iterable[Project], base: str, rows_of: str = "") -> Iterator[list]:
    """Give the rows of a file: one a project, or one a project and country."""
    all_columns = columns(base)
    for project in projects:
        row = [column.value(project) for column in all_columns]
        if rows_of != PER_COUNTRY:
            yield row
            continue
        links = project.project_countries.all()
        for link in links:
            country = link.country
            yield [country.iso2, country.name, country.name_zh_hans, link.role, *row]
        if not links:
            yield [None, None, None, None, *row]


def about(base: str, count: int) -> dict:
    """Say what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": base,
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        "projects": count,
    }
