"""What is held of people who ask."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare, nobody

from .enquiries.models import Enquiry

OF_ASKERS = {
    "whose": _("people who ask a question"),
    "why": _("to answer the question"),
    "kept": _("a set time after the answer"),
}

declare(
    Enquiry,
    "name",
    "email",
    "organisation",
    permission="secretariat.change_enquiry",
    **OF_ASKERS,
)
# Made of all that was typed: who has it can try out who asked.
declare(Enquiry, "sent_key", permission=nobody, **OF_ASKERS)
