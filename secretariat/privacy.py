"""What is held of people who ask."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare

from .enquiries.models import Enquiry

declare(
    Enquiry,
    "name",
    "email",
    "organisation",
    whose=_("people who ask a question"),
    why=_("to answer the question"),
    kept=_("a set time after the answer"),
    permission="secretariat.change_enquiry",
)
