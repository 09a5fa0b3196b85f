"""What lists are counted and sorted by: bitmaps of ids in memory, read from the declaration.

An `Index` holds one state of a list's records and is never changed. `current(filterset)` gives the
one that is true now: the stamps of the log of changes say whether the process's own still is; if
not, it is read anew, by one statement a filter. An edit costs that much and nothing else has to be
known of what changed. Only a transaction sees what it wrote and did not commit: its stamps are
its own.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django_filters import FilterSet
from pyroaring import BitMap

from sscnet.core.database import stamps as changes
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.texts import Name
from sscnet.core.pages.page_cache import states_of
from sscnet.core.records import samples
from sscnet.search import Found, matching

from .filters import ComputedFilter, Order, ValuesFilter
from .orders import Sorted, read_orders
from .params import NOT_STATED, SEARCH, Params

Values = dict[str, BitMap]
EMPTY = BitMap()
# Of so many searches the results are kept, 12 KB each at the most when there are 100,000 records.
MOST_TEXTS = 200


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    return BitMap.union(EMPTY, *bitmaps)


# ---------------------------------------------------------------- the index


@dataclass(frozen=True)
class Index:
    """One state of the records of a list.

    `values` holds for each filter the records of each code, those *not stated* under `none`;
    `together`, for a filter that qualifies another, the records of each pair of a code of its own
    and one of the other. `orders` are by name and language. `labels` and answers to searches are
    filled when they are asked for. `stamps` name the state by topics of the log of changes.
    `has_samples`: made-up records are among them.
    """

    filterset: type[FilterSet]
    stamps: Mapping[str, str]
    all: BitMap
    values: dict[str, Values]
    together: dict[str, dict[tuple[str, str], BitMap]]
    orders: dict[tuple[str, str], "Sorted"]
    has_samples: bool = False
    words: dict[tuple[str, str], Mapping[str, Name]] = field(default_factory=dict)
    answers: dict[str, Found] = field(default_factory=dict)

    def select(self, params: Params) -> "Matches":
        return Matches(self, params)

    def records_of(self, name: str, code: str) -> BitMap:
        return self.values[name].get(code, EMPTY)

    def answer(self, text: str) -> Found:
        """Search; asked once for each state of the records."""
        if answer := self.answers.get(text):
            return answer
        with samples.shown(self.has_samples):
            found = matching(text, self.filterset.kind_found)
        if len(self.answers) >= MOST_TEXTS:
            self.answers.clear()
        self.answers[text] = replace(found, ids=BitMap(found.ids))
        return self.answers[text]

    def labels(self, values: ValuesFilter) -> Mapping[str, Name]:
        """Return the words of a filter's codes in the language of the page, in their order."""
        key = values.name, get_language()
        if key not in self.words:
            self.words[key] = in_order(values.words(self.filterset.listed().model))
        return self.words[key]

    def sorted_by(self, order: Order) -> "Sorted":
        language = get_language() or settings.LANGUAGE_CODE
        return self.orders[order.name, language if order.is_translated else ""]


def in_order(labels: Mapping[str, str]) -> Mapping[str, str]:
    ordered = sorted(labels.items(), key=lambda item: sort_key(item[1]))
    return {code: Name(label) for code, label in ordered}


# ---------------------------------------------------------------- the process's own


# The last index of each list, without samples and with, for all threads.
kept: dict[tuple[type[FilterSet], bool], Index] = {}
forget = kept.clear
building = threading.Lock()


def current(filterset: type[FilterSet], looked: dict | None = None) -> Index:
    """Return the index that is true of what this connection sees; `looked` are fresh stamps."""
    looked = changes.stamps() if looked is None else looked
    stamps = states_of(filterset.topics, looked)
    key = filterset, samples.are_shown()
    index = kept.get(key)
    if index and index.stamps == stamps:
        return index
    with building:
        # Another thread may have been quicker.
        index = kept.get(key)
        if not index or index.stamps != stamps:
            index = kept[key] = build(filterset, stamps)
        return index


def of_request(request, filterset: type[FilterSet]) -> Index:
    """Return the index for all that a request shows: one state of the records."""
    return current(filterset, changes.of_request(request))


def build(filterset: type[FilterSet], stamps: Mapping[str, str] | None = None) -> Index:
    """Read all of a list. `stamps`, read before, name its state."""
    stamps = stamps or states_of(filterset.topics, changes.stamps())
    # Read once, and only where something is computed of them.
    records = SimpleLazyObject(lambda: list(filterset.listed()))
    everybody, orders = read_orders(filterset, records)
    values, together = {}, {}
    for one in filterset.values_filters():
        if one.qualifies:
            values[one.name], together[one.name] = {}, read_pairs(filterset, one)
            for (code, _other), ids in together[one.name].items():
                values[one.name][code] = values[one.name].get(code, EMPTY) | ids
        else:
            values[one.name] = read_values(filterset, one, records)
        if lacking := everybody - union(values[one.name].values()):
            values[one.name][NOT_STATED] = lacking
            together.get(one.name, {})[NOT_STATED, NOT_STATED] = lacking
    return Index(filterset, stamps, everybody, values, together, orders, samples.are_shown())


