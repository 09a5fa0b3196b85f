"""Saving what is there: by any focal point or deputy, at any step, complete or not.

Each saving names the version it began with. From an older one nothing is written (`Stale`).
"""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from meetings.models import Delegate, DelegateAnswer, Delegation, WorkshopPlace
from sscnet.changes.stale import Stale

from .entry import DelegationEntry


def lock(entry: DelegationEntry, version: int | None) -> Delegation:
    """Return the delegation, made if need be, locked until the end of the transaction.

    Raise Stale where somebody saved since `version`; the entry then has what is stored now.
    """
    Delegation.objects.get_or_create(meeting=entry.meeting, institution=entry.institution)
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("saved_by")
    delegation = rows.get(meeting=entry.meeting, institution=entry.institution)
    entry.renew(delegation)
    if version not in (None, delegation.lock_version):
        raise Stale
    return delegation


def stamp(delegation: Delegation, user) -> None:
    rows = Delegation.objects.filter(pk=delegation.pk)
    rows.update(lock_version=F("lock_version") + 1, saved_by=user, saved_at=timezone.now())


@transaction.atomic
def save_people(entry: DelegationEntry, version: int, people: Iterable[dict]) -> None:
    """Make the people not sent yet those of `people`, in this order, after those who were sent.

    Each is a dict of the form's fields; `delegate` is the key of one who is there already. Raise
    Stale where another version than `version` is stored.
    """
    delegation = lock(entry, version)
    there = {delegate.pk: delegate for delegate in delegation.delegates.not_asked()}
    first = next_position(delegation.delegates.exclude(pk__in=there))
    for position, values in enumerate(people, first):
        values = dict(values)
        delegate = there.pop(values.pop("delegate", None), None) or Delegate(delegation=delegation)
        for name, value in values.items():
            setattr(delegate, name, value)
        delegate.position = position
        delegate.save()
    remove(delegation.delegates.filter(pk__in=[delegate.pk for delegate in there.values()]))
    stamp(delegation, entry.user)


def remove(delegates) -> None:
    """Delete people who were not sent, with the files they answered with."""
    DelegateAnswer.objects.filter(delegate__in=delegates).throw_away_files()
    delegates.delete()


@transaction.atomic
def add_people(entry: DelegationEntry, people: Iterable[dict]) -> None:
    """Add people behind those who are there, whatever was saved meanwhile."""
    delegation = lock(entry, version=None)
    first = next_position(delegation.delegates)
    for position, values in enumerate(people, first):
        Delegate.objects.create(delegation=delegation, position=position, **values)
    stamp(delegation, entry.user)


def next_position(delegates) -> int:
    last = delegates.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def save_workshops(entry: DelegationEntry, version: int, wishes: dict[int, set[int]]) -> None:
    """Note which workshops each person not sent yet asks for: {delegate: {workshop, ...}}."""
    delegation = lock(entry, version)
    for delegate in delegation.delegates.not_asked().filter(pk__in=wishes):
        wanted = wishes[delegate.pk]
        delegate.workshop_places.exclude(workshop__in=wanted).delete()
        there = set(delegate.workshop_places.values_list("workshop", flat=True))
        WorkshopPlace.objects.bulk_create(
            WorkshopPlace(delegate=delegate, workshop_id=pk) for pk in sorted(wanted - there)
        )
    stamp(delegation, entry.user)


@transaction.atomic
def save_rule(entry: DelegationEntry, version: int, form) -> None:
    """Note the rule and the letter, as a valid or half-valid form says."""
    delegation = lock(entry, version)
    data = form.cleaned_data
    if not entry.is_submitted and data.get("rule"):
        delegation.rule = data["rule"]
    if data.get("nomination_letter"):
        throw_away_letter(delegation)
        delegation.nomination_letter = data["nomination_letter"]
    delegation.save(update_fields=["rule", "nomination_letter"])
    stamp(delegation, entry.user)


def throw_away_letter(delegation: Delegation) -> None:
    """Delete the letter's file once another is in its place: it could not be found to be erased."""
    if name := delegation.nomination_letter.name:
        transaction.on_commit(partial(default_storage.delete, name))


@transaction.atomic
def discard(entry: DelegationEntry) -> None:
    """Throw away the people not sent yet; of a draft nothing is left."""
    delegation = Delegation.objects.select_for_update().get(pk=entry.delegation.pk)
    remove(delegation.delegates.not_asked())
    if delegation.is_draft:
        throw_away_letter(delegation)
        delegation.delete()
    else:
        stamp(delegation, entry.user)
