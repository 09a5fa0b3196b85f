"""The state of a record and its parts as plain values, what differs between two, and writing it.

A change is a dictionary as JSON keeps it: the model and key of a row, a field with its value
before and after; without a field the whole row came (`before` is None) or went (`after` is None).
A row that came has its key already: the database gave it when the change was tried out, and gives
no key twice.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext

from ..forms.formsets import holds_for
from ..history import CHECKING, EMPTY, HistoryPart, last_of_each_row
from ..i18n.labels import is_translation, without_language
from ..models import Source

# Worked out from a file that is new.
OF_FILES = {"size", "width", "height"}

type RowKey = tuple[str, str]
type RowValues = dict[str, Any]
type RecordState = dict[RowKey, RowValues]
type RecordChange = dict[str, Any]


# ------------------------------------------------------------------ reading


def read_states(
    records: Iterable[models.Model], parts: Iterable[HistoryPart]
) -> dict[Any, RecordState]:
    """Return the states of records of one model as they are stored now, by their keys."""
    records = list(records)
    states = {record.pk: {} for record in records}
    for part in parts if records else ():
        model = part.model
        rows = rows_of_records(part, records).annotate(record_key=F(part.path))
        for stored in rows.order_by("pk").values():
            owner = type(records[0])._meta.pk.to_python(stored.pop("record_key"))
            row = model._meta.label_lower, str(stored[model._meta.pk.attname])
            states[owner][row] = values_of_row(model, stored)
    return states


def rows_of_records(part: HistoryPart, records: list[models.Model]) -> models.QuerySet:
    keys = [record.pk for record in records]
    rows = part.model._base_manager
    if part.model is Source:
        kind = ContentType.objects.get_for_model(records[0])
        return rows.filter(content_type=kind, object_id__in=map(str, keys))
    return rows.filter(**{f"{part.path}__in": keys})


def read_state_at(
    record: models.Model, parts: Iterable[HistoryPart], moment: datetime
) -> RecordState:
    """Return the state of a record as its history knows it of this moment."""
    state = {}
    for part in parts:
        events = part.events(record).filter(pgh_created_at__lte=moment)
        for event in last_of_each_row(events):
            if part.belongs(event, record):
                row = part.model._meta.label_lower, str(event.pgh_obj_id)
                state[row] = values_of_row(part.model, columns_of(event))
    return state


def columns_of(event: models.Model) -> RowValues:
    return {
        column.attname: getattr(event, column.attname)
        for column in event._meta.concrete_fields
        if not column.name.startswith("pgh_")
    }


def values_of_row(model: type[models.Model], stored: RowValues) -> RowValues:
    """Return the values of a row as JSON keeps them, each translation as a field of its own."""
    texts = stored.get("i18n") or {}
    values = {name: as_json(value) for name, value in stored.items() if name != "i18n"}
    return values | {name: texts.get(name) or "" for name in translations_of_model(model)}


def as_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, Decimal) or hasattr(value, "storage"):
        return str(value)
    return value


@cache
def translations_of_model(model: type[models.Model]) -> list[str]:
    """Name the fields that are kept in `i18n`: the texts in other languages."""
    found = (field for field in model._meta.private_fields if is_translation(field))
    return [field.name for field in found if field.language != settings.LANGUAGE_CODE]


# ------------------------------------------------------------------ what differs


@cache
def proposed_fields(model: type[models.Model]) -> list[str]:
    """Name the fields that somebody writes, in their order; the portal works out the others."""
    own = [
        field.attname
        for field in model._meta.concrete_fields
        if (field.editable or field.name in OF_FILES)
        and field.name not in CHECKING
        and field.name != "i18n"
        and not field.primary_key
    ]
    texts = translations_of_model(model)
    return sorted([*own, *texts], key=lambda name: place_of(own, name))


def place_of(own: list[str], name: str) -> tuple[int, str]:
    """Put a translation behind the field it translates."""
    return own.index(name if name in own else without_language(name)), name


def is_same(one: Any, other: Any) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


def differences(before: RecordState, after: RecordState) -> list[RecordChange]:
    return [change for row in before | after for change in row_changes(row, before, after)]


def row_changes(row: RowKey, before: RecordState, after: RecordState) -> Iterator[RecordChange]:
    old, new = before.get(row), after.get(row)
    if old is None or new is None:
        yield change_of(row, "", old, new)
        return
    for name in proposed_fields(apps.get_model(row[0])):
        if name in old and name in new and not is_same(old[name], new[name]):
            yield change_of(row, name, old[name], new[name])


def change_of(row: RowKey, field: str, before: Any, after: Any) -> RecordChange:
    return {"model": row[0], "key": row[1], "field": field, "before": before, "after": after}


def try_out(
    records: Iterable[models.Model], parts: list[HistoryPart], store: Callable[[], None]
) -> dict[Any, list[RecordChange]]:
    """Return what `store` changes of each record, by its key; nothing of it stays stored."""
    before = read_states(records, parts)
    with transaction.atomic():
        store()
        after = read_states(records, parts)
        transaction.set_rollback(True)
    return {key: differences(before[key], after[key]) for key in before}


# ------------------------------------------------------------------ writing


def write(changes: list[RecordChange]) -> None:
    """Write changes, and let each row that is written be judged as a whole.

    To be called in a transaction; raise ValidationError where the records refuse them.
    """
    try:
        written = [*write_rows(changes)]
        connection.check_constraints()
    except (ProtectedError, RestrictedError):
        raise ValidationError(
            gettext("Other records refer to a row that would be deleted.")
        ) from None
    except IntegrityError as error:
        raise ValidationError(reason_of(error)) from error
    for row in written:
        row = type(row)._base_manager.get(pk=row.pk)
        row.full_clean(exclude=in_another_language(row))


def in_another_language(row: models.Model) -> set[str]:
    """Name the empty texts that another language has: an institution may give either."""
    filled = {without_language(n) for n in translations_of_model(type(row)) if getattr(row, n)}
    return {name for name in filled if not getattr(row, name)}


def write_rows(changes: list[RecordChange]) -> Iterator[models.Model]:
    """Write what goes, what changes and what comes, so that each makes room for the next."""
    for change in changes:
        if change["after"] is None:
            model_of(change)._base_manager.filter(pk=change["key"]).delete()
    for row in sorted(changed_rows(changes), key=claims):
        row.save()
        yield row
    for change in changes:
        if not change["field"] and change["before"] is None:
            row = filled_in(model_of(change)(), change["after"])
            row.save(force_insert=True)
            yield row


def changed_rows(changes: list[RecordChange]) -> list[models.Model]:
    rows = {}
    for change in (change for change in changes if change["field"]):
        place = change["model"], change["key"]
        if place not in rows:
            rows[place] = model_of(change)._base_manager.filter(pk=change["key"]).first()
        if rows[place] is None:
            raise ValidationError(gettext("A row that would change is no longer there."))
        filled_in(rows[place], {change["field"]: change["after"]})
    return list(rows.values())


def filled_in(row: models.Model, values: RowValues) -> models.Model:
    columns = {field.attname: field for field in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, columns[name].to_python(value) if name in columns else value)
    return row


def model_of(change: RecordChange) -> type[models.Model]:
    return apps.get_model(change["model"])


def claims(row: models.Model) -> bool:
    """Return whether the row claims what one row may have at a time: it is written last."""
    unique = (c for c in row._meta.constraints if isinstance(c, models.UniqueConstraint))
    return any(constraint.condition and holds_for(constraint, row) for constraint in unique)


def reason_of(error: DatabaseError) -> str:
    """Return the message of the constraint that was broken."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == broken:
                return str(constraint.get_violation_error_message())
    return gettext("Another record or row already has this.")
