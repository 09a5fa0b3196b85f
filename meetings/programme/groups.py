"""What a page of the list of meetings holds, under headings: coming, then year by year."""

from itertools import groupby

from sscnet.facets.listing import Listing

from ..models import Meeting
from .filters import COMING, statuses_of

BY_DAY = ("next", "newest")


def groups_of(listing: Listing, page) -> list[tuple[object, list[Meeting]]]:
    """Return the meetings with the heading above them; none where they stand in another order."""
    meetings = listing.records(page.object_list)
    if listing.params.order.name not in BY_DAY:
        return [("", meetings)]
    return [(heading, list(some)) for heading, some in groupby(meetings, heading_of)]


def heading_of(meeting: Meeting) -> object:
    """Return the word for those to come, else the year, None where it is not known."""
    return COMING if COMING in statuses_of(meeting) else meeting.year
