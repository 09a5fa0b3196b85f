"""What is held about people who ask."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, days, declare, no_one

from .models import Enquiry
from .needs import Need

OF_ASKERS = {
    "whose": _("people who ask a question"),
    "why": _("to answer the question"),
    "ground": Ground.ASKED_FOR,
    "kept": days(_("{days} days after the answer"), "ENQUIRY_RETENTION_DAYS"),
}
TO_INSTITUTION = {
    "seen_by": _("the institution that the question is passed on to"),
    "goes_to": _("the institution that the question is passed on to, whichever country it is in"),
}

declare(
    Enquiry,
    "name",
    "organisation",
    permission="secretariat.change_enquiry",
    **TO_INSTITUTION,
    **OF_ASKERS,
)
declare(Enquiry, "email", permission="secretariat.change_enquiry", **OF_ASKERS)
declare(
    Need,
    "contact",
    permission="secretariat.change_need",
    seen_by=_("institutions that accepted the introduction"),
    goes_to=_("institutions that accepted the introduction"),
    **OF_ASKERS | {"kept": days(_("{days} days after the need ended"), "ENQUIRY_RETENTION_DAYS")},
)
# Made of all that was typed: who has it can try out who asked.
declare(
    Enquiry,
    "sent_key",
    called=_("a fingerprint of the form that was sent"),
    permission=no_one,
    **OF_ASKERS,
)
