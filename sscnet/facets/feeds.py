"""Any list as a feed: the last changed first, unless an order is asked for."""

from collections.abc import Callable

from django.db.models import Max
from django.urls import reverse

from sscnet.core.pages import feeds

from .listing import Listing
from .params import PAGE

# The order that each list with a feed has.
CHANGED = "changed"


def feed(request, filterset, app: str, entry: Callable[..., dict]):
    """Answer with the list as a feed; `app` has the addresses `list` and `feed`.

    `entry` says of a record what `feeds.ListFeed.add_record` takes besides.
    """
    listing = filterset.listing_of(request, usual=CHANGED)
    page = listing.page(request.GET.get(PAGE), feeds.PER_PAGE)
    # However the page shows its list, the feed is the same.
    answer = feeds.ListFeed(
        title=listing.heading,
        path=reverse(f"{app}:feed"),
        query=listing.query(**dict.fromkeys(filterset.shown_as, "")),
        list_path=reverse(f"{app}:list"),
        page=page,
        updated=last_change(listing),
    )
    for record in listing.records(page.object_list):
        answer.add_record(record, **entry(record))
    return answer.response()


def last_change(listing: Listing):
    """Return when something in the list changed last; of an empty one, when any record did."""
    params = listing.params.sorted_by(CHANGED)
    newest = listing.matches.cut(params.order, 0, 1, downwards=params.is_downwards)
    records = listing.filterset.listed()
    return (records.filter(pk__in=newest) if newest else records).aggregate(at=Max("updated_at"))[
        "at"
    ]
