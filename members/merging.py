"""Two records of one institution become one: everything that points to one points to the other.

What the other has already in the very same way goes; what it has in another way, where only one can
be, stays behind with the record that gives way. That record is kept: its history tells.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, ProgrammingError, models, transaction
from django.utils.text import capfirst
from pghistory.models import Event

from sscnet.core.i18n.labels import field_label
from sscnet.core.models import LoadedValue, OldSlug, State, Withdrawal

from .models import Institution
from .profiles.fields import TEXTS

LABEL = Institution._meta.label_lower


@dataclass
class Merged:
    """What a merge does, counted by what it is called."""

    moved: Counter = field(default_factory=Counter)
    doubled: Counter = field(default_factory=Counter)
    left: Counter = field(default_factory=Counter)
    filled: list[str] = field(default_factory=list)


def preview(winner: Institution, loser: Institution) -> Merged:
    """Return what `merge` would do, by doing it and taking it back."""
    with transaction.atomic():
        merged = merge(copy(winner), copy(loser))
        transaction.set_rollback(True)
    return merged


def copy(institution: Institution) -> Institution:
    return Institution.objects.get(pk=institution.pk)


@transaction.atomic
def merge(winner: Institution, loser: Institution) -> Merged:
    """Merge one record into another; both addresses lead to the winner from now on."""
    if winner.pk == loser.pk:
        raise ValueError("An institution is not merged into itself.")
    # In the order of their keys, so that two merges at once wait and do not block each other.
    both = Institution.objects.filter(pk__in=[winner.pk, loser.pk])
    list(both.select_for_update().order_by("pk"))
    merged = Merged()
    for key in keys_to_institutions():
        for row in key.model._base_manager.filter(**{key.name: loser}):
            # What would point to itself stays.
            if row != winner:
                move(row, key, winner, merged)
    move_generic(winner, loser)
    fill_gaps(winner, loser, merged)
    keep_names(winner, loser)
    retire(loser, winner)
    return merged


# ------------------------------------------------------------------ rows that point to it


def keys_to_institutions() -> Iterator[models.ForeignKey]:
    """Return every foreign key to institutions, those without a way back too; not the history's."""
    for relation in Institution._meta.get_fields(include_hidden=True):
        key = getattr(relation, "field", None)
        if relation.auto_created and relation.one_to_many and not issubclass(key.model, Event):
            yield key


def move(row: models.Model, key: models.ForeignKey, winner: Institution, merged: Merged) -> None:
    name = capfirst(str(key.model._meta.verbose_name_plural))
    setattr(row, key.name, winner)
    is_double = is_there(row)
    rows = key.model._base_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.delete() if is_double else rows.update(**{key.name: winner})
    except (
        IntegrityError,
        ProgrammingError,
    ):  # Only one can be, or it is a log that never changes.
        merged.left[name] += 1
    else:
        (merged.doubled if is_double else merged.moved)[name] += 1


def is_there(row: models.Model) -> bool:
    """Return whether another row holds the same, moments and keys of rows aside."""
    rows = type(row)._base_manager.exclude(pk=row.pk)
    for column in row._meta.concrete_fields:
        if not column.primary_key and column.editable:
            value = getattr(row, column.attname)
            lookup = "__isnull" if value is None else ""
            rows = rows.filter(**{f"{column.attname}{lookup}": True if value is None else value})
    return rows.exists()


def move_generic(winner: Institution, loser: Institution) -> None:
    """Move what names its record by model and number: sources, mails, values loaded from files."""
    kind = ContentType.objects.get_for_model(Institution)
    for key in generic_keys():
        rows = key.model._base_manager.filter(**{key.ct_field: kind, key.fk_field: loser.pk})
        rows.update(**{key.fk_field: winner.pk})
    loaded = LoadedValue.objects.filter(model=LABEL, object_id=str(loser.pk))
    loaded.update(object_id=str(winner.pk))
    replaced = Withdrawal.objects.filter(model=LABEL, replacement_key=loser.pk)
    replaced.update(replacement_key=winner.pk)


def generic_keys() -> Iterator[GenericForeignKey]:
    for model in apps.get_models():
        for key in model._meta.private_fields:
            if isinstance(key, GenericForeignKey) and not issubclass(model, Event):
                yield key


# ------------------------------------------------------------------ the two records themselves


def keep_names(winner: Institution, loser: Institution) -> None:
    """Keep the official names of the record that gives way, so that it is still found by them."""
    for name in (loser.name, loser.name_zh_hans):
        if name and name not in (winner.name, winner.name_zh_hans):
            winner.names.get_or_create(name=name)


def fill_gaps(winner: Institution, loser: Institution, merged: Merged) -> None:
    for name in TEXTS:
        if not getattr(winner, name) and (value := getattr(loser, name)):
            setattr(winner, name, value)
            merged.filled.append(capfirst(str(field_label(Institution._meta.get_field(name)))))
    if winner.successor_id == loser.pk:
        winner.successor = None
    winner.working_languages = sorted({*winner.working_languages, *loser.working_languages})
    winner.save()


def retire(loser: Institution, winner: Institution) -> None:
    """Take the record from the public; a trigger keeps its address, which then leads on."""
    loser.merged_into = winner
    loser.slug = f"merged-{loser.pk}"
    if loser.state == State.PUBLISHED:
        loser.state = State.WITHDRAWN
    loser.save()
    OldSlug.objects.filter(model=LABEL, object_id=loser.pk).update(object_id=winner.pk)
