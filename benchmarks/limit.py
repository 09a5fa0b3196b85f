"""LIMIT: 30 KB from memory behind the portal's middleware. No page of ours can be faster."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

PAGE = b"<!doctype html><title>30 KB</title>".ljust(30 * 1024, b".")


@require_safe
def limit(request):
    return HttpResponse(PAGE)
