"""A line and a count for each request: who asked for what, how it was answered, what it cost.

On the console a line names the network that asked. With `REQUEST_LOG` (docs/security.md) the lines
go to that file instead, with whole addresses and queries.
"""

import logging
import re
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from prometheus_client import Counter, Histogram

from sscnet.core.personal_data.secret_addresses import shown_path, shown_query
from sscnet.core.personal_data.security_log import address_of
from sscnet.core.personal_data.throttles import NETWORK, counted_address

from .json_lines import request_id

logger = logging.getLogger("requests")
HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
LONGEST_QUERY = 1000
# What each process counts; `status` adds it up over all of them.
REQUESTS = Counter("sscnet_requests_total", "Requests answered.", ["view", "status"])
SECONDS = Histogram(
    "sscnet_request_seconds",
    "Seconds until an answer began.",
    ["view"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class LogRequest:
    """Outermost, so that nothing is answered without it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        number = request_id_of(request)
        # Left set: Django logs some errors after this. The next request sets its own.
        request_id.set(number)
        began = perf_counter()
        response = self.get_response(request)
        write_down(request, response, perf_counter() - began)
        response.headers[HEADER] = number
        return response


def request_id_of(request) -> str:
    """Take the proxy's, else make one."""
    given = request.headers.get(HEADER, "")
    return given if WELL_FORMED.fullmatch(given) else uuid4().hex


def write_down(request, response, seconds: float) -> None:
    view = view_of(request)
    REQUESTS.labels(view, response.status_code).inc()
    SECONDS.labels(view).observe(seconds)
    path = shown_path(request.path)
    is_whole = bool(settings.REQUEST_LOG)
    fields = {
        # A personal link and an account would tell of each other.
        "account": account_of(request, response) if path == request.path else None,
        "address": address_of(request) if is_whole else counted_address(request, NETWORK),
        "method": request.method,
        "path": path,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    if is_whole:
        fields["query"] = shown_query(request.META.get("QUERY_STRING", "")[:LONGEST_QUERY])
    message = "%(method)s %(path)s %(status)s"
    logger.info(message, fields, extra={"fields": fields})


def view_of(request) -> str:
    """Return the name of the view; addresses would be countless."""
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return (request.resolver_match and request.resolver_match.view_name) or "none"


def account_of(request, response) -> str | None:
    """Return whose session the page has read; reading it for the log alone would be a query."""
    session = getattr(request, "session", None)
    if session is None or not session.accessed or response.status_code == 503:
        return None
    return session.get(SESSION_KEY)
