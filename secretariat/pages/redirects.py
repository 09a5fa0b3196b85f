"""Old addresses, looked up only where there is no page."""

from django.http import HttpResponsePermanentRedirect
from django.utils.translation import get_language_from_path

from sscnet.core.i18n.addresses import in_language

from ..models import Redirect


class RedirectOldAddresses:
    """Lead from an old address to the new one after a 404; ask the database once.

    An address with its query comes before the one without; both are also tried without the prefix
    of a language, which a path of the portal that they lead to then gets.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        return self.redirect(request) or response

    def redirect(self, request):
        as_asked = [request.get_full_path(), request.path]
        language = get_language_from_path(request.path)
        bare = [path.removeprefix(f"/{language}") for path in as_asked] if language else []
        rows = Redirect.objects.filter(old_path__in=[*as_asked, *bare])
        known = dict(rows.values_list("old_path", "new_address"))
        for path in [*as_asked, *bare]:
            if new := known.get(path):
                is_own = path in bare and new.startswith("/")
                return HttpResponsePermanentRedirect(in_language(new, language) if is_own else new)
        return None
