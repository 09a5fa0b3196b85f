"""A message of the officers to a group of delegations: shown first, then a mail to each."""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
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


def receivers(
    meeting: Meeting, group: str, chosen: Iterable[Delegation] = ()
) -> tuple[list[tuple[Delegation, str]], list[Delegation]]:
    """Return all who would get the mail, and the delegations of which no one would."""
    rows = meeting.delegations.filter(in_group(group, chosen))
    rows = rows.select_related("institution", "meeting").order_by("submitted_at", "pk")
    acting = Affiliation.objects.receiving_mail().filter(institution__delegations__in=rows)
    addresses = defaultdict(set)
    for institution, address in acting.values_list("institution", "user__email"):
        addresses[institution].add(address)
    found = [(row, address) for row in rows for address in sorted(addresses[row.institution_id])]
    return found, [row for row in rows if not addresses[row.institution_id]]


@transaction.atomic
def write(receivers: Iterable[tuple[Delegation, str]], words: dict, sending: str) -> None:
    """Write one mail to each receiver; the same sending again writes none twice."""
    for delegation, address in receivers:
        key, link = f"{sending}:{delegation.pk}", link_of(delegation, KIND)
        send(delegation, KIND, address, key, [], link, words)
