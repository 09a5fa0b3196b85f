"""Days and moments of meetings in words."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from sscnet.core.i18n.dates import BEIJING, partial_date


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
