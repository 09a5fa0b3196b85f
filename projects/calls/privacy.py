"""What is held of people who write, endorse and read proposals, and when it is erased."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Institution, User
from sscnet.codelists.models import PGTFArea
from sscnet.core.personal_data import retention
from sscnet.core.personal_data.fields import Ground, days, declare, emptied, erase, no_one

from ..models import Project
from .models import Call, Endorsement, Proposal, ProposalState, ProposalVersion, Reading, ReportDue

DECIDES = "calls.decide_proposal"

declare_for_proposals = partial(
    declare,
    kept=_("as long as the proposal"),
    ground=Ground.ASKED_FOR,
    stays=_("it is part of what was proposed and decided"),
    permission=DECIDES,
)
ERASED = {
    "kept": days(
        _("{days} days after the last step of the proposal, when the portal deletes it"),
        "PROPOSAL_PEOPLE_DAYS",
    ),
    "stays": "",
}
declare_for_proposals(
    Proposal,
    "contact_name",
    "contact_latin_name",
    "contact_position",
    "contact_email",
    "contact_phone",
    whose=_("contact persons of proposals"),
    why=_("to ask and answer questions about the proposal; the Fund’s form asks for them"),
    **ERASED,
)
declare_for_proposals(
    ProposalVersion,
    "people",
    called=_("people"),
    whose=_("contact persons of proposals"),
    why=_("what was sent is kept as it was, with its contact person and who endorsed it"),
    **ERASED,
)
declare_for_proposals(
    Endorsement,
    "file",
    "person_name",
    "person_position",
    whose=_("people who sign endorsements"),
    why=_("the Fund asks who endorsed the proposal, and as what"),
    **ERASED,
)
declare_for_proposals(
    ReportDue,
    "file",
    whose=_("people named in reports"),
    why=_("the Fund asks how its money was used"),
)
declare_for_proposals(
    Reading,
    "reader",
    "note",
    "remarks",
    whose=_("readers of proposals"),
    why=_("to assess and compare proposals"),
)
# From the other end nobody looks them up in the admin: the answer would tell that there is a
# proposal, also to whom it is hidden from.
for model, name in (
    (Institution, "call_proposals"),
    (Call, "proposals"),
    (PGTFArea, "proposals"),
    (Project, "proposal"),
    (User, "readings"),
):
    declare(
        model,
        name,
        whose=_("contact persons of proposals"),
        called=_("which institution proposes what, and who assesses it"),
        why=_("to know who owns what"),
        ground=Ground.ASKED_FOR,
        kept=_("as long as the proposal"),
        permission=no_one,
    )


# ------------------------------------------------------------------ mails about proposals


def of_hidden_proposals(user) -> Q:
    """Return which mails about proposals a person does not see in the admin."""
    if not user.has_perm(DECIDES):
        return Q()
    return ~Q(reference__in=Proposal.objects.handled_by(user).values("reference"))


def from_who_handles_none(user) -> Q | None:
    """Hide mails to those who write drafts from all who handle no proposals."""
    return None if user.has_perm(DECIDES) else Q()


# ------------------------------------------------------------------ erased by the clock

# Nothing follows any more; a draft counts from when it was last saved.
SETTLED = (
    *(ProposalState.DRAFT, ProposalState.WITHDRAWN),
    *(ProposalState.NOT_RECOMMENDED, ProposalState.CLOSED),
)


@retention.rule("proposals", _("contact persons and endorsers of proposals"))
def erase_people() -> int:
    found = list(naming_people().values_list("pk", flat=True))
    for model in (Endorsement, ProposalVersion):
        erase(model.objects.filter(proposal__in=found))
    erase(Proposal.objects.filter(pk__in=found))
    return len(found)


def naming_people() -> QuerySet[Proposal]:
    """Return the proposals that were settled so long ago and still name somebody."""
    before = timezone.now() - timedelta(days=settings.PROPOSAL_PEOPLE_DAYS)
    endorsed = Endorsement.objects.exclude(**emptied(Endorsement))
    named = ~Q(**emptied(Proposal)) | Q(pk__in=endorsed.values("proposal"))
    last = Greatest("saved_at", Max("steps__at"))
    return (
        Proposal.objects.filter(named, state__in=SETTLED)
        .annotate(last=last)
        .filter(last__lt=before)
    )
