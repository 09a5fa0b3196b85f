"""What an address asks of the list: understood, cleaned, and written back as an address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from .declaration import (
    MOST_SEARCH_CHARACTERS,
    NOT_STATED,
    PAGE,
    SEARCH,
    SHOWN_AS,
    SORT,
    Facet,
    Order,
    Text,
)

Range = tuple[int | None, int | None]
NOTHING: Mapping = MappingProxyType({})
NUL = "\0"
LONGEST_SHOWN_AS = 200


@dataclass(frozen=True)
class Unknown:
    """A value that was left out, for a notice."""

    name: str
    label: Text
    value: str


@dataclass(frozen=True)
class Given:
    """The filters in use, by their names; everything in it is known to the list.

    `ranges` are of the facets whose values can be asked for as "from" and "to". Each list has a
    class of its own, with its `orders`, of which the first is the usual one, and with the order of
    a search, `relevance`, if it has one. An empty `sort` is the usual order.
    """

    orders: ClassVar[list[Order]] = []
    relevance: ClassVar[Order | None] = None

    text: str = ""
    ticked: Mapping[str, tuple[str, ...]] = field(default=NOTHING)
    ranges: Mapping[str, Range] = field(default=NOTHING)
    sort: str = ""
    shown_as: Mapping[str, tuple[str, ...]] = field(default=NOTHING)

    def __post_init__(self):
        if not self.sort:
            object.__setattr__(self, "sort", self.default_sort)

    @property
    def names(self) -> list[str]:
        """Name the filters in use; the search is one."""
        search = [SEARCH] if self.text else []
        return search + list(dict.fromkeys([*self.ticked, *self.ranges]))

    def uses(self, name: str) -> bool:
        return name in self.ticked or name in self.ranges

    @property
    def usual_sort(self) -> str:
        return self.orders[0].name

    @property
    def default_sort(self) -> str:
        return self.relevance.name if self.text and self.relevance else self.usual_sort

    @property
    def is_by_relevance(self) -> bool:
        return self.relevance is not None and self.sort == self.relevance.name

    @property
    def order(self) -> Order:
        if self.is_by_relevance:
            return self.relevance
        return next(order for order in self.orders if order.name == self.sort.removeprefix("-"))

    @property
    def is_downwards(self) -> bool:
        return self.order.is_descending != self.sort.startswith("-")

    # ------------------------------------------------------------ others like it

    def without(self, name: str) -> Self:
        """Drop a filter."""
        if name == SEARCH:
            return replace(self, text="", sort="" if self.is_by_relevance else self.sort)
        return replace(
            self,
            ticked={n: codes for n, codes in self.ticked.items() if n != name},
            ranges={n: ends for n, ends in self.ranges.items() if n != name},
        )

    def without_range(self, name: str) -> Self:
        return replace(self, ranges={n: ends for n, ends in self.ranges.items() if n != name})

    def with_value(self, name: str, code: str) -> Self:
        codes = self.ticked.get(name, ())
        if code in codes:
            return self
        return replace(self, ticked={**self.ticked, name: (*codes, code)})

    def without_value(self, name: str, code: str) -> Self:
        codes = tuple(c for c in self.ticked.get(name, ()) if c != code)
        return replace(self.without_ticks(name), ticked={**self.ticked, name: codes}).tidied()

    def without_ticks(self, name: str) -> Self:
        return replace(self, ticked={n: codes for n, codes in self.ticked.items() if n != name})

    def tidied(self) -> Self:
        return replace(self, ticked={n: codes for n, codes in self.ticked.items() if codes})

    def sorted_by(self, sort: str) -> Self:
        return replace(self, sort=sort)

    def shown(self, **shown_as: str) -> Self:
        """Show the same list another way: `view="map"`. An empty value takes the usual way."""
        wanted = {name: (value,) if value else () for name, value in shown_as.items()}
        both = {**self.shown_as, **wanted}
        return replace(self, shown_as={name: values for name, values in both.items() if values})

    # ------------------------------------------------------------ as an address

    def parameters(self, facets: Iterable[Facet]) -> list[tuple[str, str]]:
        """Write the filters as parameters, always in the same order."""
        pairs = [(SEARCH, self.text)] if self.text else []
        for facet in facets if self.ticked or self.ranges else ():
            pairs += [(facet.name, code) for code in self.ticked.get(facet.name, ())]
            ends = self.ranges.get(facet.name, (None, None))
            named = zip(facet.range, ends, strict=True)
            pairs += [(name, str(end)) for name, end in named if end is not None]
        if self.sort != self.default_sort:
            pairs.append((SORT, self.sort))
        for name, values in self.shown_as.items():
            pairs += [(name, value) for value in values]
        return pairs

    def query(self, facets: Iterable[Facet], page: int = 1) -> str:
        """Write the address's part from the question mark on; empty when nothing is asked."""
        pairs = self.parameters(facets)
        if page > 1:
            pairs.append((PAGE, str(page)))
        return f"?{urlencode(pairs)}" if pairs else ""


