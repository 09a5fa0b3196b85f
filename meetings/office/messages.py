"""A message of the officers to a group of delegations: shown first, then a mail to each."""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Affiliation
from sscnet.outbox.to_many import MessageForm
from sscnet.outbox.wordings import register

from ..models import Delegation, Meeting
from ..places.mails import link_of, send
from .waiting import DelegationWaitsFilter, waiting_for

KIND = "desk-message"
register(KIND, "subject", "text", "meeting", "institution")


# Those that were chosen one by one in the list of delegations; it stands first.
CHOSEN = "chosen"
# What a group is called, and its delegations, as they are today.
GROUPS = {
    CHOSEN: (_("The delegations chosen in the list"), lambda rows: rows),
    "all": (_("All focal points of delegations"), lambda rows: rows),
    "submitted": (
        _("Delegations that were submitted"),
        lambda rows: rows.filter(state=Delegation.State.SUBMITTED),
    ),
    "confirmed": (_("Somebody has a place"), lambda rows: rows.with_places()),
} | {
    name: (waiting_for(label), rows) for name, (label, rows) in DelegationWaitsFilter.cases.items()
}


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
        is_chosen = bool(self["chosen"].value())
        labels = [(name, label) for name, (label, _rows) in GROUPS.items()]
        self.fields["group"].choices = labels if is_chosen else labels[1:]


def receivers(
    meeting: Meeting, group: str, chosen: Iterable[Delegation] = ()
) -> tuple[list[tuple[Delegation, str]], list[Delegation]]:
    """Return all who would get the mail, and the delegations of which no one would."""
    rows = GROUPS[group][1](meeting.delegations.all())
    if group == CHOSEN:
        rows = rows.filter(pk__in=[one.pk for one in chosen])
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
