"""The columns of the catalogue's table, and of the page that compares projects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.facets.params import Text

from ..models import Project


@dataclass(frozen=True)
class Column:
    """A column; `order` names the order of the list that stands by it, `kind` how a cell looks."""

    name: str
    label: Text
    value: Callable[[Any], object]
    order: str = ""
    kind: str = "plain"


def linked(link: str, name: str) -> Callable[[Project], list]:
    return lambda project: [getattr(one, name) for one in project.rows(link)]


def choice(name: str) -> Callable[[Project], str]:
    def words(project):
        is_stated = getattr(project, name) not in ("", None)
        return getattr(project, f"get_{name}_display")() if is_stated else ""

    return words


ALL = [
    Column("code", pgettext_lazy("of a project", "Code"), lambda project: project.code),
    Column("title", _("Title"), lambda project: project, "title", kind="title"),
    Column("numbers", _("Number of the Fund"), linked("fund_numbers", "number"), kind="names"),
    Column("countries", _("Countries"), linked("project_countries", "country"), kind="names"),
    Column(
        "institutions",
        _("Institutions"),
        linked("project_institutions", "institution"),
        kind="names",
    ),
    Column("sectors", _("Sectors"), lambda project: project.rows("sectors"), kind="names"),
    Column("goals", _("Goals (SDGs)"), linked("project_sdgs", "sdg"), kind="names"),
    Column("status", _("Status"), lambda project: project, kind="status"),
    Column("programme", _("Programme"), choice("programme")),
    Column("area", _("PGTF area"), lambda project: project.area or ""),
    Column("modality", _("Modality"), choice("modality")),
    Column("year", _("Year of approval"), lambda project: project.year_approved or "", "newest"),
    Column("grant", _("Grant, US$"), lambda project: project.granted_usd, "grant", kind="amount"),
    Column("total", _("Total, US$"), lambda p: p.total_usd, kind="amount"),
    Column("changed", _("Last changed"), lambda p: p.updated_at, kind="day"),
]
IN_TABLE = ("title", "countries", "sectors", "status", "year", "grant")
COLUMNS = [column for column in ALL if column.name in IN_TABLE]
