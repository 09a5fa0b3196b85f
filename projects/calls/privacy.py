"""What is held of people who write, endorse and read proposals."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare

from .models import Endorsement, Proposal

DECIDES = "calls.decide_proposal"

declare(
    Proposal,
    "contact_name",
    "contact_position",
    "contact_email",
    "contact_phone",
    whose=_("contact persons of proposals"),
    why=_("to ask and answer about the proposal; the Fund's form asks for them"),
    kept=_("as long as the proposal"),
    permission=DECIDES,
)
declare(
    Endorsement,
    "file",
    "person_name",
    "person_position",
    whose=_("people who sign endorsements"),
    why=_("the Fund asks who endorsed the proposal, and as what"),
    kept=_("as long as the proposal"),
    permission=DECIDES,
)
