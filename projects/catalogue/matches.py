"""Which projects match what is given, and how many would with one value more: by bitmaps."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice

from django.utils.translation import get_language
from pyroaring import BitMap

from .declaration import NOT_STATED, SEARCH, Facet, Order
from .given import Given
from .reading import both


class Matches:
    """The projects of one index that match what is given.

    Values of a facet widen, facets narrow. `QueryMatches` in `reference.py` says the same in SQL.
    """

    def __init__(self, index, given: Given):
        self.index = index
        self.given = given

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
        column = order.column_in(get_language() or "en")
        sorted_ids = self.index.orders[column]
        return sorted_ids.cut(self.result, self.index.keys, start, stop, downwards=downwards)

    def chunks(self, order: Order, size: int, *, downwards: bool) -> Iterator[list[int]]:
        """Go through all ids in an order, in lists of a size."""
        sorted_ids = self.index.orders[order.column_in(get_language() or "en")]
        walk = filter(self.result.__contains__, sorted_ids.walk(downwards=downwards))
        return iter(lambda: list(islice(walk, size)), [])

    def counts(self, facet: Facet) -> dict[str, tuple[int, int]]:
        """Say for each code how many match with it ticked too, and how many of them carry it.

        The first is the number of the page: the size of the result one gets by also ticking the
        value. While nothing is ticked in the facet, that is how many carry the value among those
        that match the other filters; of a ticked value it is the present result.
        """
        others = self.others(self.group(facet))
        if not self.given.uses(facet.name):
            return {code: (n, n) for code, n in self.carrying(facet, others)}
        present = others & self.matching(facet)
        added = dict(self.carrying(facet, others - present))
        return {
            code: (len(present) + added.get(code, 0), n) for code, n in self.carrying(facet, others)
        }

    # ------------------------------------------------------------ the algebra

    def others(self, left_out: Iterable[str]) -> BitMap:
        """Give what matches all filters but some."""
        result = self.index.all
        if self.given.text and SEARCH not in left_out:
            result = result & self.index.matching_text(self.given.text)
        for facet in self.index.facets:
            if self.given.uses(facet.name) and facet.name not in left_out:
                result = result & self.matching(facet)
        return result

    def matching(self, facet: Facet) -> BitMap:
        codes = self.ticked(facet)
        return BitMap.union(BitMap(), *(self.projects_of(facet, code) for code in codes))

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
        values = self.index.values[facet.name]
        if self.partner(facet):
            counts = (
                (code, among.intersection_cardinality(self.projects_of(facet, code)))
                for code in dict.fromkeys(chain(values, [NOT_STATED]))
            )
        elif among is self.index.all:
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
        """Give the projects of a code: with a partner in use, of the code in one of its codes."""
        partner = self.partner(facet)
        if partner is None:
            return self.index.projects_of(facet.name, code)
        if facet.qualifies:
            pairs = ((other, code) for other in self.ticked(partner))
            return self.union_of(partner, facet, pairs)
        pairs = ((code, other) for other in self.ticked(partner))
        return self.union_of(facet, partner, pairs)

    def union_of(self, qualified: Facet, qualifier: Facet, pairs) -> BitMap:
        found = (self.projects_of_both(qualified, qualifier, *pair) for pair in pairs)
        return BitMap.union(BitMap(), *found)

    def projects_of_both(self, qualified, qualifier, code: str, other: str) -> BitMap:
        """Give the projects of an institution in a role.

        *Not stated* in a role are the projects where nobody has that role.
        """
        index = self.index
        if code != NOT_STATED and other != NOT_STATED:
            return index.projects_of(both(qualifier), f"{code} {other}")
        if code != NOT_STATED:
            return BitMap()
        if other != NOT_STATED:
            return index.all - index.projects_of(qualifier.name, other)
        return index.projects_of(qualified.name, NOT_STATED)
