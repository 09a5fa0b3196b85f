"""The mails to an institution about what it sent or withdrew itself."""

from members.models import User
from sscnet.outbox.wordings import register

from ..handling.mails import tell_about_proposal, times_in_words
from ..models import Proposal, ProposalVersion
from ..privacy import of_hidden_proposals

WORDS = ("proposal", "call", "institution", "reference", "person")
register("proposal-received", *WORDS, "moment", "version", hidden_from=of_hidden_proposals)
register("proposal-withdrawn", *WORDS, hidden_from=of_hidden_proposals)


def confirm_receipt(version: ProposalVersion) -> None:
    """Write the receipt of a version to everybody who may write for the institution."""
    proposal = version.proposal
    tell_about_proposal(
        "proposal-received",
        proposal,
        f"{proposal.pk}:{version.number}",
        reference=proposal.reference,
        person=version.sent_by,
        moment=times_in_words(version.sent_at),
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
