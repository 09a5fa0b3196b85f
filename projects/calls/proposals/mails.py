"""The mails to an institution about what it sent or withdrew itself."""

from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.models import User
from sscnet.core.i18n.dates import both_clocks
from sscnet.outbox.wordings import Wording

from ..handling.mails import register_about_proposal, tell_about_proposal
from ..models import Proposal, ProposalVersion
from ..privacy import of_hidden_proposals

WORDS = {
    "proposal": _("the title of the proposal"),
    "call": _("the call"),
    "institution": _("the institution"),
    "reference": _("the reference"),
    "person": _("who did it"),
}
LINK = _("Open the proposal")

register_about_proposal(
    Wording(
        key="proposal-received",
        label=_("A proposal was received"),
        subject=_("Proposal {reference} received"),
        body=_(
            "We received the proposal “{proposal}” of {institution} for {call} on {moment}. Its "
            "reference is {reference}; this is version {version}, sent by {person}.\n\nThe text "
            "is kept as it was sent. The Secretariat reads it and either clears it or returns it "
            "with remarks; you will be told by email."
        ),
        words=WORDS | {"moment": _("day, time and zone"), "version": _("number of the version")},
        link_label=LINK,
        hidden_from=of_hidden_proposals,
    )
)
register_about_proposal(
    Wording(
        key="proposal-withdrawn",
        label=_("A proposal was withdrawn"),
        subject=_("Proposal {reference} withdrawn"),
        body=_(
            "{person} has withdrawn the proposal “{proposal}” of {institution} for {call}. While "
            "the call is open, the institution can send another one."
        ),
        words=WORDS,
        link_label=LINK,
        hidden_from=of_hidden_proposals,
    )
)


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
