"""What the views of a list share."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages.page_cache import keep_until_changed

LONGEST_FIND = 100


def values_view(filterset, app: str):
    """Make the page of all values of a filter, each a link that ticks it or takes it out.

    `app` has the addresses `list` and `values`.
    """

    @require_safe
    @keep_until_changed(*filterset.topics)
    def facet_values(request, name):
        if name not in {values.name for values in filterset.values_filters()}:
            raise Http404
        listing = filterset.listing_of(request)
        view, find = listing.facet(name), request.GET.get("find", "").strip()[:LONGEST_FIND]
        context = {
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
        return render(request, "facets/values.html", context)

    return facet_values
