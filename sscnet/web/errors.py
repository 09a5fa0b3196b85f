"""What is answered when an error reaches nobody else."""

import sys

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views import defaults
from redis.exceptions import ConnectionError as CacheAway

from sscnet.core.database.connections import outage
from sscnet.core.forms import kept_posts
from sscnet.core.personal_data.security_log import log_security
from sscnet.core.uploads.storage import is_full
from sscnet.web.bad_input import LARGEST_FORM, body_length

RETRY_AFTER = 120
# Classes and codes of PostgreSQL: no connection, too many of them, shut down, starting up.
AWAY = ("08", "53", "57P")

# `/readyz` says itself how it is.
WITHOUT_DATABASE = ("/healthz", "/readyz")


def is_database_away(error: BaseException | None) -> bool:
    """Return whether the database cannot be reached: its errors then carry no code, or these."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return (getattr(error.__cause__, "sqlstate", None) or AWAY[0]).startswith(AWAY)


def server_error(request):
    """Answer 503 while the database or Valkey is away, 507 where the disk is full, else 500."""
    error = sys.exception()
    if is_database_away(error):
        outage.begin()
        return passing(request, 503)
    if isinstance(error, CacheAway):
        return passing(request, 503)
    if is_full(error):
        return passing(request, 507)
    return render(request, "500.html", status=500)


class AnswerOutage:
    """Answer 503 at once while the database is away, except where nobody asks it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info not in WITHOUT_DATABASE and outage.goes_on():
            return passing(request, 503)
        return self.get_response(request)


class PortalNotFound:
    """Answer 404 in development too with the portal's page instead of Django's technical one."""

    def __init__(self, get_response):
        if not settings.DEBUG:
            # Tests are run as a server is.
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # Of an address that leads to no view the page is made before any middleware is asked.
        if response.status_code == 404 and not request.resolver_match:
            return defaults.page_not_found(request, Http404())
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Http404):
            return defaults.page_not_found(request, exception)
        return None


def passing(request, status: int):
    """Answer what will be right again later, as a page or as `ERROR_RESPONSES` says."""
    for prefix, answer in settings.ERROR_RESPONSES.items():
        if request.path_info.startswith(prefix):
            response = import_string(answer)(request, status)
            break
    else:
        context = {"address": request.get_full_path(), "typed": typed(request)}
        response = render(request, f"{status}.html", context, status=status)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def typed(request) -> list[tuple[str, str]]:
    """Return what stood in a form, without files, so that it can be sent again."""
    if request.method != "POST" or body_length(request) > LARGEST_FORM:
        return []
    try:
        fields = kept_posts.texts_in(request.POST)
    except (MultiPartParserError, SuspiciousOperation, OSError):
        return []
    return [(name, value) for name, values in fields.items() for value in values]


def permission_denied(request, exception):
    """Answer 403, and note who tried what."""
    log_security("refused")
    return defaults.permission_denied(request, exception)


def csrf_failure(request, reason=""):
    """Give a form without its token, mostly an older one, back to the person whose it is.

    Anybody else gets 403, and it is noted.
    """
    person, address = kept_posts.person_of(request), request.get_full_path()
    if person and request.user.is_anonymous:
        return redirect_to_login(address)
    if person and person == request.user.pk and kept_posts.keep(request):
        return redirect(address)
    log_security("form_forged_or_old")
    return render(request, "403_csrf.html", status=403)
