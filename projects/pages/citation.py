"""How to cite a project: a line with its address by code, which goes on working for ever."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _


def line(project) -> str:
    text = _("%(network)s: %(title)s (%(code)s). As of %(day)s. %(address)s")
    return text % {
        "network": _("China South-South Cooperation Network"),
        "title": " ".join(str(project).split()),
        "code": project.code,
        "day": timezone.localdate(project.updated_at),
        "address": settings.PORTAL_ADDRESS + reverse("projects:by_code", args=[project.code]),
    }
