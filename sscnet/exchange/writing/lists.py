"""A list as a file: the same rows in CSV, Excel and JSON."""

from itertools import chain

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone

from .rows import sheet

AT_ONCE = 500


def list_file(name: str, extension: str, listing, queryset, fields, base: str) -> HttpResponseBase:
    """Send exactly the list as a file, in its order; `base` is the address of the portal."""
    columns = fields.export_columns(base)
    # Piece by piece, so that memory does not grow with the list.
    pieces = listing.ids.chunks(AT_ONCE)
    records = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    return sheet(
        f"{name}-{listing.count}-{timezone.localdate().isoformat()}",
        extension,
        [column.name for column in columns],
        ([column.value(one) for column in columns] for one in records),
        about(base, name, listing.count),
    )


def about(base: str, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": base,
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
