"""The code shown at the door: who types it on the own page is there.

It is made from meeting, day and session, and kept nowhere; each session has another one, so a
picture of it sent to a colleague at home is soon worth nothing.
"""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from meetings.models import Meeting

# Before a session begins its code is shown, and who began to type the former one may finish.
EARLY = timedelta(minutes=30)
GRACE = timedelta(minutes=5)
# Where a day has no programme.
FROM, UNTIL = time(7), time(22)


def code_at(meeting: Meeting, now: datetime | None = None) -> str:
    """Return the six digits shown at this moment; none outside the meeting's hours."""
    session = session_at(meeting, (now or timezone.now()).astimezone(meeting.zone))
    if session is None:
        return ""
    name = f"{meeting.pk}:{session.isoformat()}"
    seal = salted_hmac("door", name, secret=settings.ENCRYPTION_KEYS[0], algorithm="sha256")
    return f"{int(seal.hexdigest(), 16) % 10**6:06}"


def is_right(meeting: Meeting, typed: str) -> bool:
    now = timezone.now()
    shown = [code_at(meeting, moment) for moment in (now, now - GRACE)]
    return any(code and constant_time_compare(code, typed) for code in shown)


def session_at(meeting: Meeting, now: datetime) -> datetime | None:
    """Return when the session of this moment begins, by the programme of the day."""
    day = now.date()
    if meeting.is_cancelled or not meeting.starts_on or not meeting.is_published:
        return None
    if not meeting.starts_on <= day <= meeting.ends_on:
        return None
    times = times_on(meeting, day)
    begun = [at for at, _ends in times if at - EARLY <= now]
    return max(begun) if begun and now <= max(ends for _at, ends in times) else None


def times_on(meeting: Meeting, day: date) -> list[tuple[datetime, datetime]]:
    """Return when the sessions of a day begin and end, by the programme."""
    at = partial(datetime.combine, day, tzinfo=meeting.zone)
    items = meeting.agenda_items.filter(day=day, begins__isnull=False)
    times = [(at(item.begins), at(item.ends or UNTIL)) for item in items]
    for workshop in meeting.workshops.filter(cancelled_at=None, starts_at__isnull=False):
        starts = workshop.starts_at.astimezone(meeting.zone)
        if starts.date() == day:
            times.append((starts, workshop.ends_at or at(UNTIL)))
    return times or [(at(FROM), at(UNTIL))]
