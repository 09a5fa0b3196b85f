"""Projects as bars, each the way to its list: the commonest values of a filter, and the years."""

from dataclasses import dataclass

from django.urls import reverse

from sscnet.core.pages.charts import Chart, Value, vertical_bars
from sscnet.facets.listing import IN_SIGHT, FacetValue, FacetView, Listing
from sscnet.facets.params import NOT_STATED

# Per cent of the room, the rest is for the number behind the bar.
LONGEST = 80
# So many years can be read beside each other on a phone.
MOST_YEARS = 12


@dataclass(frozen=True)
class LinkedBar:
    """A value with the projects that carry it; `address` opens the list of exactly those."""

    value: FacetValue
    address: str
    width: int


@dataclass(frozen=True)
class Bars:
    """`hidden` is the number of values that are not drawn; `address` opens the page of all."""

    facet: FacetView
    rows: list[LinkedBar]
    hidden: int
    not_stated: int
    address: str


def bars(listing: Listing, name: str) -> Bars:
    view = listing.facet(name)
    stated = [value for value in view.values if value.code != NOT_STATED]
    most = max((value.count for value in stated), default=1)
    list_url, query_with = reverse("projects:list"), listing.queries_with(name)
    rows = [
        LinkedBar(
            value,
            list_url + query_with(value.code),
            max(2, LONGEST * value.count // most),
        )
        for value in stated[:IN_SIGHT]
    ]
    not_stated = view.counts.get(NOT_STATED, 0)
    address = reverse("projects:values", args=[name]) + listing.query()
    return Bars(view, rows, len(stated) - len(rows), not_stated, address)


@dataclass(frozen=True)
class Timeline:
    """Projects by year of approval, from the first year to the last, the empty years too."""

    years: list[Value]
    not_stated: int

    @property
    def chart(self) -> Chart:
        """Draw the last years; the table beside has them all."""
        return vertical_bars(self.years[-MOST_YEARS:])

    @property
    def has_earlier_years(self) -> bool:
        return len(self.years) > MOST_YEARS


def timeline(listing: Listing) -> Timeline:
    counts = dict(listing.facet("year").counts)
    not_stated = counts.pop(NOT_STATED, 0)
    stated = [int(year) for year in counts]
    every = range(min(stated), max(stated) + 1) if stated else ()
    list_url, query_with = reverse("projects:list"), listing.queries_with("year")

    def bar(year: str) -> Value:
        """Make the bar of a year; its last two digits are all that fits below."""
        count = counts.get(year, 0)
        address = list_url + query_with(year) if count else ""
        return Value(year, count, f"’{year[-2:]}", address=address)

    return Timeline([bar(str(year)) for year in every], not_stated)
