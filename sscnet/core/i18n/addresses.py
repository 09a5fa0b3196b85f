"""The address of a page in each of the portal's languages."""

from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override

# The parameter by which a link says that another language is wanted from now on.
LANGUAGE_CHOICE = "set-language"


def in_language(path: str, language: str) -> str:
    """Put a path under the prefix of a language; works for addresses that lead nowhere, too."""
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}")
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def absolute_address(request, language: str = "") -> str:
    """Return the full address of a page without its query, in the language asked for."""
    path = in_language(request.path, language or get_language())
    return request.build_absolute_uri(path)


def address_in(request, language: str) -> str:
    """Return the address of a page, its query included, in a language that somebody chooses."""
    if not has_own_language(request.path_info):
        return in_language(request.get_full_path(), language)
    query = request.GET.copy()
    query[LANGUAGE_CHOICE] = language
    return f"{in_language(request.path, language)}?{query.urlencode()}"


def has_own_language(path: str) -> bool:
    """Return whether the page is for those who sign in, in the language of each."""
    return in_language(path, settings.LANGUAGE_CODE).startswith(settings.ADDRESSES_OF_SIGNED_IN)


def address_of(view: str, slug: str, language: str = "") -> str:
    """Return the address of a record's page: what `reverse` does, which takes long for a list."""
    before, after = around_slug(view, language or get_language())
    return f"{before}{slug}{after}"


@cache
def around_slug(view: str, language: str | None) -> tuple[str, str]:
    """Return what stands before and after the slug in the addresses of a view."""
    with override(language):
        before, _slug, after = reverse(view, args=["slug"]).rpartition("slug")
    return before, after
