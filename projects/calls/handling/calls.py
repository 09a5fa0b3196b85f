"""More time for a call, and whether it may be deleted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..models import Call, Proposal
from . import mails


@transaction.atomic
def extend(call: Call, closes_at: datetime, fund_closes_at: datetime | None = None) -> Call:
    """Move the closing of a call to a later moment, and write to everybody with a draft."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    before = call.closes_at
    if closes_at <= before:
        raise ValidationError(_("A call can only be extended: choose a time after its closing."))
    call.closes_at = closes_at
    call.fund_closes_at = fund_closes_at or call.fund_closes_at
    call.full_clean(exclude=["slug"])
    call.save(update_fields=["closes_at", "fund_closes_at"])
    mails.tell_extended(call, before)
    return call


def has_sent_proposals(call: Call) -> bool:
    """Return whether a proposal was ever sent: such a call is kept for ever."""
    return Proposal.objects.filter(call=call).exclude(reference="").exists()
