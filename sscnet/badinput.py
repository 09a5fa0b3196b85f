"""Refuse what no browser sends, before other code reads it."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from sscnet.core.encryption import SPEAKER_LINKS, without_seal
from sscnet.core.sheet_rows import MOST_BYTES
from sscnet.core.uploads import MAX_DOCUMENT_BYTES, MAX_PICTURE_BYTES

# A form without a file. With one, its texts come beside it.
LARGEST_FORM = 1024**2
LARGEST_WITH_FILE = {
    "meetings:register_rule": MAX_DOCUMENT_BYTES,
    "meetings:register_sheet": MOST_BYTES,
    "members:profile": MAX_PICTURE_BYTES,
    "members:profile_check": MAX_PICTURE_BYTES,
}
# A record may come with several files at once.
LARGEST_IN_ADMIN = 2 * MAX_DOCUMENT_BYTES


def is_readable(raw: bytes) -> bool:
    """Return whether the bytes are UTF-8 without a NUL byte, which PostgreSQL cannot store."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def largest_body(request) -> int:
    """Return how many bytes an address takes; files come from who has a session, or a link."""
    match = request.resolver_match
    if match.view_name == "meetings:speaker_papers":
        # No session: the seal shows that the address is one of ours.
        is_ours = without_seal(match.kwargs["token"], SPEAKER_LINKS)
        return LARGEST_FORM + (MAX_DOCUMENT_BYTES if is_ours else 0)
    # The device's cookie outlives a session: what is typed beside a file is kept then.
    if not {settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME} & request.COOKIES.keys():
        return LARGEST_FORM
    files = LARGEST_IN_ADMIN if "admin" in match.app_names else 0
    return LARGEST_FORM + LARGEST_WITH_FILE.get(match.view_name, files)


def body_length(request) -> int:
    """Return how much Django would read: of a body that does not say its length, nothing."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


class RefuseBadInput:
    """Answer 400 to NUL bytes and broken UTF-8 in path and query, and to NUL bytes in a form.

    Answer 413 to a body larger than the largest form of its address, before it is read.
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
        if body_length(request) > largest_body(request):
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
        return not any("\0" in text for name, values in fields for text in (name, *values))
