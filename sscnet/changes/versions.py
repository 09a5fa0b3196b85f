"""Moderation of a version (a revision): released now or later, returned, taken back, replaced.

Each step locks the record and then its version, so that no version is released twice.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext

from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import ProposedVersion, PublicRecord

from .context import USER, VERSION_AUTHOR, VERSION_NUMBER
from .parts import last_of_each_row
from .publication import TRANSITIONS, may
from .state import (
    Change,
    Values,
    is_same,
    values_of_event,
    values_of_row,
    write_changes,
    written_columns,
)
from .words import Difference, Words

State = ProposedVersion.State

# Sent with the `version` after each decision, in its transaction.
version_decided = Signal()


def may_release(user, model: type[PublicRecord]) -> bool:
    return may(user, TRANSITIONS["publish"], model)


def waits_for_release(user, record: PublicRecord) -> bool:
    """Return whether what this person changes of the record waits for release by another."""
    return record.has_address and not may_release(user, type(record))


# ------------------------------------------------------------------ proposing


@transaction.atomic
def propose(record: PublicRecord, changes: list[Change], by, **origin) -> ProposedVersion:
    """Keep changes beside the record; a version that they replace waits no more.

    What this person proposed in the same words already is kept once: a form may be sent twice.
    """
    waiting = ProposedVersion.objects.of_record(record).waiting().filter(made_by=by)
    wanted = [without_key(change) for change in changes]
    for version in waiting:
        if [without_key(change) for change in read_changes(version)] == wanted:
            return version
    replaced = origin.get("replaces")
    if replaced:
        replaced = locked(replaced)
        # Decided on meanwhile, it stays as it was decided.
        if replaced.state in (State.WAITING, State.RETURNED):
            decide(replaced, State.REPLACED, by)
    changes = [change.stored() for change in changes]
    return ProposedVersion.objects.create(record=record, changes=changes, made_by=by, **origin)


def without_key(change: Change) -> dict:
    """Return a change as it was written: a row that comes has another key each time."""
    if change.before is None and not change.field:
        values = {name: change.after.get(name) for name in written_columns(change.model)}
        change = replace(change, key="", after=values)
    return change.stored()


# ------------------------------------------------------------------ how it stands


def read_changes(version: ProposedVersion) -> list[Change]:
    return [Change.read(stored) for stored in version.changes]


def judged_changes(version: ProposedVersion) -> list[Change]:
    """Return the changes with what is stored now, and with the rows that they are named by."""
    changes = read_changes(version)
    now = rows_now(changes)
    # A row that is gone is still named as the history knew it last.
    known = rows_gone([one for one in changes if one.field and one.place not in now]) | now
    return [replace(judge(one, now.get(one.place)), row=known.get(one.place)) for one in changes]


def compare(version: ProposedVersion) -> list[Difference]:
    """Return the changes of a version with the values from before, of now and proposed."""
    changes = judged_changes(version)
    words = Words(changes, version.content_type.model_class())
    return [
        words.difference(
            change,
            number=number,
            is_released=number in version.released,
            has_file=file_of(change) is not None,
        )
        for number, change in enumerate(changes)
    ]


def file_of(change: Change) -> str | None:
    """Return the name of the file that a change would bring, if it does."""
    columns = change.model._meta.concrete_fields
    files = {f.attname for f in columns if isinstance(f, models.FileField)}
    after = {change.field: change.after} if change.field else change.after or {}
    return next((after[name] for name in files if after.get(name)), None)


def rows_now(changes: list[Change]) -> dict[tuple, Values]:
    """Return the rows that the changes are about as they are stored, by model and key."""
    return {
        (model, str(stored[model._meta.pk.attname])): values_of_row(model, stored)
        for model, keys in keys_of(changes).items()
        for stored in model._base_manager.filter(pk__in=keys).values()
    }


def rows_gone(changes: list[Change]) -> dict[tuple, Values]:
    """Return rows as the history knows them last, by model and key."""
    return {
        (model, str(event.pgh_obj_id)): values_of_event(event)
        for model, keys in keys_of(changes).items()
        for event in last_of_each_row(tracked_models()[model].objects.filter(pgh_obj_id__in=keys))
    }


def keys_of(changes: list[Change]) -> dict[type[models.Model], set[str]]:
    keys = defaultdict(set)
    for change in changes:
        keys[change.model].add(change.key)
    return keys


def judge(change: Change, row: Values | None) -> Change:
    """Compare a change with its row as it is stored."""
    if change.field:
        now = row and row.get(change.field)
        is_done = row is not None and is_same(now, change.after)
        is_clash = not is_done and (row is None or not is_same(now, change.before))
    elif change.before is None:
        # The same row may have been entered by hand meanwhile.
        now = row or equal_row(change)
        is_done, is_clash = now is not None, False
    else:
        now, is_done = row, row is None
        is_clash = not is_done and not is_equal(change.model, row, change.before)
    return replace(change, now=now, is_done=is_done, is_clash=is_clash)


def is_equal(model: type[models.Model], one: Values, other: Values) -> bool:
    return all(is_same(one.get(name), other.get(name)) for name in written_columns(model))


def equal_row(change: Change) -> Values | None:
    """Return a row that says the same as one that is to come."""
    model, values = change.model, change.after
    keys = [field.attname for field in model._meta.concrete_fields if field.is_relation]
    ties = {name: values[name] for name in keys if values.get(name) is not None}
    found = (values_of_row(model, stored) for stored in model._base_manager.filter(**ties).values())
    return next((row for row in found if is_equal(model, row, values)), None)


def stamp_of(version: ProposedVersion) -> str:
    """Return what changes whenever one of the rows changes that the version is about."""
    rows = rows_now(read_changes(version)).items()
    # In one order: the database gives rows in none.
    rows = sorted(((model._meta.label_lower, key), row) for (model, key), row in rows)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# ------------------------------------------------------------------ releasing


@transaction.atomic
def release(version: ProposedVersion, by, *, numbers=None, answer="", seen=None) -> ProposedVersion:
    """Write the changes of these numbers, or all, into the record; the version waits no more.

    `seen` is the stamp of the rows that somebody decided on knowingly: values that were changed
    since the proposal are then overwritten. Raise ValidationError with the reason where that is
    older, where nothing was seen and values were changed, or where the record refuses a value.
    """
    version = locked_to_release(version, by)
    if seen is not None and seen != stamp_of(version):
        raise ValidationError(
            gettext("The record has changed since this page was opened. Look at it again.")
        )
    changes = judged_changes(version)
    chosen = {n: c for n, c in enumerate(changes) if numbers is None or n in numbers}
    if not chosen:
        raise ValidationError(gettext("Tick what is to be released, or return the version."))
    # The clock has seen nothing, so it overwrites nothing.
    if seen is None and any(change.is_clash for change in chosen.values()):
        raise ValidationError(
            gettext(
                "The record has been changed in the meantime where the version would change it."
            )
        )
    for change in chosen.values():
        if reason := version.record.reason_to_leave(change.model, change.field):
            raise ValidationError(reason)
    author = version.made_by_id
    noted = {USER: by.pk, VERSION_NUMBER: version.pk, VERSION_AUTHOR: author}
    with pghistory.context(**noted):
        # Written again, the history would say that it changed once more.
        write_changes([change for change in chosen.values() if not change.is_done])
    version.released = list(chosen)
    is_whole = len(chosen) == len(changes)
    decide(version, State.RELEASED if is_whole else State.PARTLY_RELEASED, by, answer)
    return version


def locked_to_release(version: ProposedVersion, by) -> ProposedVersion:
    version = locked_waiting(version)
    if reason := reason_not_to_release(version, by):
        raise ValidationError(reason)
    return version


def reason_not_to_release(version: ProposedVersion, by) -> str:
    if version.record is None:
        return gettext("The record is no longer there.")
    # A time that was set may come after its person lost the right.
    if not by or not by.is_active or not may_release(by, type(version.record)):
        return gettext("You have no permission to do this.")
    if settings.PUBLISHING_NEEDS_SECOND_PERSON and version.made_by == by:
        return gettext("You made this version, so somebody else must look at it and release it.")
    return ""


# ------------------------------------------------------------------ the other ways


@transaction.atomic
def give_back(version: ProposedVersion, by, answer: str) -> ProposedVersion:
    """Return the version with a remark; ValidationError without one."""
    version = locked_waiting(version)
    if not answer.strip():
        raise ValidationError(gettext("Say briefly why it is returned."))
    decide(version, State.RETURNED, by, answer)
    return version


@transaction.atomic
def take_back(version: ProposedVersion, by) -> ProposedVersion:
    version = locked_waiting(version)
    decide(version, State.TAKEN_BACK, by)
    return version


def decide(version: ProposedVersion, state: State, by, answer: str = "") -> None:
    version.state, version.answer = state, answer.strip() or version.answer
    version.decided_by, version.decided_at = by, timezone.now()
    version.save()
    version_decided.send(ProposedVersion, version=version)


@transaction.atomic
def set_time(version: ProposedVersion, by, moment: datetime | None) -> ProposedVersion:
    """Let the clock release the version in this person's name; None: not any more."""
    version = locked_to_release(version, by)
    if moment and moment <= timezone.now():
        raise ValidationError(gettext("Give a time in the future."))
    version.release_at, version.scheduled_by = moment, by if moment else None
    version.obstacle = ""
    version.save()
    return version


def release_due() -> None:
    """Release what is due; what is refused waits on, without a time and with the reason."""
    for version in ProposedVersion.objects.due(timezone.now()):
        release_at_set_time(version)


@transaction.atomic
def release_at_set_time(version: ProposedVersion) -> None:
    version = locked(version)
    if not (version.is_waiting and version.release_at and version.release_at <= timezone.now()):
        return
    try:
        # In a savepoint: what is refused is undone, and the reason is still noted.
        with transaction.atomic():
            release(version, version.scheduled_by)
    except ValidationError as error:
        version.obstacle, version.release_at = " ".join(error.messages), None
        version.save()


def locked(version: ProposedVersion) -> ProposedVersion:
    """Lock the record, then the version, and return that as it is now."""
    model = version.content_type.model_class()
    list(model._base_manager.select_for_update(no_key=True).filter(pk=version.object_id))
    rows = ProposedVersion.objects.select_for_update(of=("self",))
    return rows.select_related("made_by", "decided_by", "scheduled_by").get(pk=version.pk)


def locked_waiting(version: ProposedVersion) -> ProposedVersion:
    version = locked(version)
    if not version.is_waiting:
        raise ValidationError(gettext("This version is no longer waiting."))
    return version
