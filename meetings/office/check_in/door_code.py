"""The code shown at the door: who types it on the own page is there.

It is made from meeting, day and session, and kept nowhere; each session has another one, so a
picture of it sent to a colleague at home is soon worth nothing.
"""

from datetime import date, datetime, time, timedelta

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
    begins, until = hours_of(meeting, day)
    begun = [moment for moment in begins if moment - EARLY <= now]
    return max(begun) if begun and now <= until else None


def hours_of(meeting: Meeting, day: date) -> tuple[list[datetime], datetime]:
    """Return when the sessions of a day begin, and until when the door is open."""

    def at(moment: time) -> datetime:
        return datetime.combine(day, moment, meeting.zone)

    workshops = meeting.workshops.filter(cancelled_at=None, starts_at__isnull=False)
    times = [(w.starts_at, w.ends_at) for w in workshops]
    times = [(starts.astimezone(meeting.zone), ends) for starts, ends in times]
    times = [(starts, ends) for starts, ends in times if starts.date() == day]
    items = meeting.agenda_items.filter(day=day, begins__isnull=False)
    times += [(at(item.begins), item.ends and at(item.ends)) for item in items]
    if not times:
        return [at(FROM)], at(UNTIL)
    ends = [ends for _starts, ends in times]
    return [starts for starts, _ends in times], max(ends) if all(ends) else at(UNTIL)
