"""The page of the admin that says how the portal is."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import status

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
