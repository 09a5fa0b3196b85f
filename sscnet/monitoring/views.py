"""The address that Prometheus reads, and the page of the admin that says the same in words."""

from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from . import status
from .state import PortalState

STATE = CollectorRegistry()
STATE.register(PortalState())


@never_cache
@require_safe
def metrics(request):
    """Answer to who asks from this machine past the proxy, or with the token."""
    if not (is_from_inside(request) or has_token(request)):
        raise Http404
    numbers = generate_latest(status.counted()) + generate_latest(STATE)
    return HttpResponse(numbers, content_type=CONTENT_TYPE_LATEST)


def is_from_inside(request) -> bool:
    """A proxy on this machine comes from here too, but says for whom."""
    forwarded = ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"]
    if settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER:
        forwarded.append(settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER)
    if any(name in request.headers for name in forwarded):
        return False
    # Empty: it came by gunicorn's socket.
    address = request.META.get("REMOTE_ADDR", "")
    return not address or ip_address(address).is_loopback


def has_token(request) -> bool:
    given = request.headers.get("Authorization", "").encode()
    token = settings.METRICS_TOKEN
    return bool(token) and compare_digest(given, f"Bearer {token}".encode())


STATUS = _("State of the portal")


@never_cache
@require_safe
def status_page(request):
    if not request.user.is_superuser:
        raise PermissionDenied
    context = {"title": STATUS, "lines": list(status.lines())}
    return TemplateResponse(
        request, "admin/monitoring/status.html", {**admin.site.each_context(request), **context}
    )
