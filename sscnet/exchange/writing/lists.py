"""A list as a file: the same rows in CSV, Excel and JSON."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from ..resource import RecordResource
from .formats import is_for_readers, sheet

LONGEST_HINT = 40


def list_file(
    request, name: str, extension: str, listing, resource: RecordResource
) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; Excel shows the columns for readers."""
    queryset = resource.for_exchange(resource.field_list.model.objects.published())
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    rows = map(row_of, listing.all_records(queryset))
    said = about(request, name, listing.count)
    return sheet(list_name(name, listing), extension, names, rows, said)


def list_name(name: str, listing) -> str:
    """Name a file by what is in it and the day: projects-7-VN-LK-2026-11-25."""
    codes = (code for codes in listing.params.ticked.values() for code in codes)
    hint = "-".join([name, str(listing.count), *codes])[:LONGEST_HINT].rstrip("-")
    return f"{hint}-{timezone.localdate().isoformat()}"


def about(request, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
