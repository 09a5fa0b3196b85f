"""Dates as their sources state them: a year, a month or a day; moments in two times."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.formats import date_format
from django.utils.translation import gettext, to_locale

BEIJING = ZoneInfo("Asia/Shanghai")
# Without the former names and those of no place.
ZONES = (available_timezones() & set(get_global("zone_territories"))) | {"UTC"}


@cache
def zones_named(language: str) -> list[tuple[str, str]]:
    """Return the time zones with their country and city, that of the Secretariat first."""
    names = {zone: get_timezone_location(zone, locale=to_locale(language)) for zone in ZONES}
    # The country's own usage, which the package does not follow.
    names["Asia/Taipei"] = gettext("Taiwan, China")
    names["UTC"] = "UTC"
    return sorted(names.items(), key=lambda one: (one[0] != BEIJING.key, one[1]))


def partial_date(value):
    """Write 2019, 2019-05 or 2019-05-21 as the page's language does: May 2019, 2019年5月."""
    year, month, day = (int(part) for part in f"{value}-0-0".split("-")[:3])
    if not month:
        return str(year)
    known = "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT"
    return date_format(date(year, month, day or 1), known)


def in_both_time_zones(moment: datetime) -> str:
    """Write a moment in Beijing time and UTC, with the day again where it is another one."""
    there, here = moment.astimezone(BEIJING), moment.astimezone(UTC)
    words = {
        "day": date_format(there, "DATE_FORMAT"),
        "time": date_format(there, "H:i"),
        "utc_day": date_format(here, "DATE_FORMAT"),
        "utc_time": date_format(here, "H:i"),
    }
    if there.date() == here.date():
        return gettext("%(day)s, %(time)s Beijing time (%(utc_time)s UTC)") % words
    return gettext("%(day)s, %(time)s Beijing time (%(utc_day)s, %(utc_time)s UTC)") % words
