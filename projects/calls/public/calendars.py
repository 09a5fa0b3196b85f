"""The closing of calls as calendar files (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Event

from sscnet.core.i18n.dates import in_both_time_zones
from sscnet.core.i18n.texts import Text, translated
from sscnet.core.pages.calendars import add_text, new_calendar, uid

from ..models import Call


def of_all() -> bytes:
    """Write the calls that are open or to come."""
    public = Call.objects.public()
    calls = [*public.open(), *public.coming()]
    return write(calls, gettext("Calls for proposals of the China South-South Cooperation Network"))


def write(calls: Iterable[Call], name: str) -> bytes:
    """Write when each call closes for the Network and at the Fund, in the language of now."""
    calendar = new_calendar(name)
    for call in calls:
        closing = gettext("Closes: %(call)s")
        calendar.add_component(moment_event(call, "closes", call.closes_at, closing))
        if call.fund_closes_at:
            closing = gettext("Closes at the Fund: %(call)s")
            calendar.add_component(moment_event(call, "fund", call.fund_closes_at, closing))
    return calendar.to_ical()


def moment_event(call: Call, which: str, moment: datetime, words: str) -> Event:
    event = Event()
    event.add("uid", uid(f"call-{call.pk}-{which}"))
    event.add("dtstamp", call.updated_at)
    event.add("last-modified", call.updated_at)
    event.add("created", call.created_at)
    # Seconds since it was made: later files are newer, so a call that was extended moves.
    event.add("sequence", int((call.updated_at - call.created_at).total_seconds()))
    event.add("dtstart", moment.astimezone(UTC))
    title = translated(call, "title")
    language = title.language or "en"
    add_text(event, "summary", Text(words % {"call": title or call}, language))
    add_text(event, "description", Text(in_both_time_zones(moment), language))
    event.add("url", settings.PORTAL_ADDRESS + call.get_absolute_url())
    return event
