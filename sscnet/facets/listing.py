"""The list a visitor asked for: what the page, files, feeds and figures are made of.

    listing = ProjectFilter.listing(request.GET)
    page = listing.page(request.GET.get("page"))      # a Django page of ids
    rows = listing.records(page.object_list)          # the rows, in that order

One listing sees one state of the records, whatever is edited meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import batched
from typing import NamedTuple
from urllib.parse import quote_plus

from django.core.paginator import Paginator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import Name
from sscnet.core.records import samples

from . import heading
from .engine import Index, Matches, current
from .filters import ValuesFilter
from .params import NOT_STATED, SEARCH, Text, read

IN_SIGHT = 8
PER_PAGE = 20
AT_ONCE = 500
# Stands in an address for the code of a value.
ANY_CODE = "any-code"


class Listing:
    """The records that match the parameters of an address.

    `data` holds the parameters, `index` the state of the records to ask, else it is looked up,
    with samples if the parameters ask for them; `usual` names the order that the list has when the
    address names none.
    """

    def __init__(self, filterset, data, index: Index | None = None, *, usual: str = ""):
        self.filterset = filterset
        self.index = index or index_for(filterset, data)
        params, self.unknown = read(data, filterset, self.index.labels, usual)
        self.params = replace(params, has_samples=self.index.has_samples)

    @cached_property
    def matches(self) -> Matches:
        return self.index.select(self.params)

    # ------------------------------------------------------------ what matches

    @cached_property
    def count(self) -> int:
        return len(self.matches)

    @property
    def ids(self) -> Matches:
        """Return the ids in the order asked for, as a sequence for a paginator."""
        return self.matches

    def page(self, number=1, size: int = PER_PAGE):
        """Return a page of ids as Django's paginator does; beyond the end, the last one."""
        return Paginator(self.ids, size).get_page(number)

    def records(self, ids, queryset=None) -> list:
        """Load the rows of some ids, in their order; of a queryset as files show them."""
        if queryset is None:
            return self.filterset.read(ids)
        rows = queryset.in_bulk(ids)
        return [rows[id] for id in ids if id in rows]

    def all_records(self, queryset) -> Iterator:
        """Load all rows of a queryset piece by piece: memory does not grow with the list."""
        for ids in batched(self.ids, AT_ONCE):
            yield from self.records(ids, queryset)

    # ------------------------------------------------------------ what the page shows beside it

    @property
    def is_filtered(self) -> bool:
        return bool(self.params.names)

    @cached_property
    def heading(self) -> str:
        """Return the number of results and what they are, as a sentence."""
        return heading.sentence(self)

    @cached_property
    def facets(self) -> list["FacetView"]:
        return [FacetView(self, values) for values in self.filterset.values_filters()]

    def facet(self, name: str) -> "FacetView":
        return FacetView(self, self.filterset.base_filters[name])

    def label(self, values: ValuesFilter, code: str) -> Name:
        if code == NOT_STATED:
            return Name(gettext("not stated"))
        return self.index.labels(values).get(code) or Name(code)

    def shown(self, names: Iterable[str]) -> list["FacetView"]:
        """Return these filters as they stand beside the list, but for those without a value."""
        return [view for name in names if name and (view := self.facet(name)).is_shown]

    @cached_property
    def chips(self) -> list["Chip"]:
        """Return the filters in use, a value each, with the address without it."""
        chips = []
        if self.params.text:
            chips.append(
                Chip(SEARCH, _("Search"), f"“{self.params.text}”", self.query(without=SEARCH))
            )
        for values in self.filterset.values_filters():
            chips += self.chips_of(values)
        return chips

    def chips_of(self, values: ValuesFilter) -> Iterator["Chip"]:
        name, label = values.name, values.label
        if name in self.params.ranges:
            words = heading.range_in_words(self.params.ranges[name])
            yield Chip(name, label, words, self.params.without_range(name).query())
        for code in self.params.ticked.get(name, ()):
            yield Chip(name, label, self.label(values, code), self.query_without(name, code), code)

    @cached_property
    def ways_out(self) -> list["WayOut"]:
        """Return the filters in use whose dropping finds something, with how many would match."""
        ways = (
            WayOut(name, self.filter_label(name), self.matches.without(name), self.query(name))
            for name in self.params.names
        )
        return [way for way in ways if way.count]

    def filter_label(self, name: str) -> Text:
        return _("Search") if name == SEARCH else self.filterset.base_filters[name].label

    @property
    def sorts(self) -> list[tuple[str, Text]]:
        """Return the orders as an address names them, with labels; those turned round too."""
        relevance = self.filterset.relevance if self.params.text else None
        both = [(relevance.name, relevance.label)] if relevance else []
        for order in self.filterset.orders:
            both += [(order.name, order.label), (f"-{order.name}", order.label_reversed)]
        return [(sort, label) for sort, label in both if label]

    @property
    def answer(self):
        """Return what the search found: the spelling it was taken for, or one to offer."""
        return self.index.answer(self.params.text) if self.params.text else None

    # ------------------------------------------------------------ addresses

    def query(
        self, without: str = "", *, sort: str = "", page: int = 1, view: str | None = None
    ) -> str:
        """Write this list as the end of an address, without a filter, sorted or shown otherwise.

        The page number starts anew, the sorting stays.
        """
        params = self.params.without(without) if without else self.params
        if sort:
            params = replace(params, sort=sort)
        if view is not None:
            params = replace(params, view=view)
        return params.query(page)

    def query_with(self, name: str, code: str) -> str:
        return self.params.with_value(name, code).query()

    def query_without(self, name: str, code: str) -> str:
        return self.params.without_value(name, code).query()

    def queries_with(self, name: str) -> Callable[[str], str]:
        """Return `query_with` of one filter for many codes that are not ticked, written once."""
        pattern = self.query_with(name, ANY_CODE)
        return lambda code: pattern.replace(ANY_CODE, quote_plus(code))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return this list as the hidden fields of a form that asks for something else besides."""
        return self.params.pairs()

    @property
    def views(self) -> list[tuple[str, Text, str]]:
        """Return the ways to show this list: name, label and address."""
        views = self.filterset.views.items()
        return [(name, label, self.query(view=name)) for name, label in views]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """Return what a form of the filters must carry along besides them: order and view."""
        sort = "" if self.params.is_by_relevance else self.params.sort
        return replace(self.params, text="", sort=sort).pairs_of_view()


def index_for(filterset, data) -> Index:
    with samples.shown(samples.are_asked_for(data)):
        return current(filterset)


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


class FacetValue(NamedTuple):
    """`count`: how many carry the value among those that match the other filters."""

    code: str
    label: Name
    count: int
    is_ticked: bool


class FacetView:
    """A filter with its values, as the page shows it: commonest first, *not stated* last."""

    def __init__(self, listing: Listing, values: ValuesFilter):
        self.listing = listing
        self.filter = values
        self.name, self.label = values.name, values.label
        self.labels = listing.index.labels(values)
        self.ticked = listing.params.ticked.get(values.name, ())
        self.range = listing.params.ranges.get(values.name, (None, None))
        # A ticked value that no record has stays in sight.
        self.counts = dict.fromkeys(self.ticked, 0) | listing.matches.counts(values)

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def is_shown(self) -> bool:
        """Return whether a value can be chosen; that nothing is stated says nothing."""
        return bool(self.counts.keys() - {NOT_STATED} or self.ticked) or self.filter.is_range

    @property
    def is_in_use(self) -> bool:
        return self.listing.params.uses(self.name)

    @cached_property
    def codes(self) -> list[str]:
        """Return the codes that a record has or that are ticked, in the order of the page."""
        counts = self.counts
        if self.filter.order:
            stated = sorted(counts.keys() - {NOT_STATED}, key=self.filter.order)
        else:
            by_label = [code for code in self.labels if code in counts]
            stated = sorted(by_label, key=counts.__getitem__, reverse=True)
        return [*stated, NOT_STATED] if NOT_STATED in counts else stated

    @cached_property
    def values(self) -> list[FacetValue]:
        return [self.value(code) for code in self.codes]

    @cached_property
    def in_sight(self) -> list[FacetValue]:
        """Return the first values, and every ticked one wherever it stands."""
        ticked = [code for code in self.codes[IN_SIGHT:] if code in self.ticked]
        return [self.value(code) for code in self.codes[:IN_SIGHT] + ticked]

    @property
    def hidden(self) -> int:
        return len(self) - len(self.in_sight)

    def value(self, code: str) -> FacetValue:
        label = self.labels.get(code) or self.listing.label(self.filter, code)
        return FacetValue(code, label, self.counts[code], code in self.ticked)
