"""Dates as their sources state them: a year, a month or a day."""

from datetime import date

from django.utils.formats import date_format


def partial_date(value):
    """Write 2019, 2019-05 or 2019-05-21 as the page's language does: May 2019, 2019年5月."""
    year, month, day = (int(part) for part in f"{value}-0-0".split("-")[:3])
    if not month:
        return str(year)
    known = "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT"
    return date_format(date(year, month, day or 1), known)
