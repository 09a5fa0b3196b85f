"""When pages that show meetings change by the clock alone, without a change of a record.

A registration opens and closes at a moment; a meeting is over when its last day is past where it is
held.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from ..models import Meeting

MOMENTS = ("registration_opens_at", "registration_closes_at", "waiting_list_ends_at")
DAYS = ("ends_on", "apply_until", "name_by_on", "freeze_on")


def moments() -> Iterator[datetime | None]:
    """Give the moments at which something changes."""
    for meeting in Meeting.objects.published().only("time_zone", *MOMENTS, *DAYS):
        yield from (getattr(meeting, name) for name in MOMENTS)
        for name in DAYS:
            if day := getattr(meeting, name):
                # When the day is past where the meeting is.
                yield datetime.combine(day + timedelta(days=1), time.min, meeting.zone)
