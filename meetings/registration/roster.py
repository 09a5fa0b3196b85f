"""People an institution knows: taken into a delegation, and kept out of it by their consent."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.models import RosterEntry

from ..models import ACTIVE, Delegate, Delegation, PlaceState

FIELDS = ("chinese_name", "family_name", "given_names", "role", "email", "mobile", "nationality")


def known(delegation: Delegation) -> QuerySet[RosterEntry]:
    """Return whom the institution knows and who is not in the delegation."""
    there = Delegate.objects.filter(
        delegation=delegation.pk, place__in=[PlaceState.NOT_ASKED, *ACTIVE]
    )
    there = there.exclude(roster_entry=None)
    return delegation.institution.roster.exclude(pk__in=there.values("roster_entry"))


def values_of(entry: RosterEntry) -> dict:
    """Return the fields of a delegate who is this person."""
    values = {name: getattr(entry, name) for name in FIELDS}
    return values | {"roster_entry": entry, "may_be_kept": True}


@transaction.atomic
def keep(people: Iterable[Delegate]) -> None:
    """Note those who agreed to it as they are stated now; forget those who no longer agree."""
    for delegate in people:
        if delegate.may_be_kept and delegate.name:
            keep_one(delegate)
        else:
            RosterEntry.objects.filter(delegates=delegate).forget()


def keep_one(delegate: Delegate) -> None:
    roster = delegate.delegation.institution.roster
    values = {name: getattr(delegate, name) for name in FIELDS}
    names = {name: values[name] for name in FIELDS[:3]}
    entry = roster.filter(delegates=delegate).first() or roster.filter(**names).first()
    entry, _is_new = roster.update_or_create(
        pk=entry and entry.pk, defaults=values | {"registered_at": timezone.now()}
    )
    Delegate.objects.filter(pk=delegate.pk).update(roster_entry=entry)
