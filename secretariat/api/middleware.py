"""What holds for every answer of the API: language, limit, ETag, and who may read it."""

import time
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import (
    activate,
    get_language,
    get_supported_language_variant,
    gettext,
    override,
)
from django.utils.translation.trans_real import parse_accept_lang_header

from sscnet.core.database.cache import count_up
from sscnet.core.i18n.texts import language_tag
from sscnet.core.pages.harvesting import OPEN_TO_ALL, PREFLIGHT
from sscnet.core.personal_data.throttles import counted_address

from .problems import problem, usual

API = "/api/"
WINDOW = 60
LANGUAGE = "lang"


class Api:
    """Stands outside whatever may refuse a request, so that a refusal is JSON too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(API):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return with_headers(HttpResponse(status=204), OPEN_TO_ALL | PREFLIGHT)
        activate(language_of(request))
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return with_headers(problem(403, usual(403)), OPEN_TO_ALL)
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        response = finished(request, refusal(request) or self.get_response(request))
        if method == "HEAD":
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return with_headers(response, OPEN_TO_ALL)

    def process_view(self, request, view, args, kwargs):
        # The portal's own middleware has taken the language from the address meanwhile.
        if request.path_info.startswith(API):
            activate(language_of(request))


def language_of(request) -> str:
    """Take the parameter; else the header's best; else English."""
    try:
        asked = [request.GET.get(LANGUAGE, "")]
    except SuspiciousOperation:
        # Thousands of parameters: what reads them next refuses them.
        asked = []
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    asked += [code for code, _quality in parse_accept_lang_header(header)]
    for code in asked:
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def unavailable(request, status: int):
    """Answer as a problem, in the language asked for, what will be right again later."""
    with override(language_of(request)):
        return problem(status, usual(status))


def finished(request, response):
    """Turn an error's page into a problem; name what is sent by its content, for 304."""
    if response.status_code >= 400 and "json" not in response.headers.get("Content-Type", ""):
        if settings.DEBUG and response.status_code == 500:
            return response
        response = as_problem(response)
    response.headers["Content-Language"] = language_tag(get_language())
    patch_vary_headers(response, ["Accept-Language"])
    if response.status_code == 200:
        etag = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        return get_conditional_response(request, etag=etag, response=response)
    return response


def as_problem(response):
    answer = problem(response.status_code, usual(response.status_code))
    if "Allow" in response.headers:
        answer.headers["Allow"] = response.headers["Allow"]
    return answer


def with_headers(response, headers):
    for name, value in headers.items():
        response.headers[name] = value
    return response


def refusal(request) -> HttpResponse | None:
    """Refuse more than so many requests a minute of one address; what counts keeps no address."""
    most, address = settings.API_REQUESTS_A_MINUTE, counted_address(request)
    name = salted_hmac("secretariat.api", address, algorithm="sha256").hexdigest()
    if count_up(f"api:{name}", WINDOW) <= most:
        return None
    text = gettext("More than %(most)d requests came from your address within a minute.")
    response = problem(429, text % {"most": most})
    response.headers["Retry-After"] = str(WINDOW - int(time.time()) % WINDOW)
    return response
