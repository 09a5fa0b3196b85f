"""Pages are made once for each state of the records, and not sent to those who have them.

A page is made from the records, whose state the catalogue's stamp names (`catalogue.changes`), and
from what was installed: code, templates, words, stylesheets. Of all these its ETag is made, before
the page is. The last pages made are kept by it: what everybody asks for costs no more than reading
the log of changes.
"""

from collections import OrderedDict
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from .catalogue.selection import engine

MADE_FROM = (
    "sscnet",
    "members",
    "projects",
    "meetings",
    "templates",
    "static",
    "locale",
    "requirements.lock",
)
LARGEST_PAGE = 200_000
MOST_BYTES = 10_000_000
ENDINGS = {".py", ".html", ".css", ".js", ".svg", ".po", ".lock"}


def catalogue_of(request):
    """Give one state of the records for all that a request shows."""
    if not hasattr(request, "catalogue"):
        request.catalogue = engine()
    return request.catalogue


def until_changed(view):
    """Make the page anew only when anything it shows has changed; spare who has it already.

    Only for visitors without a session: who is signed in may see more than is published.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if settings.DEBUG or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        etag = name_of_page(request)
        if not etag:
            return view(request, *args, **kwargs)
        response = get_conditional_response(request, etag=etag) or made.give(etag)
        if response is None:
            response = view(request, *args, **kwargs)
            made.keep(etag, response)
        if response.status_code in (200, 304):
            response.headers["ETag"] = etag
            # To be kept by anybody, and asked about before each use.
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response

    return answer


class Made:
    """The pages made last, by their ETags."""

    def __init__(self):
        self.lock = Lock()
        self.pages: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
        self.size = 0

    def give(self, etag: str) -> HttpResponse | None:
        with self.lock:
            if etag not in self.pages:
                return None
            self.pages.move_to_end(etag)
            content, content_type = self.pages[etag]
            return HttpResponse(content, content_type=content_type)

    def keep(self, etag: str, response: HttpResponse) -> None:
        if response.status_code != 200 or len(response.content) > LARGEST_PAGE:
            return
        with self.lock:
            if etag not in self.pages:
                self.pages[etag] = response.content, response.headers["Content-Type"]
                self.size += len(response.content)
            while self.size > MOST_BYTES:
                _oldest, (content, _content_type) = self.pages.popitem(last=False)
                self.size -= len(content)


made = Made()


def name_of_page(request) -> str:
    stamp = catalogue_of(request).stamp
    if not stamp:
        return ""
    parts = (stamp, release(), get_language(), request.build_absolute_uri())
    return f'"{blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()}"'


@cache
def release() -> str:
    """Name what is installed by its content: alike in every process, another after an upgrade."""
    digest = blake2b(digest_size=12)
    for path in sorted(installed()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def installed() -> list[Path]:
    places = [settings.BASE_DIR / name for name in MADE_FROM]
    files = [path for place in places for path in [place, *place.rglob("*")] if path.is_file()]
    return [path for path in files if path.suffix in ENDINGS]
