"""Answering "unchanged" before a page is made, when nothing that it shows has changed.

A page is made from the records, whose state the catalogue's stamp names (`catalogue.changes`), and
from what was installed: code, templates, words, stylesheets.
"""

from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from .catalogue.selection import engine

MADE_FROM = ("sscnet", "members", "projects", "templates", "static", "locale", "requirements.lock")
ENDINGS = {".py", ".html", ".css", ".js", ".svg", ".po", ".lock"}


def catalogue_of(request):
    """Give one state of the records for all that a request shows."""
    if not hasattr(request, "catalogue"):
        request.catalogue = engine()
    return request.catalogue


def until_changed(view):
    """Give the page a name that lasts until anything it shows changes; spare who has it already.

    Only for visitors without a session: who is signed in may see more than is published.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if settings.DEBUG or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        etag = name_of_page(request)
        unchanged = etag and get_conditional_response(request, etag=etag)
        response = unchanged or view(request, *args, **kwargs)
        if etag and response.status_code in (200, 304):
            response.headers["ETag"] = etag
            # To be kept by anybody, and asked about before each use.
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response

    return answer


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
