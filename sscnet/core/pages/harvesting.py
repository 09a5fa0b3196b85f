"""Public files and feeds, as programs take them: 304 to who has them, open to other sites."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from .page_cache import etag_of

OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Language, ETag, Last-Modified,"
    " Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}


def for_harvesters(*topics: str):
    """Open a view's file to other sites, and answer 304 while nothing of these topics changes.

    Unlike a page the file is not kept, as it may be long; a 304 saves writing it. Without topics
    the view sees to 304 itself.
    """

    def decorator(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                return view(request, *args, **kwargs)
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers=OPEN_TO_ALL | PREFLIGHT)
            etag = f"W/{etag_of(request, set(topics))}" if topics else ""
            response = view(request, *args, **kwargs)
            if etag and response.status_code == 200:
                response.headers["ETag"] = etag
                # Shared caches may keep it and must revalidate it before each use.
                patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
                response = get_conditional_response(request, etag=etag, response=response)
            for name, value in OPEN_TO_ALL.items():
                response.headers[name] = value
            return response

        return answer

    return decorator
