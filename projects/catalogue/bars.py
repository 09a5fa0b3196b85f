"""Projects as figures, each opening its list: the commonest values of a filter."""

from django.urls import reverse
from django.utils.translation import gettext

from sscnet.facets.listing import IN_SIGHT, Listing
from sscnet.facets.params import NOT_STATED
from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureTable


def bars(listing: Listing, name: str, most: int = IN_SIGHT) -> FigureTable:
    """Count the projects that carry each value; `key` of a number is the code of its value."""
    view, address = listing.facet(name), reverse("projects:list")
    query_with = listing.queries_with(name)
    rows = [
        Figure(one.label, [Number(one.count, address + query_with(one.code), one.code)])
        for one in view.values
        if one.code != NOT_STATED
    ]
    return FigureTable(
        name,
        view.label,
        [gettext("Projects")],
        rows,
        lacking=Number(view.counts.get(NOT_STATED, 0)),
        address=reverse("projects:values", args=[name]) + listing.query(),
        most=most,
    )
