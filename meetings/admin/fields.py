"""Widgets of the forms about meetings."""

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

from django import forms


class TimeZoneSelect(forms.Select):
    def __init__(self, attrs=None):
        super().__init__(attrs, choices=zones_by_area())


@cache
def zones_by_area() -> list:
    """List the time zones under the names that calendars know, grouped by their first word."""
    names = sorted(available_timezones(), key=lambda name: ("/" not in name, name))
    areas = groupby(names, key=lambda name: name.split("/")[0] if "/" in name else "UTC")
    return [(area, [(name, name) for name in zones]) for area, zones in areas]
