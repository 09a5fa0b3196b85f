"""The list as a table: columns to choose from, some of which sort it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from .catalogue.declaration import Text
from .catalogue.given import Unknown
from .catalogue.selection import Selection
from .models import Project

COLUMNS = "columns"


@dataclass(frozen=True)
class Column:
    """A column; `order` names the order of the list that stands by it, `kind` how a cell looks."""

    name: str
    label: Text
    value: Callable[[Project], object]
    order: str = ""
    is_usual: bool = True
    kind: str = "plain"


def names(of: str) -> Callable[[Project], list]:
    return lambda project: project.listed[of]


def choice(name: str) -> Callable[[Project], str]:
    def words(project):
        is_stated = getattr(project, name) not in ("", None)
        return getattr(project, f"get_{name}_display")() if is_stated else ""

    return words


ALL = [
    Column("code", _("Code"), lambda project: project.code, "code", is_usual=False),
    Column("title", _("Title"), lambda project: project, "title", kind="title"),
    Column("numbers", _("Number of the Fund"), names("numbers"), is_usual=False, kind="names"),
    Column("countries", _("Countries"), names("countries"), kind="names"),
    Column("institutions", _("Institutions"), names("institutions"), is_usual=False, kind="names"),
    Column("sectors", _("Sectors"), names("sectors"), kind="names"),
    Column("goals", _("Goals (SDGs)"), names("goals"), is_usual=False, kind="names"),
    Column("status", _("Status"), lambda project: project, kind="status"),
    Column("programme", _("Programme"), choice("programme"), is_usual=False),
    Column("area", _("PGTF area"), lambda project: project.area or "", is_usual=False),
    Column("modality", _("Modality"), choice("modality"), is_usual=False),
    Column("year", _("Year of approval"), lambda project: project.year_approved or "", "newest"),
    Column("grant", _("Grant, US$"), lambda project: project.granted_usd, "grant", kind="amount"),
    Column("total", _("Total, US$"), lambda p: p.total_usd, is_usual=False, kind="amount"),
    Column("changed", _("Last changed"), lambda p: p.updated_at, "changed", False, kind="day"),
]


@dataclass(frozen=True)
class Header:
    """A column's header: with `query` a link that sorts by it, or turns the order round."""

    column: Column
    query: str
    sorted: str


class Table:
    """A page of the list as a table. `unknown` are the columns asked for that there are not."""

    def __init__(self, selection: Selection, ids: list[int]):
        self.selection = selection
        self.ids = ids
        asked = selection.given.shown_as.get(COLUMNS, ())
        known = {column.name for column in ALL}
        self.chosen = {name for name in asked if name in known}
        self.unknown = [Unknown(COLUMNS, _("Columns"), name) for name in asked if name not in known]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """List all columns, and whether each is shown. The title always is."""
        return [(column, column in self.columns) for column in ALL if column.name != "title"]

    @cached_property
    def columns(self) -> list[Column]:
        if not self.chosen:
            return [column for column in ALL if column.is_usual]
        return [column for column in ALL if column.name in self.chosen | {"title"}]

    @property
    def headers(self) -> list[Header]:
        return [self.header(column) for column in self.columns]

    def header(self, column: Column) -> Header:
        given = self.selection.given
        if not column.order:
            return Header(column, "", "")
        is_current = given.order.name == column.order
        way = "descending" if given.is_downwards else "ascending"
        is_turned = is_current and not given.sort.startswith("-")
        query = self.selection.query(sort=f"-{column.order}" if is_turned else column.order)
        return Header(column, query, way if is_current else "")

    @cached_property
    def rows(self) -> list[list[tuple[Column, object]]]:
        projects = self.selection.projects(self.ids)
        return [
            [(column, column.value(project)) for column in self.columns] for project in projects
        ]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Give what the form of the columns carries along: the list, all but its columns."""
        return self.selection.fields(COLUMNS)
