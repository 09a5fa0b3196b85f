"""When pages that show meetings change by the clock alone, without a change of a record.

A registration opens and closes at a moment; a meeting is over when its last day is past where it is
held. Between two such moments a page may be kept.
"""

from bisect import bisect
from datetime import datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone

from sscnet.core.database.stamps import MEETINGS

from ..models import Meeting

MOMENTS = ("registration_opens_at", "registration_closes_at", "waiting_list_ends_at")
DAYS = ("ends_on", "apply_until", "name_by_on", "freeze_on")


def state(looked: dict[str, str]) -> str:
    """Return the day, and how many of the meetings' moments are past."""
    passed = bisect(moments_of(looked[MEETINGS]), timezone.now())
    return f"{timezone.localdate()} {passed}"


@lru_cache(maxsize=2)
def moments_of(_stamp: str) -> list[datetime]:
    """Return the moments at which something changes, read once for each state of the records."""
    meetings = Meeting.objects.published().only("time_zone", *MOMENTS, *DAYS)
    return sorted(moment for meeting in meetings for moment in of_meeting(meeting))


def of_meeting(meeting):
    yield from filter(None, (getattr(meeting, name) for name in MOMENTS))
    for name in DAYS:
        if day := getattr(meeting, name):
            # When the day is past where the meeting is.
            yield datetime.combine(day + timedelta(days=1), time.min, meeting.zone)
