"""More time for a call, whether it may be deleted, and the next one."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sscnet.core.i18n.labels import each_language
from sscnet.core.models import State
from sscnet.core.records.copying import copy_to, next_numbers

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


def a_year_later(moment: datetime) -> datetime:
    """Return the same day and hour of the next year, in Beijing; of 29 February the 28th."""
    local = timezone.localtime(moment)
    is_leap_day = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year + 1, day=28 if is_leap_day else local.day)


@transaction.atomic
def make_next(call: Call, closes_at: datetime) -> Call:
    """Make the draft of the next call from this one, with all its days moved.

    It is of the year in which it closes, in Beijing. Its rules, texts, papers and criteria come
    along; proposals and documents stay behind.
    """
    new = Call.objects.get(pk=call.pk)
    new.pk, new.slug, new._state.adding = None, "", True
    new.state, new.published_at, new.withdrawn_at = State.DRAFT, None, None
    shift = closes_at - call.closes_at
    for name in ("opens_at", "closes_at", "fund_closes_at"):
        setattr(new, name, (moment := getattr(call, name)) and moment + shift)
    new.year = timezone.localtime(closes_at).year
    for name in each_language("title"):
        setattr(new, name, next_numbers(getattr(call, name) or "", {call.year: new.year}))
    new.full_clean(exclude=["slug"])
    new.save()
    new.areas.set(call.areas.all())
    for row in [*call.required_papers.all(), *call.criteria.all()]:
        copy_to(new, row, "call")
    return new
