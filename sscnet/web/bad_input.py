"""Refuse what no browser sends, before other code reads it."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES

# A form without a file. With one, its texts come beside it.
LARGEST_FORM = 1024**2


def is_readable(raw: bytes) -> bool:
    """Return whether the bytes are UTF-8 without a NUL byte, which PostgreSQL cannot store."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def most_file_bytes(match) -> int:
    """Return how large the files may be that a view takes: as it says itself, or Django's admin."""
    files = SEVERAL_DOCUMENTS_BYTES if "admin" in match.app_names else 0
    return getattr(match.func, "most_file_bytes", files)


def may_send_files(request) -> bool:
    """Return whether there is a session, or a link of ours, whose seal shows that."""
    match = request.resolver_match
    if link := getattr(match.func, "files_by_link", None):
        return link.has_seal(match.kwargs["token"])
    # The device's cookie outlives a session: what is typed beside a file is kept then.
    cookies = {settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME}
    return bool(cookies & request.COOKIES.keys())


def body_length(request) -> int:
    """Return how much Django would read: of a body that does not say its length, nothing."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


class RefuseBadInput:
    """Answer 400 to NUL bytes and broken UTF-8 in path and query, and to NUL bytes in a form.

    Answer 413 to a body larger than the largest form of its address, before it is read, and 400 to
    files for a view that does not say how large they may be (`takes_files`).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Django leaves broken UTF-8 in a path quoted, so that unquoting shows it.
        path = unquote_to_bytes(request.path_info)
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if not (is_readable(path) and is_readable(query)):
            return render(request, "400.html", status=400)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        files = most_file_bytes(request.resolver_match) if may_send_files(request) else 0
        if body_length(request) > LARGEST_FORM + files:
            return render(request, "413.html", status=413)
        if not self.has_readable_form(request):
            return render(request, "400.html", status=400)
        return None

    def has_readable_form(self, request):
        if request.method != "POST":
            return True
        try:
            fields = request.POST.lists()
        except (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent):
            return False
        if request.FILES and not most_file_bytes(request.resolver_match):
            return False
        return not any("\0" in text for name, values in fields for text in (name, *values))
