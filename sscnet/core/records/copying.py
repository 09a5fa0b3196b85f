"""Copies of records for the next year: their rows, and the numbers in their titles."""

import re

from django.db.models import Model


def copy_to(record: Model, row: Model, link: str) -> Model:
    """Store a copy of a row that belongs to another record, as Django's documentation copies."""
    row.pk, row._state.adding = None, True
    setattr(row, link, record)
    row.save()
    return row


def next_numbers(title: str, numbers: dict[int | None, int | None]) -> str:
    """Count a title on: 28th becomes 29th, 第28届 becomes 第29届, 2027 becomes 2028."""
    for old, new in numbers.items():
        if old and new:
            ordinal = rf"(?<!\d){old}(st|nd|rd|th)(?!\w)"
            title = re.sub(ordinal, f"{new}{ending(new)}", title)
            title = re.sub(rf"(?<!\d){old}(?!\d)", str(new), title)
    return title


def ending(number: int) -> str:
    """Return the ending of an English ordinal: 21st, 22nd, 23rd, but 11th to 13th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
