"""The files of the directory: the same rows in CSV and Excel."""

from collections.abc import Iterator
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from sscnet.exchange.fields import ExportColumn
from sscnet.exchange.writers import STREAMS
from sscnet.facets.listing import Listing

from .fields import FIELDS

AT_ONCE = 500


def file(listing: Listing, extension: str, base: str) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; `base` is the address of the portal."""
    columns = FIELDS.export_columns(base)
    content_type, stream = STREAMS[extension]
    names = [column.name for column in columns]
    response = StreamingHttpResponse(
        stream(names, rows(listing, columns)), content_type=content_type
    )
    day = timezone.localdate().isoformat()
    name = f"institutions-{listing.count}-{day}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def rows(listing: Listing, columns: list[ExportColumn]) -> Iterator[list]:
    queryset = listing.filterset.for_list()
    pieces = listing.ids.chunks(AT_ONCE)
    institutions = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    return ([column.value(institution) for column in columns] for institution in institutions)
