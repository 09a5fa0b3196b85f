"""A list as a file: the same rows in CSV, Excel and JSON."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from ..resource import RecordResource
from .formats import is_for_readers, sheet


def list_file(
    request, name: str, extension: str, listing, resource: RecordResource
) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; Excel shows the columns for readers."""
    queryset = resource.for_exchange(resource.field_list.model.objects.published())
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    rows = map(row_of, listing.all_records(queryset))
    file_name = f"{name}-{listing.count}-{timezone.localdate().isoformat()}"
    return sheet(file_name, extension, names, rows, about(request, name, listing.count))


def about(request, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
