"""The files of the directory: the same rows in CSV and Excel."""

from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone

from sscnet.exchange.writing.rows import sheet
from sscnet.facets.listing import Listing

from ..fields import FIELDS
from ..models import Institution

AT_ONCE = 500


def file(listing: Listing, extension: str, base: str) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; `base` is the address of the portal."""
    queryset, pieces = Institution.objects.published().for_file(), listing.ids.chunks(AT_ONCE)
    institutions = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    name = f"institutions-{listing.count}-{timezone.localdate().isoformat()}"
    columns = FIELDS.export_columns(base)
    rows = ([column.value(one) for column in columns] for one in institutions)
    return sheet(name, extension, [column.name for column in columns], rows)
