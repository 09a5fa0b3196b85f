"""The list of meetings: what it is filtered by, in which orders it stands, how it is searched."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.catalogue.filters import BOUNDED, EXACT
from sscnet.core.database.stamps import MEETINGS, PROJECTS, REGISTRATIONS, WORDS
from sscnet.core.models import State
from sscnet.core.pages.statements import RecordReader
from sscnet.core.records import samples
from sscnet.facets.filters import (
    CHANGED,
    ComputedFilter,
    Order,
    ValuesFilter,
    YearFilter,
    by_title,
)
from sscnet.facets.filterset import Group, ListFilterSet
from sscnet.facets.listing import Listing

from ..models import Meeting
from .numbers import numbers_of_each, people_of_each

COMING, OPEN, PAST, CANCELLED = "coming", "open", "past", "cancelled"
STATUSES = {
    COMING: pgettext_lazy("meetings, a status", "coming"),
    OPEN: pgettext_lazy("meetings, a status", "open now"),
    PAST: pgettext_lazy("meetings, a status", "past"),
    CANCELLED: pgettext_lazy("meetings, a status", "cancelled"),
}
PUBLISHED, WITH_WOMEN = "published", "women"
PROJECT = "meeting_projects__project"
OF_PUBLISHED = Q(**{f"{PROJECT}__state": State.PUBLISHED}) & samples.beside("", PROJECT)


# ---------------------------------------------------------------- what the clock changes


def statuses_of(meeting: Meeting) -> Iterator[str]:
    """Return what a meeting is now; neither coming nor past where not even its year is known."""
    if meeting.ends_on or meeting.year:
        yield PAST if meeting.is_over else COMING
    if meeting.is_open_for_registration or meeting.is_open_to_apply:
        yield OPEN
    if meeting.is_cancelled:
        yield CANCELLED


def by_status(meetings) -> dict[str, list[int]]:
    found = {status: [] for status in STATUSES}
    for meeting in meetings:
        for status in statuses_of(meeting):
            found[status].append(meeting.pk)
    return found


def with_numbers(meetings) -> dict[str, list[int]]:
    """Return the meetings of which the public is told who came, as `numbers` says."""
    numbers = numbers_of_each(meetings)
    women = [pk for pk, one in numbers.items() if one.women is not None]
    people = people_of_each(meetings)
    bounded = {m.pk for m in meetings if m.participants_bound and m.pk not in numbers}
    by_bound = {
        EXACT: [pk for pk in people if pk not in bounded],
        BOUNDED: [pk for pk in people if pk in bounded],
    }
    return {PUBLISHED: list(people), WITH_WOMEN: women} | by_bound


def first_day(meeting: Meeting) -> tuple[int, int] | None:
    """Return the year and the day in it, 0 if only the year is known.

    Of one whose start is not known as a day, it is the last day, or the first one of the month.
    """
    known = meeting.starts_on or max(meeting.start_as_known, meeting.end_as_known)
    if known and len(str(known)) > len("2019"):
        day = date.fromisoformat(f"{known}-01"[:10])
        return day.year, day.timetuple().tm_yday
    return (meeting.year, 0) if meeting.year else None


def open_first(meetings) -> dict[int, tuple | None]:
    """Put first what is open now, then what comes next, then what is over, the newest first.

    One whose year is not known stands between them if its number is the highest, else last.
    """
    numbers = (meeting.ordinal or 0 for meeting in meetings if PAST in statuses_of(meeting))
    highest = max(numbers, default=0)
    places: dict[int, tuple | None] = {}
    for meeting in meetings:
        if day := first_day(meeting):
            year, of_year = day
            is_not_open = OPEN not in statuses_of(meeting)
            coming = (0, is_not_open, year, of_year or 367)
            place = (2, -year, -of_year) if meeting.is_over else coming
        else:
            place = (1,) if (meeting.ordinal or 0) > highest else None
        places[meeting.pk] = place
    return places


# ---------------------------------------------------------------- the filters


@cache
def reading() -> RecordReader[Meeting]:
    """Write once what lists and feeds read of some meetings."""
    return RecordReader.of(Meeting.objects.published(), {})


class MeetingFilter(ListFilterSet):
    status = ComputedFilter(
        by_status,
        label=_("Status"),
        labels=lambda: {code: str(label) for code, label in STATUSES.items()},
        phrase=pgettext_lazy("meetings …, status", "that are %(values)s"),
        is_name=False,
        order=list(STATUSES).index,
    )
    year = YearFilter(
        "year",
        label=_("Year"),
        phrase=pgettext_lazy("meetings …, years", "in %(values)s"),
    )
    kind = ValuesFilter(
        "kind",
        label=_("Kind"),
        phrase=pgettext_lazy("meetings …, kind", "of the kind “%(values)s”"),
    )
    sector = ValuesFilter(
        f"{PROJECT}__project_sectors__sector__slug",
        label=_("Sector"),
        where=OF_PUBLISHED,
        phrase=pgettext_lazy("meetings …, sectors of their projects", "about %(values)s"),
        is_name=False,
    )
    country = ValuesFilter(
        f"{PROJECT}__project_countries__country_id",
        label=_("Country of its projects"),
        where=OF_PUBLISHED,
        phrase=pgettext_lazy(
            "meetings …, countries of their projects", "about projects in %(values)s"
        ),
    )
    numbers = ComputedFilter(
        with_numbers,
        label=_("Numbers of those present"),
        labels=lambda: {
            PUBLISHED: gettext("published"),
            WITH_WOMEN: gettext("with the women"),
            EXACT: gettext("exact"),
            BOUNDED: gettext("at least or about"),
        },
    )

    topics = (MEETINGS, PROJECTS, REGISTRATIONS, WORDS)
    kind_found = "meeting"
    reading = reading
    counted = ngettext_lazy("%(n)d meeting", "%(n)d meetings", "n")
    described = ngettext_lazy("%(n)d meeting %(phrases)s", "%(n)d meetings %(phrases)s", "n")
    orders = [
        Order("next", _("Open and coming first"), "", computed=open_first),
        Order(
            "newest",
            _("Newest first"),
            _("Oldest first"),
            is_descending=True,
            computed=lambda meetings: {meeting.pk: first_day(meeting) for meeting in meetings},
        ),
        by_title("slug"),
        CHANGED,
    ]
    panel = [Group(name) for name in ("status", "year", "kind", "sector", "country")]
    rare = ("numbers",)

    @classmethod
    def listed(cls):
        return Meeting.objects.public().own()


# ---------------------------------------------------------------- a page under headings

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
