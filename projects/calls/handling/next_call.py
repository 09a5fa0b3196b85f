"""The next call made from this one: its rules, texts, papers and criteria, moved by days."""

from datetime import datetime

from django.db import transaction

from sscnet.core.i18n.labels import each_language
from sscnet.core.models import State
from sscnet.core.records.copying import copy_to, next_numbers

from ..models import Call


@transaction.atomic
def make_next(call: Call, closes_at: datetime) -> Call:
    """Make the draft of a call that closes then; proposals and documents stay behind."""
    new = Call.objects.get(pk=call.pk)
    new.pk, new.slug, new._state.adding = None, "", True
    new.state, new.published_at, new.withdrawn_at = State.DRAFT, None, None
    shift = closes_at - call.closes_at
    for name in ("opens_at", "closes_at", "fund_closes_at"):
        setattr(new, name, (moment := getattr(call, name)) and moment + shift)
    new.year = call.year + closes_at.year - call.closes_at.year
    for name in each_language("title"):
        setattr(new, name, next_numbers(getattr(call, name) or "", {call.year: new.year}))
    new.full_clean(exclude=["slug"])
    new.save()
    new.areas.set(call.areas.all())
    for row in [*call.required_papers.all(), *call.criteria.all()]:
        copy_to(new, row, "call")
    return new
