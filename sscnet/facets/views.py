"""What the views of a list share: all values of a filter, and the list as a feed."""

from collections.abc import Callable

from django.db.models import Max
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages import feeds
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed

from .filters import CHANGED
from .listing import Listing
from .params import PAGE

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


def feed_view(filterset, app: str, entry: Callable[..., dict]):
    """Make the view of a list as a feed, the last changed first unless an order is asked for.

    `app` has the addresses `list` and `feed`; `entry` says of a record what
    `feeds.ListFeed.add_record` takes besides.
    """

    @for_harvesters()
    @require_safe
    @keep_until_changed(*filterset.topics)
    def feed(request):
        listing = filterset.listing_of(request, usual=CHANGED.name)
        page = listing.page(request.GET.get(PAGE), feeds.PER_PAGE)
        answer = feeds.ListFeed(
            title=listing.heading,
            path=reverse(f"{app}:feed"),
            # However the page shows its list, the feed is the same.
            query=listing.query(view=""),
            list_path=reverse(f"{app}:list"),
            page=page,
            updated=last_change(listing),
        )
        for record in listing.records(page.object_list):
            answer.add_record(record, **entry(record))
        return answer.response()

    return feed


def last_change(listing: Listing):
    """Return when something in the list changed last; of an empty one, when any record did."""
    newest = next(listing.matches.walk(CHANGED, downwards=True), None)
    records = listing.filterset.listed()
    records = records.filter(pk=newest) if newest else records
    return records.aggregate(at=Max("updated_at"))["at"]
