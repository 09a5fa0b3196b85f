"""Calendar files (RFC 5545): of a meeting, of all meetings, and of people with places."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event

from sscnet.core.i18n.texts import Text, language_tag, translated
from sscnet.facets.listing import Listing

from ..models import Delegate, Meeting, PlaceEvent, PlaceState, Workshop, WorkshopPlace

PRODUCT = "-//China South-South Cooperation Network//Portal//EN"
# How often those who subscribe to a calendar look for news.
REFRESH = timedelta(hours=6)
# Lines may hold no control characters but tabs and line ends.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def of_meeting(meeting: Meeting) -> bytes:
    return write([meeting], translated(meeting, "title").value)


def of_list(listing: Listing) -> bytes:
    meetings = Meeting.objects.filter(pk__in=listing.ids).with_dates().prefetch_related("workshops")
    everything = gettext("Meetings of the China South-South Cooperation Network")
    return write(meetings, listing.heading if listing.is_filtered else everything)


def of_delegates(meeting: Meeting, delegates: Iterable[Delegate], *, left: bool = False) -> bytes:
    """Write the meeting and the workshops of these people; what they gave up is CANCELLED.

    Empty where none of them ever had a place. `left` cancels all, for a person who was swapped.
    """
    if not (meeting.is_published and meeting.starts_on):
        return b""
    log = PlaceEvent.objects.filter(delegate__in=delegates)
    kept = set() if left else confirmed_lines(delegates)
    had = set(log.filter(place=PlaceState.CONFIRMED).values_list("workshop", flat=True)) | kept
    if None not in had:
        return b""
    workshops = meeting.workshops.filter(pk__in=had - {None}, starts_at__isnull=False)
    # Each thing that happened to their places is a new version of what they have.
    steps = log.count()
    events = [meeting_event(meeting, steps, None not in kept)]
    events += [workshop_event(w, meeting, steps, w.pk not in kept) for w in workshops]
    return whole(translated(meeting, "title").value, events)


def confirmed_lines(delegates: Iterable[Delegate]) -> set[int | None]:
    """Return the workshops in which one of these people has a place; None is the meeting."""
    coming = Delegate.objects.filter(pk__in=[d.pk for d in delegates], place=PlaceState.CONFIRMED)
    places = WorkshopPlace.objects.filter(delegate__in=coming, place=PlaceState.CONFIRMED)
    own = set(places.values_list("workshop", flat=True))
    return own | ({None} if coming.exists() else set())


# ------------------------------------------------------------------ the file


def new_calendar(name: str) -> Calendar:
    """Begin a calendar file of this name."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", plain(name))
    calendar.add("x-wr-calname", plain(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return calendar


def uid(name: str) -> str:
    return f"{name}@{urlsplit(settings.PORTAL_ADDRESS).hostname}"


def add_text(event: Event, name: str, *texts: Text, between: str = ", ") -> None:
    """Add the texts as one property, with its language, unless all are empty."""
    stated = [text for text in texts if text]
    if stated:
        parameters = {"LANGUAGE": language_tag(stated[0].language)}
        event.add(name, plain(between.join(str(text) for text in stated)), parameters=parameters)


def plain(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n"))


def write(meetings: Iterable[Meeting], name: str) -> bytes:
    """Write meetings, and their workshops that have a time, as one file in the language of now."""
    events = []
    for meeting in meetings:
        events.append(meeting_event(meeting))
        for workshop in meeting.workshops.all():
            if workshop.starts_at:
                events.append(workshop_event(workshop, meeting))
    return whole(name, events)


def whole(name: str, events: list[Event]) -> bytes:
    calendar = new_calendar(name)
    for event in events:
        calendar.add_component(event)
    if years := {event.start.year for event in events}:
        first, last = date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)
        calendar.add_missing_timezones(first, last)
    return calendar.to_ical()


def meeting_event(meeting: Meeting, steps: int = 0, is_given_up: bool = False) -> Event:
    """Write a meeting, which has days and no times of day; the end is the day after the last."""
    sequence = meeting.sequence + steps
    event = event_of(meeting, meeting, f"meeting-{meeting.pk}", sequence, is_given_up)
    event.add("dtstart", meeting.starts_on)
    event.add("dtend", meeting.ends_on + timedelta(days=1))
    add_text(event, "location", *where(meeting))
    add_text(event, "description", translated(meeting, "theme"), contact(meeting), between="\n\n")
    return event


def workshop_event(
    workshop: Workshop, meeting: Meeting, steps: int = 0, is_given_up: bool = False
) -> Event:
    """Write a workshop in the time of its meeting, whose changes and cancelling are its own too."""
    sequence = meeting.sequence + workshop.sequence + steps
    event = event_of(workshop, meeting, f"workshop-{workshop.pk}", sequence, is_given_up)
    event.add("dtstart", workshop.starts_at.astimezone(meeting.zone))
    if workshop.ends_at:
        event.add("dtend", workshop.ends_at.astimezone(meeting.zone))
    add_text(event, "location", translated(workshop, "room"), *where(meeting))
    about = [translated(meeting, "title"), translated(workshop, "description"), contact(meeting)]
    add_text(event, "description", *about, between="\n\n")
    event.add("related-to", uid(f"meeting-{meeting.pk}"))
    return event


def event_of(
    record: Meeting | Workshop, meeting: Meeting, name: str, sequence: int, is_given_up: bool
) -> Event:
    """Begin an event with what meetings and workshops share."""
    event = Event()
    event.add("uid", uid(name))
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("created", meeting.created_at)
    event.add("sequence", sequence)
    title = translated(record, "title")
    is_cancelled = meeting.is_cancelled or record.is_cancelled
    if is_given_up:
        title = Text(gettext("Given up: %(title)s") % {"title": title}, title.language)
    elif is_cancelled:
        # Not every calendar shows the status.
        title = Text(gettext("Cancelled: %(title)s") % {"title": title}, title.language)
    add_text(event, "summary", title)
    event.add("status", "CANCELLED" if is_cancelled or is_given_up else "CONFIRMED")
    event.add("url", settings.PORTAL_ADDRESS + meeting.get_absolute_url())
    return event


def contact(meeting: Meeting) -> Text:
    address = meeting.registration_contact
    words = gettext("Contact: %(address)s") % {"address": address}
    return Text(words, get_language()) if address else Text()


def where(meeting: Meeting) -> list[Text]:
    return [translated(meeting, "venue"), translated(meeting, "city")]