def read_values(filterset: type[FilterSet], values: ValuesFilter, records: Iterable) -> Values:
    if isinstance(values, ComputedFilter):
        return {code: BitMap(ids) for code, ids in values.computed(records).items()}
    rows = values.pairs(filterset.listed()).values_list("value").annotate(ids=ArrayAgg("pk"))
    # An empty code is none: those records count as not stated.
    return {code: BitMap(ids) for code, ids in rows if code}


def read_pairs(filterset: type[FilterSet], values: ValuesFilter) -> dict[tuple[str, str], BitMap]:
    """Read the records of each code together with one of the filter that it qualifies."""
    other = filterset.base_filters[values.qualifies]
    rows = values.pairs(filterset.listed()).annotate(other=Cast(other.code, TextField()))
    rows = rows.values_list("value", "other").annotate(ids=ArrayAgg("pk"))
    return {(code, of_other): BitMap(ids) for code, of_other, ids in rows}


# ---------------------------------------------------------------- what matches


class Matches:
    """The records of one index that match the parameters: ids in the order asked for.

    Values of a filter widen, filters narrow.
    """

    def __init__(self, index: Index, params: Params):
        self.index = index
        self.params = params
        self.filters = index.filterset.values_filters()
        self.known_values: dict[str, Values] = {}

    def __len__(self) -> int:
        return len(self.result)

    def __getitem__(self, piece: slice) -> list[int]:
        start, stop, _step = piece.indices(len(self))
        return list(islice(self, start, stop))

    def __iter__(self) -> Iterator[int]:
        return self.walk(self.params.order, downwards=self.params.is_downwards)

    @cached_property
    def result(self) -> BitMap:
        return self.others(())

    def without(self, name: str) -> int:
        """Return how many match when a filter is dropped."""
        return len(Matches(self.index, self.params.without(name)))

    def counts(self, values: ValuesFilter) -> dict[str, int]:
        """Return for each code how many carry it among those that match the other filters."""
        others = self.others(self.condition_of(values))
        by_code = self.values_of(values).items()
        # Without a filter in use the sizes are known, and nothing is intersected.
        if others is self.index.all:
            return {code: len(ids) for code, ids in by_code if ids}
        counts = ((code, others.intersection_cardinality(ids)) for code, ids in by_code)
        return {code: n for code, n in counts if n}

    def carried(self, values: ValuesFilter) -> Values:
        """Return for each code that a matching record carries the matching records with it."""
        both = ((code, ids & self.result) for code, ids in self.index.values[values.name].items())
        return {code: ids for code, ids in both if ids}

    # ------------------------------------------------------------ the algebra

    def others(self, left_out: Iterable[str]) -> BitMap:
        """Return what matches all filters but some."""
        result = self.index.all
        if self.params.text and SEARCH not in left_out:
            result = result & self.answer.ids if not self.answer.is_everything else result
        for values in self.filters:
            if self.params.uses(values.name) and values.name not in left_out:
                result = result & self.matching(values)
        return result

    def matching(self, values: ValuesFilter) -> BitMap:
        by_code = self.values_of(values)
        return union(by_code.get(code, EMPTY) for code in self.ticked(values))

    def ticked(self, values: ValuesFilter) -> Iterator[str]:
        """Return the codes in use, those within a range too."""
        yield from self.params.ticked.get(values.name, ())
        if values.name in self.params.ranges:
            first, last = self.params.ranges[values.name]
            for code in self.index.values[values.name]:
                if code != NOT_STATED and (first or 0) <= int(code) <= (last or 9999):
                    yield code

    @property
    def answer(self) -> Found:
        return self.index.answer(self.params.text)

    # ------------------------------------------------------------ filters that qualify another

    def condition_of(self, values: ValuesFilter) -> tuple[str, ...]:
        """Return the names of the filters that make one condition with this one."""
        partner = self.index.filterset.partner(values, self.params)
        return (values.name, partner.name) if partner else (values.name,)

    def values_of(self, values: ValuesFilter) -> Values:
        """Return the records of each code: with a partner in use, in one of its codes."""
        if values.name not in self.known_values:
            partner = self.index.filterset.partner(values, self.params)
            found = self.beside(values, partner) if partner else self.index.values[values.name]
            self.known_values[values.name] = found
        return self.known_values[values.name]

    def beside(self, values: ValuesFilter, partner: ValuesFilter) -> Values:
        """Return the records that have each code together with one of the partner's in use."""
        qualifier = values if values.qualifies else partner
        wanted, found = set(self.ticked(partner)), defaultdict(BitMap)
        for pair, ids in self.index.together[qualifier.name].items():
            code, other = pair if values is qualifier else reversed(pair)
            if other in wanted:
                found[code] |= ids
        return found

    # ------------------------------------------------------------ in order

    def walk(self, order: Order, *, downwards: bool) -> Iterator[int]:
        """Go through all ids in an order."""
        ids = self.index.sorted_by(order).walk(downwards=downwards)
        found = filter(self.result.__contains__, ids)
        is_relevance = order is self.index.filterset.relevance
        return iter(self.answer.ranked(found)) if is_relevance else found
