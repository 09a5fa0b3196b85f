"""The page of all values of a filter, each a link that ticks it or takes it out."""

from django.http import Http404
from django.urls import reverse

from .listing import Listing

LONGEST_FIND = 100


def values_context(listing: Listing, app: str, name: str, find: str) -> dict:
    """Give what the page shows of a filter; `app` has the addresses `list` and `values`."""
    if name not in {values.name for values in listing.filterset.values_filters()}:
        raise Http404
    view = listing.facet(name)
    find = find.strip()[:LONGEST_FIND]
    return {
        "listing": listing,
        "list_url": reverse(f"{app}:list"),
        "values_url": reverse(f"{app}:values", args=[name]),
        "facet": view,
        "find": find,
        "values": [
            (value, change(name, value.code))
            for value in view.values
            if find.casefold() in value.label.casefold()
            for change in [listing.query_without if value.is_ticked else listing.query_with]
        ],
    }
