"""The list as a table, some of whose columns sort it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .listing import Listing
from .params import Text


@dataclass(frozen=True)
class Column:
    """A column; `order` names the order of the list that stands by it, `kind` how a cell looks."""

    name: str
    label: Text
    value: Callable[[Any], object]
    order: str = ""
    kind: str = "plain"


@dataclass(frozen=True)
class Header:
    """A column's header: with `query` a link that sorts by it, or turns the order round."""

    column: Column
    query: str
    sorted: str


class Table:
    """A page of the list as a table."""

    def __init__(self, listing: Listing, ids: list[int], columns: list[Column]):
        self.listing, self.ids, self.columns = listing, ids, columns

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
