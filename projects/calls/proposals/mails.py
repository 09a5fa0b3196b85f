"""The mails to an institution about what it sent or withdrew itself."""

from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.models import Affiliation, User
from sscnet.core.dates import both_clocks
from sscnet.outbox import post
from sscnet.outbox.wordings import Wording, register

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

register(
    Wording(
        key="proposal-received",
        label=_("A proposal was received"),
        subject=_("Proposal {reference} received"),
        body=_(
            "We have received the proposal “{proposal}” of {institution} to {call} on {moment}. Its"
            " reference is {reference}; it is version {version}, sent by {person}.\n\n"
            "The text is kept as it was sent. The Secretariat reads it and either clears it or"
            " returns it with remarks; you will be told by mail."
        ),
        words=WORDS | {"moment": _("day, time and zone"), "version": _("number of the version")},
        link_label=LINK,
        hidden_from=of_hidden_proposals,
    )
)
register(
    Wording(
        key="proposal-withdrawn",
        label=_("A proposal was withdrawn"),
        subject=_("Proposal {reference} withdrawn"),
        body=_(
            "{person} has withdrawn the proposal “{proposal}” of {institution} to {call}. While the"
            " call is open, the institution can send another one."
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
    """Write the receipt of a version to everybody who acts for the institution."""
    key = f"proposal-received:{version.proposal_id}:{version.number}"
    words = {"moment": lazystr(Moment(version.sent_at)), "version": version.number}
    write(version.proposal, "proposal-received", key, version.sent_by, words)


def confirm_withdrawal(proposal: Proposal, by: User) -> None:
    key = f"proposal-withdrawn:{proposal.pk}"
    write(proposal, "proposal-withdrawn", key, by, {})


def write(proposal: Proposal, kind: str, key: str, by: User, words: dict) -> None:
    for address in addresses(proposal):
        post.write(
            kind,
            to=address,
            key=f"{key}:{address}"[:200],
            about=proposal.institution,
            reference=proposal.reference,
            link=address_of(proposal),
            words={
                "proposal": proposal,
                "call": proposal.call,
                "institution": proposal.institution,
                "reference": proposal.reference,
                "person": by,
                **words,
            },
        )


def addresses(proposal: Proposal) -> list[str]:
    """Return the addresses of those who may write for the institution today."""
    acting = Affiliation.objects.current().filter(
        institution=proposal.institution_id,
        role__in=Affiliation.EDITING,
        user__is_active=True,
    )
    return sorted(set(acting.values_list("user__email", flat=True)))


def address_of(proposal: Proposal) -> str:
    # The outbox makes the Chinese address out of the English one.
    with override("en"):
        return reverse("calls:proposal", args=[proposal.institution.slug, proposal.pk])
