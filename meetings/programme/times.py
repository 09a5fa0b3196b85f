"""Days, moments and the place of a meeting in words: for pages, mails and papers."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import dateformat
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from sscnet.core.i18n.dates import BEIJING, partial_date
from sscnet.core.i18n.texts import place_in_words, translated


def days_of(meeting) -> str:
    """Write the meeting's days, or what is known of them: 3–5 November 2015, to 6 July 2012."""
    if meeting.starts_on:
        return day_range(meeting.starts_on, meeting.ends_on)
    first, last = meeting.start_as_known, meeting.end_as_known
    if last and last.startswith(first):
        words = gettext("to %(last)s") if first != last else "%(last)s"
    elif last:
        words = gettext("%(first)s – %(last)s")
    else:
        words = gettext("from %(first)s") if len(first) == len("2019-05-12") else "%(first)s"
    known = {"first": first and partial_date(first), "last": last and partial_date(last)}
    return words % known


def day_range(first: date, last: date) -> str:
    """Write two days as short as the language does: 3–5 November 2015, 2015年11月3日至5日."""
    if first == last:
        return date_format(first, "DATE_FORMAT")
    if (first.year, first.month) == (last.year, last.month):
        begin = pgettext("format of the first of two days in a month", "j")
        end = pgettext("format of the last of two days in a month", "j F Y")
        words = gettext("%(first)s–%(last)s")
    else:
        begin = pgettext("format of the first of two days in a year", "j F")
        end = pgettext("format of the last of two days in a year", "j F Y")
        words = gettext("%(first)s – %(last)s")
    if first.year != last.year:
        begin = end = "DATE_FORMAT"
        return words % {"first": date_format(first, begin), "last": date_format(last, end)}
    return words % {"first": dateformat.format(first, begin), "last": dateformat.format(last, end)}


def zone_in_words(name: str, day: date | None) -> str:
    """Return the name of a zone with its distance from UTC on a day: Beijing time, UTC+8."""
    moment = datetime.combine(day or date.today(), time(12), ZoneInfo(name))
    place = gettext("Beijing time") if name == BEIJING.key else name.replace("_", " ")
    hours, minutes = divmod(abs(moment.utcoffset()).seconds // 60, 60)
    offset = f"{moment:%z}"[0] + str(hours) + (f":{minutes:02}" if minutes else "")
    return gettext("%(place)s, UTC%(offset)s") % {"place": place, "offset": offset}


# ------------------------------------------------------------------ in mails and papers


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
