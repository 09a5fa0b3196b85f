"""The parameters of a list: read from an address, cleaned, and written back as one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.records.samples import SAMPLES, SHOWN

Text = str | Promise
# In an address: the records for which this is not stated.
NOT_STATED = "none"
SEARCH = "q"
MOST_SEARCH_CHARACTERS = 200
SORT = "sort"
PAGE = "page"
# How the list is shown, not what is in it; it stays in the address.
VIEW = "view"
Range = tuple[int | None, int | None]
NOTHING: Mapping = MappingProxyType({})
NUL = "\0"


@dataclass(frozen=True)
class Unknown:
    """A value that was left out, for a notice; without a label the parameter is not known."""

    name: str
    label: Text
    value: str


@dataclass(frozen=True)
class Params:
    """The filters in use, by their names; everything in it is known to the list.

    `filterset` declares the list. `ranges` are of the filters whose values can be asked for as
    "from" and "to". An empty `sort` is the usual order: `usual`, if the list is asked for it (a
    feed), else that of the declaration. `has_samples`: made-up records are in the list.
    """

    filterset: type
    text: str = ""
    ticked: Mapping[str, tuple[str, ...]] = field(default=NOTHING)
    ranges: Mapping[str, Range] = field(default=NOTHING)
    sort: str = ""
    view: str = ""
    usual: str = ""
    has_samples: bool = False

    def __post_init__(self):
        if not self.sort:
            object.__setattr__(self, "sort", self.default_sort)

    @property
    def names(self) -> list[str]:
        """Return the names of the filters in use; the search is one."""
        search = [SEARCH] if self.text else []
        return search + list(dict.fromkeys([*self.ticked, *self.ranges]))

    def uses(self, name: str) -> bool:
        return name in self.ticked or name in self.ranges

    @property
    def default_sort(self) -> str:
        if self.usual:
            return self.usual
        relevance = self.filterset.relevance
        return relevance.name if self.text and relevance else self.filterset.orders[0].name

    @property
    def is_by_relevance(self) -> bool:
        relevance = self.filterset.relevance
        return relevance is not None and self.sort == relevance.name

    @property
    def order(self):
        if self.is_by_relevance:
            return self.filterset.relevance
        name = self.sort.removeprefix("-")
        return next(order for order in self.filterset.orders if order.name == name)

    @property
    def is_downwards(self) -> bool:
        return self.order.is_descending != self.sort.startswith("-")

    # ------------------------------------------------------------ others like it

    def without(self, name: str) -> Self:
        """Drop a filter."""
        if name == SEARCH:
            return replace(self, text="", sort="" if self.is_by_relevance else self.sort)
        return self.without_range(name).with_codes(name, ())

    def without_range(self, name: str) -> Self:
        return replace(self, ranges={n: ends for n, ends in self.ranges.items() if n != name})

    def with_value(self, name: str, code: str) -> Self:
        return self.with_codes(name, dict.fromkeys((*self.ticked.get(name, ()), code)))

    def without_value(self, name: str, code: str) -> Self:
        return self.with_codes(name, (c for c in self.ticked.get(name, ()) if c != code))

    def with_codes(self, name: str, codes: Iterable[str]) -> Self:
        ticked = {**self.ticked, name: tuple(codes)}
        return replace(self, ticked={n: codes for n, codes in ticked.items() if codes})

    # ------------------------------------------------------------ as an address

    def pairs(self) -> list[tuple[str, str]]:
        """Write the filters as parameters and values, always in the same order."""
        pairs = [(SEARCH, self.text)] if self.text else []
        for values in self.filterset.values_filters() if self.ticked or self.ranges else ():
            pairs += [(values.name, code) for code in self.ticked.get(values.name, ())]
            if values.name in self.ranges:
                ends = zip(values.ends, self.ranges[values.name], strict=True)
                pairs += [(name, str(end)) for name, end in ends if end is not None]
        return pairs + self.pairs_of_view()

    def pairs_of_view(self) -> list[tuple[str, str]]:
        """Write how the list is sorted and shown, without its filters."""
        pairs = [(SORT, self.sort)] if self.sort != self.default_sort else []
        pairs += [(SAMPLES, SHOWN)] if self.has_samples else []
        return pairs + ([(VIEW, self.view)] if self.view else [])

    def query(self, page: int = 1) -> str:
        """Write the address's part from the question mark on; empty without parameters."""
        pairs = self.pairs()
        if page > 1:
            pairs.append((PAGE, str(page)))
        return f"?{urlencode(pairs)}" if pairs else ""


