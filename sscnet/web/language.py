"""The language of pages for those who sign in: the person's own, where the address names none."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import (
    get_language,
    get_language_from_path,
    get_language_from_request,
)

from sscnet.core.i18n.addresses import LANGUAGE_CHOICE, has_own_language, in_language


class FollowLanguage:
    """Lead from an address without a language to that of the person; public pages stay as asked.

    The account's language is that of the last sign-in, or what the person chose afterwards by the
    link to another language. Before sign-in the browser's counts, and the link stays as it is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        address = request.get_full_path()
        if request.method in ("GET", "HEAD") and has_own_language(request.path_info):
            address = leads_to(request)
        if address == request.get_full_path():
            return self.get_response(request)
        response = HttpResponseRedirect(address)
        add_never_cache_headers(response)
        return response


def leads_to(request) -> str:
    """Return the address of the page that the person is to see; a choice of language is noted."""
    here, user = get_language(), request.user
    if request.GET.get(LANGUAGE_CHOICE) == here:
        if not user.is_authenticated:
            return request.get_full_path()
        user.language = here
        user.save(update_fields=["language"])
        query = request.GET.copy()
        del query[LANGUAGE_CHOICE]
        return f"{request.path}?{query.urlencode()}".removesuffix("?")
    if get_language_from_path(request.path_info):
        return request.get_full_path()
    wanted = user.language if user.is_authenticated else get_language_from_request(request)
    return in_language(
        request.get_full_path(), wanted if wanted in dict(settings.LANGUAGES) else here
    )
