"""The list as a table: columns to choose from, some of which sort it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from .listing import Listing
from .params import Text, Unknown

COLUMNS = "columns"


@dataclass(frozen=True)
class Column:
    """A column; `order` names the order of the list that stands by it, `kind` how a cell looks."""

    name: str
    label: Text
    value: Callable[[Any], object]
    order: str = ""
    is_usual: bool = True
    kind: str = "plain"


@dataclass(frozen=True)
class Header:
    """A column's header: with `query` a link that sorts by it, or turns the order round."""

    column: Column
    query: str
    sorted: str


class Table:
    """A page of the list as a table. `unknown` are the columns asked for that there are not.

    `all_columns` are those to choose from; `title` names the one that is always shown.
    """

    all_columns: list[Column] = []
    title = "title"

    def __init__(self, listing: Listing, ids: list[int]):
        self.listing = listing
        self.ids = ids
        asked = listing.params.shown_as.get(COLUMNS, ())
        known = {column.name for column in self.all_columns}
        self.chosen = {name for name in asked if name in known}
        self.unknown = [Unknown(COLUMNS, _("Columns"), name) for name in asked if name not in known]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Return all columns, and whether each is shown. The title always is."""
        return [
            (column, column in self.columns)
            for column in self.all_columns
            if column.name != self.title
        ]

    @cached_property
    def columns(self) -> list[Column]:
        if not self.chosen:
            return [column for column in self.all_columns if column.is_usual]
        return [column for column in self.all_columns if column.name in self.chosen | {self.title}]

    @property
    def headers(self) -> list[Header]:
        return [self.header(column) for column in self.columns]

    def header(self, column: Column) -> Header:
        params = self.listing.params
        if not column.order:
            return Header(column, "", "")
        is_current = params.order.name == column.order
        way = "descending" if params.is_downwards else "ascending"
        is_turned = is_current and not params.sort.startswith("-")
        query = self.listing.query(sort=f"-{column.order}" if is_turned else column.order)
        return Header(column, query, way if is_current else "")

    @cached_property
    def rows(self) -> list[list[tuple[Column, object]]]:
        records = self.listing.records(self.ids)
        return [[(column, column.value(record)) for column in self.columns] for record in records]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Return what the form of the columns carries along: the list, all but its columns."""
        return self.listing.fields(COLUMNS)