# ---------------------------------------------------------------- reading


def read(
    data, filterset: type, labels: Callable[..., Mapping[str, str]], usual: str = ""
) -> tuple[Params, list[Unknown]]:
    """Return the parameters that are known, and a list of what was left out.

    `labels` gives the words of a filter's codes.
    """
    unknown: list[Unknown] = []
    ticked, ranges = {}, {}
    for values in filterset.values_filters():
        if codes := tuple(dict.fromkeys(values_of(data, values.name))):
            known = labels(values)
            ticked[values.name] = tuple(c for c in codes if c == NOT_STATED or c in known)
            left_out = [code for code in codes if code not in ticked[values.name]]
            unknown += [Unknown(values.name, values.label, code) for code in left_out]
        if values.is_range:
            ranges[values.name] = range_of(data, values, unknown)
    params = Params(
        filterset,
        text_of(data, unknown),
        {name: codes for name, codes in ticked.items() if codes},
        {name: ends for name, ends in ranges.items() if ends != (None, None)},
        sort_of(data, unknown, filterset),
        view_of(data, unknown, filterset),
        usual,
    )
    known = {SEARCH, SORT, PAGE, SAMPLES, *([VIEW] if filterset.views else [])}
    known.update(*(values.parameters for values in filterset.values_filters()))
    names = [name for name in data if name not in known]
    unknown += [Unknown(name, "", value) for name in names for value in values_of(data, name)]
    return params, unknown


def values_of(data, name: str) -> list[str]:
    """Return the values of a parameter, of a QueryDict or of a dict; empty ones are none."""
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    if isinstance(values, str):
        values = [values]
    return [text for value in values if (text := clean(str(value)))]


def clean(value: str) -> str:
    """Remove what neither the database nor a page can hold."""
    return value.replace(NUL, "").encode("utf-8", "ignore").decode().strip()


def text_of(data, unknown: list[Unknown]) -> str:
    text = " ".join(" ".join(values_of(data, SEARCH)[-1:]).split())
    if len(text) > MOST_SEARCH_CHARACTERS:
        unknown.append(Unknown(SEARCH, _("Search"), text))
        return ""
    return text


def range_of(data, facet, unknown: list[Unknown]) -> Range:
    """Read both ends, of which one may be open; turned round, they mean the same."""
    ends: list[int | None] = []
    for name in facet.ends:
        values = values_of(data, name)
        known = [value for value in values if is_number(value)]
        unknown += [Unknown(name, facet.label, value) for value in values if value not in known]
        ends.append(int(known[-1]) if known else None)
    first, last = ends
    if first is not None and last is not None and first > last:
        first, last = last, first
    return first, last


def is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 4


def sort_of(data, unknown: list[Unknown], filterset) -> str:
    """Return the order asked for, or none; without a search nothing is a better match."""
    names = {order.name for order in filterset.orders}
    for value in values_of(data, SORT)[-1:]:
        if value.removeprefix("-") in names:
            return value
        if filterset.relevance is None or value != filterset.relevance.name:
            unknown.append(Unknown(SORT, _("Sort by"), value))
    return ""


def view_of(data, unknown: list[Unknown], filterset) -> str:
    """Return the view asked for; empty for the first, the list."""
    view = ""
    for value in values_of(data, VIEW) if filterset.views else ():
        if value in filterset.views:
            view = value
        elif value != "list":
            unknown.append(Unknown(VIEW, pgettext_lazy("of a list", "View"), value))
    return view
