"""A list as a file: the same rows in CSV, Excel and JSON."""

from itertools import chain

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from ..resource import RecordResource
from .formats import is_for_readers, sheet

AT_ONCE = 500


def list_file(
    request, name: str, extension: str, listing, resource: RecordResource
) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; Excel shows the columns for readers."""
    queryset = resource.for_exchange(resource.field_list.model.objects.published())
    # Piece by piece, so that memory does not grow with the list.
    pieces = listing.ids.chunks(AT_ONCE)
    records = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    file_name = f"{name}-{listing.count}-{timezone.localdate().isoformat()}"
    about_it = about(request, name, listing.count)
    return sheet(file_name, extension, names, map(row_of, records), about_it)


def about(request, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
