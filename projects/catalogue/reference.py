"""What matches and how many, said in SQL: the reference that the bitmaps are tested against.

It keeps nothing, and so stands in where the index is turned off or cannot be built. Each filter in
use is one query; the numbers of all facets come from one statement.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, Q, TextField, Value
from django.utils.translation import get_language

from sscnet.catalogue.declaration import NOT_STATED, SEARCH, Facet, Order
from sscnet.catalogue.selection import Counts

from .. import search
from ..models import Project
from .declaration import FACETS, RELEVANCE, SORT_COLUMNS, IsAmong
from .given import Given
from .index import Answer, in_order
from .reading import read_keys


class Reference:
    def __init__(self, facets=None):
        self.facets = tuple(FACETS if facets is None else facets)
        self.words: dict[str, Mapping[str, str]] = {}
        self.found: dict[str, Answer] = {}
        # It does not know whether anything changed since.
        self.stamp = ""

    def labels(self, facet: Facet) -> Mapping[str, str]:
        if facet.name not in self.words:
            self.words[facet.name] = in_order(facet.labels())
        return self.words[facet.name]

    def answer(self, text: str) -> Answer:
        """Search; the search itself is the same for both."""
        if text not in self.found:
            self.found[text] = Answer.of(search.matching(text), frozenset)
        return self.found[text]

    def make_once(self, _key, make):
        return make()

    def select(self, given: Given) -> "QueryMatches":
        return QueryMatches(self, given)


class QueryMatches:
    """The published projects that match what is given; see `Matches` for the same by bitmaps."""

    def __init__(self, reference: Reference, given: Given):
        self.reference = reference
        self.given = given
        self.matched: dict[str, frozenset[int]] = {}

    def __len__(self) -> int:
        return self.size

    @cached_property
    def size(self) -> int:
        return len(self.result)

    @cached_property
    def result(self) -> frozenset[int]:
        return self.others(())

    def without(self, name: str) -> int:
        return len(QueryMatches(self.reference, self.given.without(name)))

    def cut(self, order: Order, start: int, stop: int, *, downwards: bool) -> list[int]:
        return self.in_order(order, downwards=downwards)[start:stop]

    def chunks(self, order: Order, size: int, *, downwards: bool) -> Iterator[list[int]]:
        ids = self.in_order(order, downwards=downwards)
        return (ids[start : start + size] for start in range(0, len(ids), size))

    def in_order(self, order: Order, *, downwards: bool) -> list[int]:
        """Sort in Python: the database knows no pinyin."""
        keys = dict(read_keys(list(self.result)))
        place = SORT_COLUMNS.index(order.column_in(get_language() or "en"))
        stated = [id for id, key in keys.items() if key[place] is not None]
        unstated = sorted(keys.keys() - set(stated), reverse=downwards)
        stated.sort(key=lambda id: (keys[id][place], id), reverse=downwards)
        ids = stated + unstated
        if order is RELEVANCE:
            return search.matching(self.given.text).ranked(ids)
        return ids

    def counts(self, facet: Facet) -> Counts:
        carrying = self.tallies[facet.name, "carrying"]
        if not self.given.uses(facet.name):
            return {code: (n, n) for code, n in carrying.items()}
        added = self.tallies[facet.name, "added"]
        return {code: (n, len(self) + added.get(code, 0)) for code, n in carrying.items()}

    # ------------------------------------------------------------ one statement for all numbers

    @cached_property
    def tallies(self) -> dict[tuple[str, str], dict[str, int]]:
        """Count the carriers of each code among the others, and those that ticking it would add."""
        parts = [part for facet in self.reference.facets for part in self.parts(facet)]
        first, *rest = parts
        tallies: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for name, kind, code, n in first.union(*rest, all=True).order_by():
            if n:
                tallies[name, kind][code] = n
        return tallies

    def parts(self, facet: Facet):
        others = self.others(self.group(facet))
        yield from self.tally(facet, "carrying", others)
        if self.given.uses(facet.name):
            yield from self.tally(facet, "added", others - self.matching(facet))

    def tally(self, facet: Facet, kind: str, among: frozenset[int]):
        """Give rows of facet, kind, code and how many of these projects carry the code."""
        labels = Value(facet.name, TextField()), Value(kind, TextField())
        ids = Value(sorted(among), ArrayField(BigIntegerField()))
        rows = facet.pairs.rows().filter(IsAmong(F("of"), ids))
        partner = self.partner(facet)
        if partner:
            rows = self.narrowed(partner, rows)
        yield rows.values_list(*labels, "value").annotate(n=Count("of", distinct=True))
        lacking = Project.objects.order_by().filter(IsAmong(F("pk"), ids))
        lacking = lacking.filter(self.carrying(facet, [NOT_STATED]))
        none = Value(NOT_STATED, TextField())
        yield lacking.values_list(*labels, none).annotate(n=Count("pk"))

    # ------------------------------------------------------------ the conditions

    def others(self, left_out) -> frozenset[int]:
        """Give the projects that match all filters but some."""
        found = self.published
        if self.given.text and SEARCH not in left_out:
            found = found & frozenset(self.reference.answer(self.given.text).ids)
        for facet in self.reference.facets:
            if self.given.uses(facet.name) and facet.name not in left_out:
                found = found & self.matching(facet)
        return found

    @cached_property
    def published(self) -> frozenset[int]:
        return frozenset(Project.objects.published().order_by().values_list("pk", flat=True))

    def matching(self, facet: Facet) -> frozenset[int]:
        """Read, once, which projects match a filter by itself."""
        if facet.name not in self.matched:
            projects = Project.objects.order_by().filter(self.condition(facet))
            self.matched[facet.name] = frozenset(projects.values_list("pk", flat=True))
        return self.matched[facet.name]

    def condition(self, facet: Facet) -> Q:
        condition = self.carrying(facet, self.given.ticked.get(facet.name, ()))
        if facet.name in self.given.ranges:
            first, last = self.given.ranges[facet.name]
            # Years have four digits: text compares like numbers.
            within = facet.pairs.rows().filter(
                value__gte=f"{first or 0:04}", value__lte=f"{last or 9999:04}"
            )
            condition |= Q(pk__in=within.values("of"))
        return condition

    def carrying(self, facet: Facet, codes) -> Q:
        partner = self.partner(facet)
        if partner:
            return self.carrying_both(facet, partner, codes)
        rows = facet.pairs.rows()
        condition = Q(pk__in=rows.filter(value__in=codes).values("of"))
        if NOT_STATED in codes:
            condition |= ~Q(pk__in=rows.values("of"))
        return condition

    # ------------------------------------------------------------ facets that qualify another

    def partner(self, facet: Facet) -> Facet | None:
        for other in self.reference.facets:
            pair = other.name == facet.qualifies or other.qualifies == facet.name
            if pair and self.given.uses(other.name):
                return other
        return None

    def group(self, facet: Facet) -> list[str]:
        partner = self.partner(facet)
        return [facet.name, partner.name] if partner else [facet.name]

    def narrowed(self, partner: Facet, rows):
        """Keep the rows that carry one of the partner's codes as well."""
        return rows.filter(**{f"{partner.pairs.code}__in": self.given.ticked[partner.name]})

    def carrying_both(self, facet: Facet, partner: Facet, codes) -> Q:
        """Say institution and role in one condition; without any institution, no role is stated."""
        rows = self.narrowed(partner, facet.pairs.rows())
        condition = Q(pk__in=rows.filter(value__in=codes).values("of"))
        if NOT_STATED in codes and NOT_STATED in self.given.ticked[partner.name]:
            condition |= ~Q(pk__in=facet.pairs.rows().values("of"))
        return condition
