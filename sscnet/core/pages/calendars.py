"""What calendar files (RFC 5545) share: the head, names that stay, texts with their language."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from ..i18n.texts import Text, language_tag

PRODUCT = "-//China South-South Cooperation Network//Portal//EN"
# How often those who subscribe to a calendar look for news.
REFRESH = timedelta(hours=6)
# Lines may hold no control characters but tabs and line ends.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
