"""What is held of people in the answers of institutions."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, declare

from .models import Response, ResponseAnswer

OF_INSTITUTIONS = {
    "whose": _("people whom an institution names in an answer"),
    "why": _("to take the institution’s answer to a request of the Secretariat"),
    "ground": Ground.ASKED_FOR,
    "kept": _("as long as the request; the Secretariat deletes requests it no longer needs"),
    "permission": "secretariat.view_response",
    "seen_by": _("their own institution; where the request says so, the members"),
}
declare(ResponseAnswer, "text", "rows", "file", **OF_INSTITUTIONS)
declare(Response, "reason", "remark", "slip", **OF_INSTITUTIONS)
