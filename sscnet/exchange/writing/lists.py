"""A list as a file: the same rows in CSV, Excel and JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from ..resource import RecordResource
from .formats import is_for_readers, sheet

LONGEST_HINT = 40


@dataclass(frozen=True)
class SeveralRows:
    """For a file with several rows a record: the first `columns`, and their cells in each row."""

    name: str
    columns: list[str]
    cells_of: Callable[[Any], list[list]]


ONE_ROW = SeveralRows("", [], lambda record: [[]])


def list_file(
    request, name: str, extension: str, listing, resource: RecordResource, several=ONE_ROW
) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; Excel shows the columns for readers."""
    queryset = resource.for_exchange(resource.field_list.model.objects.published())
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    rows = (
        [*cells, *row]
        for record in listing.all_records(queryset)
        for row in [row_of(record)]
        for cells in several.cells_of(record)
    )
    file_name, names = list_name(name, listing, several.name), [*several.columns, *names]
    return sheet(file_name, extension, names, rows, about(request, name, listing.count))


def list_name(name: str, listing, kind: str = "") -> str:
    """Name a file by what is in it and the day: projects-7-VN-LK-2026-11-25."""
    codes = (code for codes in listing.params.ticked.values() for code in codes)
    hint = "-".join([name, str(listing.count), *codes])[:LONGEST_HINT].rstrip("-")
    return "-".join(filter(None, [hint, kind, timezone.localdate().isoformat()]))


def about(request, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
