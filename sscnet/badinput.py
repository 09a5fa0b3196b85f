"""Refuse what no browser sends, before other code reads it."""

from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render


def is_readable(raw: bytes) -> bool:
    """Return whether the bytes are UTF-8 without a NUL byte, which PostgreSQL cannot store."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


class RefuseBadInput:
    """Answer 400 to NUL bytes and broken UTF-8 in path and query, and to NUL bytes in a form."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Django leaves broken UTF-8 in a path quoted, so that unquoting shows it.
        path = unquote_to_bytes(request.path_info)
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if not (is_readable(path) and is_readable(query) and self.has_readable_form(request)):
            return render(request, "400.html", status=400)
        return self.get_response(request)

    def has_readable_form(self, request):
        if request.method != "POST":
            return True
        try:
            fields = request.POST.lists()
        except (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent):
            return False
        return not any("\0" in text for name, values in fields for text in (name, *values))
