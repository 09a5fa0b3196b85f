"""The files of the directory: all columns in CSV, in Excel those for readers or all."""

from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone

from sscnet.exchange.writing.formats import is_for_readers, sheet
from sscnet.facets.listing import Listing

from ..files.resources import InstitutionResource
from ..models import Institution

AT_ONCE = 500


def file(request, listing: Listing, extension: str) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order."""
    resource = InstitutionResource()
    queryset = resource.for_exchange(Institution.objects.published())
    pieces = listing.ids.chunks(AT_ONCE)
    institutions = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    name = f"institutions-{listing.count}-{timezone.localdate().isoformat()}"
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    return sheet(name, extension, names, map(row_of, institutions))
