"""The page of all values of a filter, each a link that ticks it or takes it out."""

from django.http import Http404
from django.urls import reverse

from .selection import Selection

LONGEST_FIND = 100


def values_context(selection: Selection, app: str, name: str, find: str) -> dict:
    """Give what the page shows of a filter; `app` has the addresses `list` and `values`."""
    if name not in {facet.name for facet in selection.engine.facets}:
        raise Http404
    view = selection.facet(name)
    find = find.strip()[:LONGEST_FIND]
    return {
        "selection": selection,
        "list_url": reverse(f"{app}:list"),
        "values_url": reverse(f"{app}:values", args=[name]),
        "facet": view,
        "find": find,
        "values": [
            (value, change(name, value.code))
            for value in view.values
            if find.casefold() in value.label.casefold()
            for change in [selection.query_without if value.is_ticked else selection.query_with]
        ],
    }
