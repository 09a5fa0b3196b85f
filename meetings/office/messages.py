"""A message of the officers to a group of delegations: shown first, then a mail to each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Affiliation
from sscnet.outbox.to_many import MessageForm
from sscnet.outbox.wordings import register

from ..models import ACTIVE, Delegate, Delegation, Meeting, PlaceState
from ..places.mails import link_of, send
from .waiting import waits_for_a_letter

KIND = "desk-message"
register(KIND, "subject", "text", "meeting", "institution")


def having(**people) -> Q:
    return Q(Exists(Delegate.objects.filter(delegation=OuterRef("pk"), **people)))


SUBMITTED = Q(state=Delegation.State.SUBMITTED)
# Those that were chosen one by one in the list of delegations.
CHOSEN = "chosen"
# What a group is called.
GROUPS = {
    "all": _("All focal points of delegations"),
    "submitted": _("Delegations that were submitted"),
    "names": _("Names missing"),
    "waiting": _("Somebody is waiting"),
    "letter": _("Nomination letter missing"),
    "confirmed": _("Somebody has a place"),
    "draft": _("Started, not submitted"),
    CHOSEN: _("The delegations chosen in the list"),
}


def in_group(group: str, chosen: Iterable[Delegation]) -> Q:
    """Return the condition of the delegations of a group, as they are today."""
    return {
        "all": Q(),
        "submitted": SUBMITTED,
        "names": SUBMITTED & having(place__in=ACTIVE, to_be_named=True),
        "waiting": SUBMITTED & having(place=PlaceState.WAITING),
        "letter": waits_for_a_letter(),
        "confirmed": SUBMITTED & having(place=PlaceState.CONFIRMED),
        "draft": Q(state=Delegation.State.DRAFT),
        CHOSEN: Q(pk__in=[delegation.pk for delegation in chosen]),
    }[group]


class DeskMessageForm(MessageForm):
    """A message to one group of delegations, or to those chosen in a list."""

    group = forms.ChoiceField(label=pgettext_lazy("mail", "To"))
    chosen = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )
    field_order = ["group"]

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = meeting.delegations.all()
        groups = {name: label for name, label in GROUPS.items() if name != CHOSEN}
        if self["chosen"].value():
            groups = {CHOSEN: GROUPS[CHOSEN]} | groups
        self.fields["group"].choices = groups.items()


@dataclass(frozen=True)
class Receiver:
    delegation: Delegation
    address: str


def delegations_in(
    meeting: Meeting, group: str, chosen: Iterable[Delegation]
) -> QuerySet[Delegation]:
    rows = meeting.delegations.filter(in_group(group, chosen))
    rows = rows.select_related("institution", "meeting")
    return rows.order_by("submitted_at", "pk")


def receivers(
    meeting: Meeting, group: str, chosen: Iterable[Delegation] = ()
) -> tuple[list[Receiver], list[Delegation]]:
    """Return all who would get the mail, and the delegations of which no one would."""
    delegations = list(delegations_in(meeting, group, chosen))
    acting = Affiliation.objects.receiving_mail()
    acting = acting.filter(institution__in=[d.institution_id for d in delegations])
    addresses: dict[int, set[str]] = {}
    for institution, address in acting.values_list("institution", "user__email"):
        addresses.setdefault(institution, set()).add(address)
    found = [
        Receiver(delegation, address)
        for delegation in delegations
        for address in sorted(addresses.get(delegation.institution_id, []))
    ]
    return found, [d for d in delegations if d.institution_id not in addresses]


@transaction.atomic
def write(receivers: Iterable[Receiver], words: dict, sending: str) -> None:
    """Write one mail to each receiver; the same sending again writes none twice."""
    for receiver in receivers:
        delegation = receiver.delegation
        key, link = f"{sending}:{delegation.pk}", link_of(delegation, KIND)
        send(delegation, KIND, receiver.address, key, [], link, words)
