"""Two records of one institution become one: everything that points to one points to the other.

Each app says of each of its relations what a merge does with it (`on_merge`). What the other has
already stays behind where only one can be, with the record that gives way: that record is kept, and
its history tells. No row that others hang on is ever deleted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst

from sscnet.changes.hanging import generic_keys, keys_to
from sscnet.changes.state import Change
from sscnet.changes.trial import trial
from sscnet.changes.versions import read_changes
from sscnet.core.i18n.labels import field_label
from sscnet.core.models import OldSlug, ProposedVersion, Source, Withdrawal
from sscnet.core.models import State as PublicationState
from sscnet.outbox import post
from sscnet.outbox.models import Message

from .models import Institution, User
from .profiles.fields import TEXTS, profile_of

LABEL = Institution._meta.label_lower


@dataclass
class Merged:
    """What a merge does, counted by what it is called."""

    by: User | None = None
    moved: Counter = field(default_factory=Counter)
    doubled: Counter = field(default_factory=Counter)
    left: Counter = field(default_factory=Counter)
    # The rows left behind that are no log.
    left_rows: list[models.Model] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    # What an app says of it in sentences: a heading, and the lines below.
    place_lines: list[tuple[str, list[str]]] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)


class MergeRefused(Exception):
    """Nothing was merged; the message says why."""


# ------------------------------------------------------------------ what becomes of each relation


class MergeRule(Enum):
    # To the other record. What a constraint or trigger refuses there stays behind.
    MOVES = auto()
    # As `MOVES`; a row that says the same as one of the other record goes. Nothing hangs on it.
    ONCE = auto()
    # A log, or what was decided or frozen: it tells of the record that gives way.
    STAYS = auto()


type Handler = Callable[[Institution, Institution, Merged], None]
ANSWERS: dict[str, MergeRule | Handler] = {}


def on_merge(answer: MergeRule | Handler, *names: str) -> None:
    """Say what a merge does with these relations: app.Model.field.

    A handler is called once for all its relations, after the rows of the others were moved.
    """
    ANSWERS.update(dict.fromkeys(names, answer))


def name_of(key) -> str:
    return f"{key.model._meta.label}.{key.name}"


# ------------------------------------------------------------------ merging


def preview(winner: Institution, loser: Institution, by: User | None = None) -> Merged:
    """Return what `merge` would do, by doing it and taking it back; no mail leaves."""
    # What is tried changes neither of those given.
    copies = Institution.objects.in_bulk([winner.pk, loser.pk])
    with trial(), post.collecting() as mails:
        merged = merge(copies[winner.pk], copies[loser.pk], by)
    merged.mails = mails
    return merged


@transaction.atomic
def merge(winner: Institution, loser: Institution, by: User | None = None) -> Merged:
    """Merge one record into another; both addresses lead to the winner from now on.

    Raise MergeRefused where it is not possible at the moment.
    """
    if winner.pk == loser.pk:
        raise ValueError("An institution is not merged into itself.")
    # In the order of their keys, so that two merges at once wait and do not block each other. Weak,
    # so that who registers for a meeting may point to them meanwhile.
    both = Institution.objects.filter(pk__in=[winner.pk, loser.pk])
    list(both.select_for_update(no_key=True).order_by("pk"))
    merged = Merged(by)
    drafting = winner if winner.open_proposal else loser
    profile = profile_of(drafting)
    for key in keys_to(Institution):
        move_rows(key, winner, loser, merged)
    kind = ContentType.objects.get_for_model(Institution)
    for key in generic_keys():
        if ANSWERS[name_of(key)] is MergeRule.MOVES:
            of_loser = {key.ct_field: kind, key.fk_field: loser.pk}
            key.model._base_manager.filter(**of_loser).update(**{key.fk_field: winner.pk})
    for handler in dict.fromkeys(filter(callable, ANSWERS.values())):
        handler(winner, loser, merged)
    fill_gaps(winner, loser, merged)
    keep_names(winner, loser)
    keep_in_draft(winner, profile)
    retire(loser, winner)
    return merged


def move_rows(key: models.ForeignKey, winner, loser, merged: Merged) -> None:
    answer, rows = ANSWERS[name_of(key)], key.model._base_manager.filter(**{key.name: loser})
    name = capfirst(str(key.model._meta.verbose_name_plural))
    if answer is MergeRule.STAYS:
        merged.left += Counter({name: rows.count()})
    elif isinstance(answer, MergeRule):
        for row in rows:
            # What would point to itself stays.
            if row != winner:
                result = move(row, key, winner, is_once=answer is MergeRule.ONCE)
                getattr(merged, result)[name] += 1
                merged.left_rows += [row] if result == "left" else []


def move(row: models.Model, key: models.ForeignKey, winner: Institution, *, is_once: bool) -> str:
    """Return what became of a row, by the name that `Merged` has for it."""
    rows = key.model._base_manager.filter(pk=row.pk)
    if is_once and is_there(row, key, winner):
        rows.delete()
        return "doubled"
    try:
        with transaction.atomic():
            rows.update(**{key.name: winner})
    except IntegrityError:
        return "left"
    return "moved"


def is_there(row: models.Model, key: models.ForeignKey, winner: Institution) -> bool:
    """Return whether the winner has a row with the same in every column."""
    columns = [column for column in row._meta.concrete_fields if not column.primary_key]
    values = {column.attname: getattr(row, column.attname) for column in columns}
    values |= {key.attname: winner.pk}
    rows = type(row)._base_manager.all()
    for name, value in values.items():
        rows = rows.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    return rows.exists()


# ------------------------------------------------------------------ keys kept as plain values


def move_numbers(winner: Institution, loser: Institution, merged: Merged) -> None:
    replaced = Withdrawal.objects.filter(model=LABEL, replacement_key=loser.pk)
    replaced.update(replacement_key=winner.pk)


def move_versions(winner: Institution, loser: Institution, merged: Merged) -> None:
    """Let what waits, of whatever record, mean the winner; what was decided tells of the loser."""
    states = [ProposedVersion.State.WAITING, ProposedVersion.State.RETURNED]
    for version in ProposedVersion.objects.filter(state__in=states).select_for_update():
        if version.record == loser:
            version.record = winner
            merged.moved[capfirst(str(version._meta.verbose_name_plural))] += 1
        version.changes = [
            moved_change(change, winner, loser).stored() for change in read_changes(version)
        ]
        version.save(update_fields=["object_id", "changes"])


def moved_change(change: Change, winner: Institution, loser: Institution) -> Change:
    """Return a change with the winner's key wherever it has the loser's."""
    model = change.model
    keys = {f.attname: winner.pk for f in model._meta.fields if f.related_model is Institution}
    if model is Source:
        keys["object_id"] = str(winner.pk)

    def moved(name, value):
        return keys[name] if name in keys and str(value) == str(loser.pk) else value

    def moved_side(value):
        if change.field:
            return moved(change.field, value)
        if value and is_of_institution(model, value):
            return {name: moved(name, one) for name, one in value.items()}
        return value

    is_own = model is Institution and change.key == str(loser.pk)
    key = str(winner.pk) if is_own else change.key
    return replace(
        change, key=key, before=moved_side(change.before), after=moved_side(change.after)
    )


def is_of_institution(model: type[models.Model], values: dict) -> bool:
    kind = ContentType.objects.get_for_model(Institution)
    return model is not Source or values["content_type_id"] == kind.pk


# ------------------------------------------------------------------ the two records themselves


def keep_names(winner: Institution, loser: Institution) -> None:
    """Keep the official names of the record that gives way, so that it is still found by them."""
    for name in (loser.name, loser.name_zh_hans):
        if name and name not in (winner.name, winner.name_zh_hans):
            winner.names.get_or_create(name=name)


def keep_in_draft(winner: Institution, profile: dict) -> None:
    """Let the draft of a profile keep what came to the record: its lists are written as a whole.

    `profile` is that of the record for which the draft was written.
    """
    if draft := winner.open_proposal:
        now = profile_of(winner)
        for name, values in draft.values.items():
            if isinstance(values, list):
                new = [one for one in now[name] if one not in [*profile[name], *values]]
                draft.values[name] = values + new
        draft.save(update_fields=["values"])


def fill_gaps(winner: Institution, loser: Institution, merged: Merged) -> None:
    for name in TEXTS:
        if not getattr(winner, name) and (value := getattr(loser, name)):
            setattr(winner, name, value)
            merged.filled.append(capfirst(str(field_label(Institution._meta.get_field(name)))))
    if winner.successor_id == loser.pk:
        winner.successor = None
    winner.save()


def retire(loser: Institution, winner: Institution) -> None:
    """Take the record from the public; a trigger keeps its address, which then leads on."""
    loser.merged_into = winner
    loser.slug = f"merged-{loser.pk}"
    if loser.state == PublicationState.PUBLISHED:
        loser.state = PublicationState.WITHDRAWN
    loser.save()
    OldSlug.objects.filter(model=LABEL, object_id=loser.pk).update(object_id=winner.pk)


on_merge(
    MergeRule.MOVES,
    *("members.Institution.successor", "members.Institution.merged_into"),
    *("members.Service.institution", "members.RosterEntry.institution"),
    *("members.Affiliation.institution", "members.Invitation.institution"),
    *("members.Logo.institution", "members.ProfileProposal.institution"),
    *("core.Source.record", "outbox.Message.about"),
    "members.ProfileProposal.values",  # `keep_in_draft`
)
on_merge(
    MergeRule.ONCE,
    *("members.InstitutionName.institution", "members.InstitutionSector.institution"),
    "members.Membership.institution",
)
on_merge(move_numbers, "core.Withdrawal.replacement_key")
on_merge(move_versions, "core.ProposedVersion.record", "core.ProposedVersion.changes")