# ---------------------------------------------------------------- understanding


def understand(
    params, facets: Iterable[Facet], labels: Callable[[Facet], Mapping[str, str]], kind: type[Given]
) -> tuple[Given, list[Unknown]]:
    """Take from the parameters what is known; what is not is listed and left out."""
    unknown: list[Unknown] = []
    ticked, ranges = {}, {}
    for facet in facets:
        known = labels(facet)
        codes = tuple(dict.fromkeys(values_of(params, facet.name)))
        ticked[facet.name] = tuple(c for c in codes if c == NOT_STATED or c in known)
        unknown += [
            Unknown(facet.name, facet.label, code)
            for code in codes
            if code not in ticked[facet.name]
        ]
        if facet.ranged:
            ranges[facet.name] = range_of(params, facet, unknown)
    text = text_of(params, unknown)
    given = kind(
        text,
        {name: codes for name, codes in ticked.items() if codes},
        {name: ends for name, ends in ranges.items() if ends != (None, None)},
        sort_of(params, unknown, kind),
        shown_as_of(params),
    )
    return given, unknown


def values_of(params, name: str) -> list[str]:
    """Give the values of a parameter, of a QueryDict or of a dict; empty ones are none."""
    values = params.getlist(name) if hasattr(params, "getlist") else params.get(name, [])
    if isinstance(values, str):
        values = [values]
    return [text for value in values if (text := clean(str(value)))]


def clean(value: str) -> str:
    """Take out what neither the database nor a page can hold."""
    return value.replace(NUL, "").encode("utf-8", "ignore").decode().strip()


def text_of(params, unknown: list[Unknown]) -> str:
    text = " ".join(" ".join(values_of(params, SEARCH)[-1:]).split())
    if len(text) > MOST_SEARCH_CHARACTERS:
        unknown.append(Unknown(SEARCH, _("Search"), text))
        return ""
    return text


def range_of(params, facet: Facet, unknown: list[Unknown]) -> Range:
    """Read both ends, of which one may be open; turned round, they mean the same."""
    ends: list[int | None] = []
    for name in facet.range:
        values = values_of(params, name)
        known = [value for value in values if is_number(value)]
        unknown += [Unknown(name, facet.label, value) for value in values if value not in known]
        ends.append(int(known[-1]) if known else None)
    first, last = ends
    if first is not None and last is not None and first > last:
        first, last = last, first
    return first, last


def is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 4


def sort_of(params, unknown: list[Unknown], kind: type[Given]) -> str:
    """Give the order asked for, or none; without a search nothing is a better match."""
    names = {order.name for order in kind.orders}
    for value in values_of(params, SORT)[-1:]:
        if value.removeprefix("-") in names:
            return value
        if kind.relevance is None or value != kind.relevance.name:
            unknown.append(Unknown(SORT, _("Sort by"), value))
    return ""


def shown_as_of(params) -> dict[str, tuple[str, ...]]:
    """Keep how the list is shown; the page judges these values, and says so if it knows one not."""
    shown = {name: tuple(values_of(params, name)) for name in SHOWN_AS}
    return {
        name: values
        for name, values in shown.items()
        if values and sum(map(len, values)) <= LONGEST_SHOWN_AS
    }
