"""The list a visitor asked for: what the page, files and figures are made of.

    selection = Selection(request.GET)
    page = selection.page(request.GET.get("page"))      # a Django page of ids
    rows = selection.records(page.object_list)          # the rows, in that order

One selection sees one state of the records, whatever is edited meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.core.paginator import Paginator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import heading
from .declaration import NOT_STATED, SEARCH, Facet, Text
from .given import Given, understand

IN_SIGHT = 8
PER_PAGE = 20
AT_ONCE = 1000


# For each code, how many carry it among those that match the other filters, and the number beside
# the value: the size of the result one gets by also ticking it. While nothing is ticked in the
# facet the two are the same; of a ticked code, the second is the present result.
Counts = dict[str, tuple[int, int]]


class Selection:
    """The records that match the parameters of an address; each list has a subclass of its own.

    `engine` counts. It has `facets`, gives the `labels` of one, the `answer` to a search if it has
    anything to say about it, and by `select` what matches: that has a length, `counts` of a facet,
    the number `without` a filter, and ids in an order, by `cut` and `chunks`.
    """

    given_class: type[Given]

    def __init__(self, params, engine=None):
        self.engine = engine or self.current_engine()
        self.given, self.unknown = understand(
            params, self.engine.facets, self.engine.labels, self.given_class
        )

    @staticmethod
    def current_engine():
        raise NotImplementedError

    @staticmethod
    def counted(n: int, is_described: bool) -> str:
        """Give the pattern of the heading: `%(n)d` records, with `%(phrases)s` if described."""
        raise NotImplementedError

    @staticmethod
    def queryset():
        """Give the rows of the list, loaded with what it shows of them."""
        raise NotImplementedError

    @cached_property
    def matches(self):
        return self.engine.select(self.given)

    # ------------------------------------------------------------ what matches

    @cached_property
    def count(self) -> int:
        return len(self.matches)

    @property
    def ids(self) -> "Ids":
        """Give the ids in the order asked for: a sequence to cut pages from or to walk through."""
        return Ids(self)

    def page(self, number=1, size: int = PER_PAGE):
        """Give a page of ids as Django's paginator does; beyond the end, the last one."""
        return Paginator(self.ids, size).get_page(number)

    def records(self, ids, queryset=None) -> list:
        """Load the rows of some ids, in their order."""
        rows = (self.queryset() if queryset is None else queryset).in_bulk(ids)
        return [rows[id] for id in ids if id in rows]

    # ------------------------------------------------------------ what the page shows beside it

    @property
    def is_filtered(self) -> bool:
        return bool(self.given.names)

    @cached_property
    def heading(self) -> str:
        """Say the number of results and what they are, as a sentence."""
        return heading.sentence(self)

    @cached_property
    def facets(self) -> list["FacetView"]:
        return [self.facet(facet.name) for facet in self.engine.facets]

    def facet(self, name: str) -> "FacetView":
        facet = self.declared(name)
        return FacetView(self, facet, self.matches.counts(facet))

    def declared(self, name: str) -> Facet:
        return next(facet for facet in self.engine.facets if facet.name == name)

    def label(self, facet: Facet, code: str) -> str:
        if code == NOT_STATED:
            return gettext("not stated")
        return self.engine.labels(facet).get(code, code)

    @cached_property
    def chips(self) -> list["Chip"]:
        """List the filters in use, a value each, with the address without it."""
        chips = []
        if self.given.text:
            chips.append(
                Chip(SEARCH, _("Search"), f"“{self.given.text}”", self.query(without=SEARCH))
            )
        for facet in self.engine.facets:
            chips += self.chips_of(facet)
        return chips

    def chips_of(self, facet: Facet) -> Iterator["Chip"]:
        if facet.name in self.given.ranges:
            words = heading.range_in_words(self.given.ranges[facet.name])
            query = self.given.without_range(facet.name).query(self.engine.facets)
            yield Chip(facet.name, facet.label, words, query)
        for code in self.given.ticked.get(facet.name, ()):
            query = self.given.without_value(facet.name, code).query(self.engine.facets)
            yield Chip(facet.name, facet.label, self.label(facet, code), query, code)

    @cached_property
    def ways_out(self) -> list["WayOut"]:
        """List the filters in use with how many would match without each; those of no help not."""
        ways = (
            WayOut(name, self.filter_label(name), self.matches.without(name), self.query(name))
            for name in self.given.names
        )
        return [way for way in ways if way.count]

    def filter_label(self, name: str) -> Text:
        return _("Search") if name == SEARCH else self.declared(name).label

    @cached_property
    def sorts(self) -> list["Sort"]:
        """List the orders, those turned round too."""
        both = [
            named
            for order in self.given.orders
            for named in (
                (order.name, order.label),
                (f"-{order.name}", order.label_reversed),
            )
        ]
        relevance = self.given.relevance
        best = [(relevance.name, relevance.label)] if relevance and self.given.text else []
        return [
            Sort(sort, label, self.query(sort=sort), sort == self.given.sort)
            for sort, label in best + both
        ]

    @property
    def answer(self):
        """Give what the search found: the spelling it was taken for, or one to offer."""
        return self.engine.answer(self.given.text) if self.given.text else None

    # ------------------------------------------------------------ addresses

    def query(self, without: str = "", *, sort: str = "", page: int = 1, **shown_as: str) -> str:
        """Write this list as the end of an address, without a filter, sorted or shown otherwise.

        The page number starts anew, the sorting stays.
        """
        given = self.given.without(without) if without else self.given
        if sort:
            given = given.sorted_by(sort)
        if shown_as:
            given = given.shown(**shown_as)
        return given.query(self.engine.facets, page)

    def query_with(self, name: str, code: str) -> str:
        return self.given.with_value(name, code).query(self.engine.facets)

    def query_without(self, name: str, code: str) -> str:
        return self.given.without_value(name, code).query(self.engine.facets)

    def fields(self, *left_out: str) -> list[tuple[str, str]]:
        """Give this list as the hidden fields of a form that asks for something else besides."""
        parameters = self.given.parameters(self.engine.facets)
        return [(name, value) for name, value in parameters if name not in left_out]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Give what a form of the filters must carry along besides them: order and view."""
        sort = "" if self.given.is_by_relevance else self.given.sort
        return self.given_class(sort=sort, shown_as=self.given.shown_as).parameters(())


class Ids:
    """The ids of a selection in its order, read piece by piece."""

    def __init__(self, selection: Selection):
        self.selection = selection

    def __len__(self) -> int:
        return self.selection.count

    def __getitem__(self, piece: slice) -> list[int]:
        start, stop, _step = piece.indices(len(self))
        given = self.selection.given
        return self.selection.matches.cut(given.order, start, stop, downwards=given.is_downwards)

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self.chunks())

    def chunks(self, size: int = AT_ONCE) -> Iterator[list[int]]:
        """Go through all ids in lists of a size, for a file that is streamed."""
        given = self.selection.given
        return self.selection.matches.chunks(given.order, size, downwards=given.is_downwards)


@dataclass(frozen=True)
class Chip:
    """A filter in use: what it says, and the address without it."""

    name: str
    filter_label: Text
    label: str
    query_without: str
    code: str = ""


@dataclass(frozen=True)
class WayOut:
    name: str
    label: Text
    count: int
    query: str


@dataclass(frozen=True)
class Sort:
    name: str
    label: Text
    query: str
    is_current: bool


@dataclass(frozen=True)
class FacetValue:
    """`count`: the size of the result with this value ticked too. `adds`: by how many it grows.

    `carrying`: how many carry it among those that match the other filters.
    """

    code: str
    label: str
    count: int
    adds: int
    carrying: int
    is_ticked: bool


class FacetView:
    """A facet with its values, as the page shows it: commonest first, *not stated* last."""

    def __init__(self, selection: Selection, facet: Facet, counts: Counts):
        self.selection = selection
        self.facet = facet
        self.name = facet.name
        self.label = facet.label
        self.ticked = selection.given.ticked.get(facet.name, ())
        self.range = selection.given.ranges.get(facet.name, (None, None))
        # A ticked value that nobody carries stays in sight; it changes nothing.
        idle = {code: (0, selection.count) for code in self.ticked if code not in counts}
        self.counts = {**counts, **idle}

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def codes(self) -> list[str]:
        """List the codes that some record carries or that are ticked, in the order of the page."""
        counts = self.counts
        if self.facet.order:
            stated = sorted(counts.keys() - {NOT_STATED}, key=self.facet.order)
        else:
            labels = self.selection.engine.labels(self.facet)
            by_label = [code for code in labels if code in counts]
            stated = sorted(by_label, key=counts.__getitem__, reverse=True)
        return [*stated, NOT_STATED] if NOT_STATED in counts else stated

    @cached_property
    def values(self) -> list[FacetValue]:
        return [self.value(code) for code in self.codes]

    @cached_property
    def in_sight(self) -> list[FacetValue]:
        """Give the first values, and every ticked one wherever it stands."""
        ticked = set(self.ticked)
        return [self.value(code) for code in self.codes[:IN_SIGHT]] + [
            self.value(code) for code in self.codes[IN_SIGHT:] if code in ticked
        ]

    @property
    def rest(self) -> list[FacetValue]:
        ticked = set(self.ticked)
        return [self.value(code) for code in self.codes[IN_SIGHT:] if code not in ticked]

    @property
    def hidden(self) -> int:
        return len(self) - len(self.in_sight)

    def value(self, code: str) -> FacetValue:
        carrying, count = self.counts[code]
        adds = count - self.selection.count if self.selection.given.uses(self.name) else count
        label = self.selection.label(self.facet, code)
        return FacetValue(code, label, count, adds, carrying, code in self.ticked)
