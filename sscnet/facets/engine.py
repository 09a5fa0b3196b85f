"""Which projects match what is given, and how many would with one value more: by bitmaps."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice

from django.utils.translation import get_language
from pyroaring import BitMap

from sscnet.catalogue.declaration import NOT_STATED, SEARCH, Facet, Order
from sscnet.catalogue.selection import Counts
from sscnet.search.engine import MOST_RANKED

from .declaration import RELEVANCE
from .given import Given
from .reading import both

NOBODY = BitMap()


class Matches:
    """The projects of one index that match what is given.

    Values of a facet widen, facets narrow. `QueryMatches` in `reference.py` says the same in SQL.
    """

    def __init__(self, index, given: Given):
        self.index = index
        self.given = given
        self.known_values: dict[str, dict[str, BitMap]] = {}

    def __len__(self) -> int:
        return len(self.result)

    @cached_property
    def result(self) -> BitMap:
        return self.others(())

    def without(self, name: str) -> int:
        """Say how many match when a filter is dropped."""
        return len(Matches(self.index, self.given.without(name)))

    def cut(self, order: Order, start: int, stop: int, *, downwards: bool) -> list[int]:
        """Give the ids from place `start` to `stop` in an order."""
        found: list[int] = []
        for group in self.groups(order):
            if start < len(group):
                found += self.cut_group(group, order, start, stop, downwards=downwards)
            start, stop = max(0, start - len(group)), stop - len(group)
            if stop <= 0:
                break
        return found

    def cut_group(self, group: BitMap, order: Order, start: int, stop: int, *, downwards: bool):
        """Give the ids of a group from one place to another."""
        sorted_ids = self.index.orders[order.column_in(get_language() or "en")]
        if order is RELEVANCE and len(group) <= MOST_RANKED:
            all_ids = sorted_ids.cut(group, self.index.keys, 0, len(group), downwards=downwards)
            return self.compared(group, all_ids)[start:stop]
        return sorted_ids.cut(group, self.index.keys, start, stop, downwards=downwards)

    def groups(self, order: Order) -> Iterator[BitMap]:
        """Split the result into what stands one after the other, each in an order of its own.

        Only of few hits all are compared closely, see `search.Found.ranked`; of many, hits in a
        title come first, then hits in the name of an institution, then the rest. Institutions are
        asked for only by those who look beyond the titles.
        """
        if order is not RELEVANCE or len(self) <= MOST_RANKED or self.answer.is_everything:
            yield self.result
            return
        titles = self.result & self.answer.titles
        yield titles
        institutions = (self.result & self.answer.institutions) - titles
        yield institutions
        yield self.result - titles - institutions

    @property
    def answer(self):
        return self.index.answer(self.given.text)

    def compared(self, group: BitMap, ids: list[int]) -> list[int]:
        if self.answer.is_everything:
            return ids
        key = "compared", self.given.text, group.serialize(), get_language()
        return self.index.make_once(key, lambda: self.answer.question.compared(ids))

    def chunks(self, order: Order, size: int, *, downwards: bool) -> Iterator[list[int]]:
        """Go through all ids in an order, in lists of a size."""
        walk = chain.from_iterable(
            self.walk(group, order, downwards=downwards) for group in self.groups(order)
        )
        return iter(lambda: list(islice(walk, size)), [])

    def walk(self, group: BitMap, order: Order, *, downwards: bool) -> Iterable[int]:
        if order is RELEVANCE and len(group) <= MOST_RANKED:
            return self.cut_group(group, order, 0, len(group), downwards=downwards)
        sorted_ids = self.index.orders[order.column_in(get_language() or "en")]
        return filter(group.__contains__, sorted_ids.walk(downwards=downwards))

    def counts(self, facet: Facet) -> Counts:
        """Say for each code how many carry it, and how many match with it ticked too."""
        others = self.others(self.group(facet))
        if not self.given.uses(facet.name):
            return {code: (n, n) for code, n in self.carrying(facet, others)}
        present = others & self.matching(facet)
        added = dict(self.carrying(facet, others - present))
        return {
            code: (n, len(present) + added.get(code, 0)) for code, n in self.carrying(facet, others)
        }

    # ------------------------------------------------------------ the algebra

    def others(self, left_out: Iterable[str]) -> BitMap:
        """Give what matches all filters but some."""
        result = self.index.all
        if self.given.text and SEARCH not in left_out:
            result = result & self.answer.ids
        for facet in self.index.facets:
            if self.given.uses(facet.name) and facet.name not in left_out:
                result = result & self.matching(facet)
        return result

    def matching(self, facet: Facet) -> BitMap:
        return union(self.projects_of(facet, code) for code in self.ticked(facet))

    def ticked(self, facet: Facet) -> Iterator[str]:
        """Give the codes in use, those within a range too."""
        yield from self.given.ticked.get(facet.name, ())
        if facet.name in self.given.ranges:
            first, last = self.given.ranges[facet.name]
            for code in self.index.values[facet.name]:
                if code != NOT_STATED and (first or 0) <= int(code) <= (last or 9999):
                    yield code

    def carrying(self, facet: Facet, among: BitMap) -> Iterator[tuple[str, int]]:
        """Count for each code how many of these carry it; codes of nobody are left out."""
        values = self.values(facet)
        if among is self.index.all:
            counts = ((code, len(ids)) for code, ids in values.items())
        else:
            counts = ((code, among.intersection_cardinality(ids)) for code, ids in values.items())
        return ((code, n) for code, n in counts if n)

    # ------------------------------------------------------------ facets that qualify another

    def partner(self, facet: Facet) -> Facet | None:
        """Give the facet in use whose values narrow those of this one: institution and role."""
        for other in self.index.facets:
            pair = other.name == facet.qualifies or other.qualifies == facet.name
            if pair and self.given.uses(other.name):
                return other
        return None

    def group(self, facet: Facet) -> tuple[str, ...]:
        """Name the facets that make one condition with this one."""
        partner = self.partner(facet)
        return (facet.name, partner.name) if partner else (facet.name,)

    def projects_of(self, facet: Facet, code: str) -> BitMap:
        return self.values(facet).get(code, NOBODY)

    def values(self, facet: Facet) -> dict[str, BitMap]:
        """Give the projects of each code: with a partner in use, in one of its codes."""
        if facet.name not in self.known_values:
            partner = self.partner(facet)
            if partner is None:
                values = self.index.values[facet.name]
            elif facet.qualifies:
                values = self.of_qualifier(facet, partner)
            else:
                values = self.of_qualified(facet, partner)
            self.known_values[facet.name] = values
        return self.known_values[facet.name]

    def of_qualified(self, facet: Facet, qualifier: Facet) -> dict[str, BitMap]:
        """Give the projects of each institution in one of the roles in use."""
        tables = [self.in_code(facet, qualifier, other) for other in self.ticked(qualifier)]
        if len(tables) == 1:
            return tables[0]
        codes = set().union(*tables)
        return {code: union(table.get(code, NOBODY) for table in tables) for code in codes}

    def of_qualifier(self, facet: Facet, qualified: Facet) -> dict[str, BitMap]:
        """Give the projects of each role of one of the institutions in use."""
        codes = list(self.ticked(qualified))
        tables = {
            other: self.in_code(qualified, facet, other) for other in self.index.values[facet.name]
        }
        return {
            other: union(table.get(code, NOBODY) for code in codes)
            for other, table in tables.items()
        }

    def in_code(self, facet: Facet, qualifier: Facet, other: str) -> dict[str, BitMap]:
        """Give the projects of each institution in one role; without any, no role is stated."""
        if other == NOT_STATED:
            return {NOT_STATED: self.index.projects_of(facet.name, NOT_STATED)}
        return self.index.values.get(both(qualifier, other), {})


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    return BitMap.union(NOBODY, *bitmaps)
