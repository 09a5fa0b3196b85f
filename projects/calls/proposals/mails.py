"""The mails to an institution about what it sent or withdrew itself."""

from django.utils.functional import lazy

from members.models import User
from sscnet.outbox.wordings import register

from ..handling.mails import tell_about_proposal, times_in_words
from ..models import Proposal, ProposalVersion
from ..privacy import of_hidden_proposals
from .checks.papers import lacks_form_of_fund

WORDS = ("proposal", "call", "institution", "reference", "person")
register(
    "proposal-received", *WORDS, "moment", "version", "missing", hidden_from=of_hidden_proposals
)
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
        missing=lazy(lacks_form_of_fund, str)(proposal),
    )


def confirm_withdrawal(proposal: Proposal, by: User) -> None:
    tell_about_proposal(
        "proposal-withdrawn",
        proposal,
        f"{proposal.pk}",
        reference=proposal.reference,
        person=by,
    )
