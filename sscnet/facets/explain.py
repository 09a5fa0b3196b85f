"""Why a record is in a list or not: filter by filter, for staff.

Whether the record is in the list is asked of the list's engine; why, of the declaration's SQL,
which knows drafts too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.text import capfirst

from .filters import ValuesFilter
from .heading import range_in_words
from .listing import PER_PAGE, Listing
from .params import NOT_STATED, SEARCH, Params, Text


@dataclass(frozen=True)
class Condition:
    """One filter in use: what it asks for, what the record has, and whether that will do.

    `holds` is None where it is unknown: the search knows only what is listed.
    """

    label: Text
    asked: list[str]
    has: list[str]
    holds: bool | None


class Explanation:
    """Why one record is in one list, or not.

    `found_where` gives the places in the record where the words asked for stand.
    """

    def __init__(self, listing: Listing, record, found_where: Callable[[str], list[str]]):
        self.listing, self.record, self.params = listing, record, listing.params
        self.found_where = found_where

    @cached_property
    def is_in(self) -> bool:
        return self.record.pk in self.listing.matches.result

    @cached_property
    def is_listed(self) -> bool:
        """Return whether the unfiltered list has the record: public, no sample unless asked for."""
        return self.record.pk in self.listing.index.all

    @cached_property
    def place(self) -> int | None:
        """Return the record's place in the list, from 1 on."""
        if not self.is_in:
            return None
        return next(n for n, pk in enumerate(self.listing.ids, 1) if pk == self.record.pk)

    @property
    def page(self) -> int:
        return (self.place - 1) // PER_PAGE + 1

    @property
    def page_query(self) -> str:
        return self.listing.query(page=self.page if self.is_in else 1)

    @cached_property
    def conditions(self) -> list[Condition]:
        used = [v for v in self.listing.filterset.values_filters() if self.params.uses(v.name)]
        found = [self.search()] if self.params.text else []
        return found + [self.condition(values) for values in used]

    def condition(self, values: ValuesFilter) -> Condition:
        has = [self.listing.label(values, code) for code in self.codes(values) or [NOT_STATED]]
        return Condition(values.label, list(self.asked(values)), has, self.holds(values))

    @property
    def own(self):
        return self.listing.filterset.records().filter(pk=self.record.pk)

    def holds(self, values: ValuesFilter) -> bool:
        condition = self.listing.filterset.condition_of(values, self.params)
        return self.own.filter(condition).exists()

    def codes(self, values: ValuesFilter) -> list[str]:
        """Return the codes that the record carries; none: not stated."""
        return sorted(set(values.pairs(self.own).values_list("value", flat=True)))

    def asked(self, values: ValuesFilter) -> Iterator[str]:
        if values.name in self.params.ranges:
            yield range_in_words(self.params.ranges[values.name])
        for code in self.params.ticked.get(values.name, ()):
            yield self.listing.label(values, code)

    def search(self) -> Condition:
        only = replace(Params(self.params.filterset), text=self.params.text, sort="")
        found = self.listing.index.select(only).result
        holds = self.record.pk in found if self.is_listed else None
        return Condition(
            capfirst(str(self.listing.filter_label(SEARCH))),
            [f"“{self.params.text}”"],
            self.found_where(self.params.text) if holds else [],
            holds,
        )
