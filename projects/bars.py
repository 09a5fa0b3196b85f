"""Projects as bars, each the way to its list: the commonest values of a filter, and the years."""

from dataclasses import dataclass

from django.urls import reverse

from sscnet.catalogue.declaration import NOT_STATED
from sscnet.catalogue.selection import IN_SIGHT, FacetValue, FacetView
from sscnet.records.charts import Value

from .catalogue.selection import Selection

# Per cent of the room, the rest is for the number behind the bar.
LONGEST = 80


@dataclass(frozen=True)
class Bar:
    """A value with the projects that carry it; `address` opens the list of exactly those."""

    value: FacetValue
    address: str
    width: int


@dataclass(frozen=True)
class Bars:
    """`hidden` is the number of values that are not drawn; `address` opens the page of all."""

    facet: FacetView
    rows: list[Bar]
    hidden: int
    not_stated: int
    address: str


def bars(selection: Selection, name: str) -> Bars:
    view = selection.facet(name)
    stated = [value for value in view.values if value.code != NOT_STATED]
    most = max((value.carrying for value in stated), default=1)
    list_url = reverse("projects:list")
    rows = [
        Bar(
            value,
            list_url + selection.query_with(name, value.code),
            max(2, LONGEST * value.carrying // most),
        )
        for value in stated[:IN_SIGHT]
    ]
    not_stated = view.counts.get(NOT_STATED, (0, 0))[0]
    address = reverse("projects:values", args=[name]) + selection.query()
    return Bars(view, rows, len(stated) - len(rows), not_stated, address)


def timeline(selection: Selection) -> list[Value]:
    """Count the projects by year of approval, from the first to the last, the empty years too."""
    values = selection.facet("year").values
    counts = {int(value.code): value.carrying for value in values if value.code != NOT_STATED}
    if not counts:
        return []
    return [
        Value(
            str(year),
            counts.get(year, 0),
            short_year(str(year)),
            address=list_of_year(selection, str(year)) if year in counts else "",
        )
        for year in range(min(counts), max(counts) + 1)
    ]


def short_year(year: str) -> str:
    """Give the last two digits, which is all that fits below a bar."""
    return f"’{year[-2:]}"


def list_of_year(selection: Selection, year: str) -> str:
    return reverse("projects:list") + selection.query_with("year", year)
