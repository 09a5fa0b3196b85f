"""Whether made-up records are shown among real ones: only where an address asks with `samples=1`.

Like the language, this holds for a request. `ReadSamples` reads it from the address, the page of a
sample turns it on for its own links, and whatever lists, counts or adds up public records asks
`are_shown` (`PublicRecordQuerySet.public`, the indexes of lists, the search).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q
from django.http import QueryDict

SAMPLES = "samples"
SHOWN = "1"
shown_now: ContextVar[bool] = ContextVar("shown_now", default=False)


def are_shown() -> bool:
    return shown_now.get()


def are_asked_for(params: QueryDict | Mapping) -> bool:
    """Return whether the parameters of an address ask for samples; a dict may hold lists."""
    return params.get(SAMPLES) in (SHOWN, [SHOWN])


@contextmanager
def shown(value: bool) -> Iterator[None]:
    before = shown_now.set(value)
    try:
        yield
    finally:
        shown_now.reset(before)


def show() -> None:
    """Show samples for the rest of this request: its page is that of a sample."""
    shown_now.set(True)


def keep(address: str) -> str:
    """Write into the address of a list that samples are shown, while they are."""
    if not are_shown():
        return address
    return f"{address}{'&' if '?' in address else '?'}{SAMPLES}={SHOWN}"


def beside(record: str, linked: str) -> Q:
    """Return the condition that a linked record may stand on the page of a record.

    Both are named by their paths. Who tries the portal may tie a sample to a real record; the
    latter's page then shows nothing of it, whatever its address asks.
    """
    path_of_record, path_of_linked = (f"{path}__" if path else "" for path in (record, linked))
    return Q(**{f"{path_of_linked}is_sample": False}) | Q(**{f"{path_of_record}is_sample": True})


class ReadSamples:
    """Show samples for a request whose address asks for them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with shown(are_asked_for(request.GET)):
            return self.get_response(request)
