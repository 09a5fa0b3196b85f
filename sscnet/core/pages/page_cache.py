"""Page cache: a public page is made once for each state of what it shows, and answered by 304.

A view says by topics of the log of changes what its page shows. Of their stamps, of the release,
the address and the language the ETag is made, before the page is. The last pages made are kept by
it: what everybody asks for costs no more than reading the log. Where visitors see an old page, its
view names too few topics.
"""

from bisect import bisect
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, partial, wraps
from hashlib import blake2b

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from ..database import stamps

# Settings that pages show: who has a page of before gets it anew.
SHOWN = ("DATA_HANDLER", "DATA_HANDLER_ZH", "ICP_NUMBER", "POLICE_FILING_NUMBER", "REQUEST_LOG")
LARGEST_PAGE = 200_000
# Every page shows the Secretariat's pages in its footer.
ON_EVERY_PAGE = (stamps.PAGES,)

# The pages made last by their ETags, in the memory of each process.
pages = caches["pages"]

# Of topics that depend on the time: what reads the moments at which pages change.
moments_of: dict[str, Callable[[], Iterable[datetime | None]]] = {}


def depends_on_time(topic: str, moments: Callable[[], Iterable[datetime | None]] = tuple) -> None:
    """Make pages of a topic change with the day, and at these moments without a change of a record.

    Between two such moments a page may be kept.
    """
    moments_of[topic] = moments


def keep_until_changed(*topics: str):
    """Make a view's page anew only when what it shows has changed; answer 304 to who has it.

    Only for visitors without a session: who is signed in may see more than is published. A view
    that is to be asked each time sets `is_provisional` of the request: its page is not kept.
    """
    shown = {*topics, *ON_EVERY_PAGE}

    def decorator(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            # Under DEBUG templates change without a new release.
            if settings.DEBUG or settings.SESSION_COOKIE_NAME in request.COOKIES:
                return view(request, *args, **kwargs)
            return kept_or_made(request, shown, partial(view, request, *args, **kwargs))

        return answer

    return decorator


def kept_or_made(request, topics: set[str], make: Callable[[], HttpResponse]) -> HttpResponse:
    etag = etag_of(request, topics)
    response = get_conditional_response(request, etag=etag)
    if response is None and (kept := pages.get(etag)):
        content, content_type = kept
        response = HttpResponse(content, content_type=content_type)
    if response is None:
        response = make()
        if getattr(request, "is_provisional", False):
            return response
        if response.status_code == 200 and len(response.content) <= LARGEST_PAGE:
            pages.set(etag, (response.content, response.headers["Content-Type"]))
    if response.status_code in (200, 304):
        response.headers["ETag"] = etag
        # Shared caches may keep it and must revalidate it before each use.
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


def etag_of(request, topics: set[str]) -> str:
    states = states_of(sorted(topics), stamps.of_request(request))
    said = (str(getattr(settings, name)) for name in SHOWN)
    # With host and query: pages name their own address.
    address = request.build_absolute_uri()
    # A release lies in a folder that is named by what is in it (deploy/lib.sh).
    parts = (*states.values(), settings.BASE_DIR.name, *said, get_language(), address)
    return f'"{blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()}"'


def states_of(topics: Iterable[str], looked: dict[str, str]) -> dict[str, str]:
    """Return each topic with its stamp, and the day and moments past where it depends on them."""
    states = {topic: looked[topic] for topic in topics}
    for topic in states.keys() & moments_of.keys():
        passed = bisect(known_moments(topic, looked[topic]), timezone.now())
        states[topic] += f" {timezone.localdate()} {passed}"
    return states


@lru_cache(maxsize=8)
def known_moments(topic: str, _stamp: str) -> list[datetime]:
    """Return the moments of a topic in order, read once for each state of its records."""
    return sorted(filter(None, moments_of[topic]()))
