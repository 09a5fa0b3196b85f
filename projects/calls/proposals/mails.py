"""The mails to an institution about what it sent or withdrew itself."""

from django.utils.functional import lazystr

from members.models import User
from sscnet.core.i18n.dates import both_clocks
from sscnet.outbox.wordings import register

from ..handling.mails import tell_about_proposal
from ..models import Proposal, ProposalVersion
from ..privacy import of_hidden_proposals

WORDS = ("proposal", "call", "institution", "reference", "person")
register("proposal-received", *WORDS, "moment", "version", hidden_from=of_hidden_proposals)
register("proposal-withdrawn", *WORDS, hidden_from=of_hidden_proposals)


class Moment:
    """A moment with day, time and zone, in the language it is written in."""

    def __init__(self, moment):
        self.moment = moment

    def __str__(self):
        return both_clocks(self.moment)


def confirm_receipt(version: ProposalVersion) -> None:
    """Write the receipt of a version to everybody who may write for the institution."""
    proposal = version.proposal
    tell_about_proposal(
        "proposal-received",
        proposal,
        f"{proposal.pk}:{version.number}",
        reference=proposal.reference,
        person=version.sent_by,
        moment=lazystr(Moment(version.sent_at)),
        version=version.number,
    )


def confirm_withdrawal(proposal: Proposal, by: User) -> None:
    tell_about_proposal(
        "proposal-withdrawn",
        proposal,
        f"{proposal.pk}",
        reference=proposal.reference,
        person=by,
    )
