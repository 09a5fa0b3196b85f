"""Why a list has a record, or has it not: filter by filter, for staff.

Whether the record is in the list is asked of the list's own engine; why, of the same declaration.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.text import capfirst

from .declaration import NOT_STATED, Facet, Text
from .heading import range_in_words
from .selection import PER_PAGE, Selection


@dataclass(frozen=True)
class Condition:
    """One filter in use: what it asks for, what the record has, and whether that will do.

    `holds` is None where it cannot be told: the search knows only what is listed.
    """

    label: Text
    asked: list[str]
    has: list[str]
    holds: bool | None


class Why:
    """Answers for one record and one list; each list has a subclass."""

    def __init__(self, selection: Selection, record):
        self.selection, self.record, self.given = selection, record, selection.given

    # -------------------------------------------------------------- what subclasses say

    def holds(self, facet: Facet) -> bool:
        """Say whether the record matches this filter, be it listed or not."""
        raise NotImplementedError

    def codes(self, facet: Facet) -> Iterable[str]:
        """Give the codes that the record carries; none: not stated."""
        raise NotImplementedError

    def found_where(self) -> list[str]:
        """Say where in the record the words asked for stand."""
        raise NotImplementedError

    # -------------------------------------------------------------- the answer

    @cached_property
    def is_in(self) -> bool:
        return self.record.pk in self.selection.matches.result

    @cached_property
    def is_listed(self) -> bool:
        """Say whether the list has the record when nothing is asked: whether it is public."""
        return self.record.pk in self.everything.result

    @property
    def everything(self):
        return self.selection.engine.select(self.selection.given_class())

    @cached_property
    def place(self) -> int | None:
        """Give the record's place in the list, from 1 on."""
        if not self.is_in:
            return None
        return next(n for n, pk in enumerate(self.selection.ids, 1) if pk == self.record.pk)

    @property
    def page(self) -> int:
        return (self.place - 1) // PER_PAGE + 1

    @property
    def page_query(self) -> str:
        return self.selection.query(page=self.page if self.is_in else 1)

    @cached_property
    def conditions(self) -> list[Condition]:
        facets = [f for f in self.selection.engine.facets if self.given.uses(f.name)]
        found = [self.search()] if self.given.text else []
        return found + [self.condition(facet) for facet in facets]

    def condition(self, facet: Facet) -> Condition:
        has = [self.selection.label(facet, code) for code in self.codes(facet) or [NOT_STATED]]
        return Condition(facet.label, list(self.asked(facet)), has, self.holds(facet))

    def asked(self, facet: Facet) -> Iterator[str]:
        if facet.name in self.given.ranges:
            yield range_in_words(self.given.ranges[facet.name])
        for code in self.given.ticked.get(facet.name, ()):
            yield self.selection.label(facet, code)

    def search(self) -> Condition:
        only = replace(self.selection.given_class(), text=self.given.text, sort="")
        found = self.selection.engine.select(only).result
        holds = self.record.pk in found if self.is_listed else None
        return Condition(
            capfirst(str(self.selection.filter_label("q"))),
            [f"“{self.given.text}”"],
            self.found_where() if holds else [],
            holds,
        )
