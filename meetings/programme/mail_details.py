"""When and where a meeting is, its page and whom to ask: a line each for mails, and for papers."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from sscnet.core.i18n.texts import place_in_words, translated

from .times import days_of, zone_in_words


def details_of(meeting) -> str:
    lines = [when(meeting), where(meeting)]
    if meeting.is_published:
        address = settings.PORTAL_ADDRESS + meeting.get_absolute_url()
        lines.append(gettext("The meeting’s page: %(address)s") % {"address": address})
    if address := meeting.registration_contact:
        lines.append(gettext("Contact: %(address)s") % {"address": address})
    return "\n".join(line for line in lines if line)


def for_wechat(meeting, address: str) -> str:
    """Return a text for a group of WeChat, in the language of now: meeting, deadline, link."""
    lines = [gettext("“%(meeting)s”") % {"meeting": meeting}, when(meeting), where(meeting)]
    if closes := meeting.registration_closes_at:
        words = {"closes": date_format(closes.astimezone(meeting.zone), "DATETIME_FORMAT")}
        lines.append(gettext("Please register until %(closes)s.") % words)
    return "\n".join([*filter(None, lines), address])


def on_papers(meeting) -> dict:
    """Return what papers of the house can say of a meeting."""
    closes = meeting.registration_closes_at
    return {
        "meeting": meeting,
        "days": days_of(meeting),
        "city": meeting.city_i18n or "",
        "venue": meeting.venue_i18n or "",
        "costs": meeting.costs_i18n or "",
        "register_by": date_format(closes, "DATE_FORMAT") if closes else "",
    }


def when(meeting) -> str:
    days = days_of(meeting)
    words = {"days": days, "zone": zone_in_words(meeting.time_zone, meeting.starts_on)}
    return gettext("When: %(days)s (%(zone)s)") % words if days else ""


def where(meeting) -> str:
    place = place_in_words([translated(meeting, "venue"), translated(meeting, "city")])
    return gettext("Where: %(place)s") % {"place": place} if place else ""
