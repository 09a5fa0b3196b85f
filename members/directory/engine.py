"""Which institutions match what is given, and how many would with one value more.

All of the directory is read anew for each request: with a few hundred institutions that is a query
a facet and some milliseconds, and nothing is kept that could be out of date.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import batched

from django.utils.translation import get_language

from sscnet.catalogue.collation import sort_key
from sscnet.catalogue.declaration import NOT_STATED, SEARCH, Facet, Order
from sscnet.catalogue.selection import Counts

from ..models import Institution, InstitutionName
from .declaration import FACETS
from .search import Question

Ids = frozenset[int]
NOBODY: Ids = frozenset()


class Engine:
    """One state of the published members and partners."""

    def __init__(self, facets=FACETS):
        self.facets = tuple(facets)
        self.known_labels: dict[str, Mapping[str, str]] = {}
        self.known_values: dict[str, dict[str, Ids]] = {}

    def labels(self, facet: Facet) -> Mapping[str, str]:
        if facet.name not in self.known_labels:
            labels = sorted(facet.labels().items(), key=lambda item: sort_key(item[1]))
            self.known_labels[facet.name] = dict(labels)
        return self.known_labels[facet.name]

    def answer(self, _text: str) -> None:
        """Say nothing about a search: no other spelling is tried."""

    def select(self, given) -> "Matches":
        return Matches(self, given)

    @cached_property
    def institutions(self) -> dict[int, Institution]:
        listed = Institution.objects.published().listed().order_by()
        return listed.only("slug", "name", "i18n", "updated_at").in_bulk()

    @cached_property
    def all(self) -> Ids:
        return frozenset(self.institutions)

    @cached_property
    def names(self) -> dict[int, list[str]]:
        """Give every name of each institution: official, former, acronyms and others."""
        names = defaultdict(list)
        for pk, institution in self.institutions.items():
            names[pk] += filter(None, [institution.name, institution.name_zh_hans])
        for pk, name in InstitutionName.objects.order_by().values_list("institution", "name"):
            names[pk].append(name)
        return names

    def values(self, facet: Facet) -> dict[str, Ids]:
        """Give the institutions of each code, those that lack one under *not stated*."""
        if facet.name not in self.known_values:
            carriers = defaultdict(set)
            for pk, code in facet.pairs():
                if code and pk in self.all:
                    carriers[code].add(pk)
            carriers[NOT_STATED] = self.all.difference(*carriers.values())
            self.known_values[facet.name] = {c: frozenset(ids) for c, ids in carriers.items()}
        return self.known_values[facet.name]

    def found(self, text: str) -> Ids:
        question = Question(text)
        return frozenset(pk for pk in self.all if question.finds(self.names[pk]))

    def key(self, order: Order, pk: int):
        institution = self.institutions[pk]
        if order.name == "changed":
            return institution.updated_at
        names = [institution.name, institution.name_zh_hans]
        if get_language() != "en":
            names.reverse()
        return sort_key(next(filter(None, names), institution.slug))


class Matches:
    """The institutions that match what is given. Values of a facet widen, facets narrow."""

    def __init__(self, engine: Engine, given):
        self.engine = engine
        self.given = given

    def __len__(self) -> int:
        return len(self.result)

    @cached_property
    def result(self) -> Ids:
        return self.others("")

    def without(self, name: str) -> int:
        return len(self.others(name))

    def others(self, left_out: str) -> Ids:
        """Give what matches all filters but one."""
        parts = [
            self.matching(facet)
            for facet in self.engine.facets
            if self.given.uses(facet.name) and facet.name != left_out
        ]
        if self.given.text and left_out != SEARCH:
            parts.append(self.found)
        return self.engine.all.intersection(*parts)

    @cached_property
    def found(self) -> Ids:
        return self.engine.found(self.given.text)

    def matching(self, facet: Facet) -> Ids:
        values = self.engine.values(facet)
        return NOBODY.union(*(values.get(c, NOBODY) for c in self.given.ticked[facet.name]))

    def counts(self, facet: Facet) -> Counts:
        """Say for each code how many carry it, and how many match with it ticked too."""
        others = self.others(facet.name)
        present = others & self.matching(facet) if self.given.uses(facet.name) else NOBODY
        carrying = {code: others & ids for code, ids in self.engine.values(facet).items()}
        return {code: (len(ids), len(present | ids)) for code, ids in carrying.items() if ids}

    # ------------------------------------------------------------ in order

    def in_order(self, order: Order, *, downwards: bool) -> list[int]:
        return sorted(
            self.result, key=lambda pk: (self.engine.key(order, pk), pk), reverse=downwards
        )

    def cut(self, order: Order, start: int, stop: int, *, downwards: bool) -> list[int]:
        return self.in_order(order, downwards=downwards)[start:stop]

    def chunks(self, order: Order, size: int, *, downwards: bool) -> Iterator[list[int]]:
        return map(list, batched(self.in_order(order, downwards=downwards), size))
