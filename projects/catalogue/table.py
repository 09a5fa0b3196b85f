"""The catalogue as a table: columns to choose from, some of which sort it."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.facets import table
from sscnet.facets.table import Column

from ..models import Project


def linked(link: str, name: str) -> Callable[[Project], list]:
    return lambda project: [getattr(one, name) for one in project.rows(link)]


def choice(name: str) -> Callable[[Project], str]:
    def words(project):
        is_stated = getattr(project, name) not in ("", None)
        return getattr(project, f"get_{name}_display")() if is_stated else ""

    return words


ALL = [
    Column(
        "code",
        pgettext_lazy("of a project", "Code"),
        lambda project: project.code,
        "code",
        is_usual=False,
    ),
    Column("title", _("Title"), lambda project: project, "title", kind="title"),
    Column(
        "numbers",
        _("Number of the Fund"),
        linked("fund_numbers", "number"),
        is_usual=False,
        kind="names",
    ),
    Column("countries", _("Countries"), linked("project_countries", "country"), kind="names"),
    Column(
        "institutions",
        _("Institutions"),
        linked("project_institutions", "institution"),
        is_usual=False,
        kind="names",
    ),
    Column("sectors", _("Sectors"), lambda project: project.rows("sectors"), kind="names"),
    Column("goals", _("Goals (SDGs)"), linked("project_sdgs", "sdg"), is_usual=False, kind="names"),
    Column("status", _("Status"), lambda project: project, kind="status"),
    Column("programme", _("Programme"), choice("programme"), is_usual=False),
    Column("area", _("PGTF area"), lambda project: project.area or "", is_usual=False),
    Column("modality", _("Modality"), choice("modality"), is_usual=False),
    Column("year", _("Year of approval"), lambda project: project.year_approved or "", "newest"),
    Column("grant", _("Grant, US$"), lambda project: project.granted_usd, "grant", kind="amount"),
    Column("total", _("Total, US$"), lambda p: p.total_usd, is_usual=False, kind="amount"),
    Column("changed", _("Last changed"), lambda p: p.updated_at, "changed", False, kind="day"),
]


class ProjectTable(table.Table):
    all_columns = ALL
