"""What tests of the public pages of meetings share."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import PlaceState
from tests.pages import text_of

LIST = "/meetings/"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
DAY = timedelta(days=1)


def days_from_now(first, last=None):
    """Give the days of a meeting that many days from today."""
    today = timezone.localdate()
    return {
        "starts_on": today + first * DAY,
        "ends_on": today + (first if last is None else last) * DAY,
    }


def window(opens, closes):
    now = timezone.now()
    return {
        "registration_opens_at": now + opens * DAY,
        "registration_closes_at": now + closes * DAY,
    }


def with_place(delegation, **values):
    """Give the delegation's people a confirmed place, as `places.submit` would."""
    delegation.delegates.update(place=PlaceState.CONFIRMED, line=1, **values)
    type(delegation).objects.filter(pk=delegation.pk).update(state="submitted")
    return delegation


def page_of(client, meeting, prefix=""):
    return text_of(client.get(prefix + meeting.get_absolute_url()))
