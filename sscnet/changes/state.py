"""A record and its rows as plain values, what differs between two such states, and writing that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models
from django.db.models import F
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext

from sscnet.core.forms.formsets import holds_for
from sscnet.core.i18n.labels import is_translation, without_language
from sscnet.core.models import Source

from .parts import Part, columns_of, events_at

EMPTY = (None, "", [], {})
# Columns changed by looking a record over, not by writing it.
CHECKING = {
    "state",
    "published_at",
    "withdrawn_at",
    "classification_confirmed_on",
    "classification_confirmed_by_id",
    "profile_confirmed_on",
    "profile_confirmed_by_id",
}
# Worked out from a file that is new.
OF_FILES = {"size", "width", "height"}

# The values of a row as JSON keeps them, by column; each translation is a column of its own.
type Values = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What differs in a row: a column with its value before and after.

    Without a field the whole row came (`before` is None) or went (`after` is None). A row that came
    has its key already: the database gave it in the trial, and gives no key twice.
    """

    model: type[models.Model]
    key: str
    field: str
    before: Any
    after: Any
    # The row that a change of a field is named by.
    row: Values | None = None
    # What is stored when somebody decides on it, whether that is so already, whoever did it, and
    # whether it is something else than what the change was made from.
    now: Any = None
    is_done: bool = False
    is_clash: bool = False

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Change":
        return cls(**stored | {"model": apps.get_model(stored["model"])})

    @property
    def place(self) -> tuple[type[models.Model], str]:
        return self.model, self.key

    def stored(self) -> dict[str, Any]:
        """Return it as a version keeps it."""
        kept = {name: getattr(self, name) for name in ("key", "field", "before", "after")}
        return {"model": self.model._meta.label_lower, **kept}


@dataclass(frozen=True)
class RecordState:
    """The rows of a record in these parts, by model and key."""

    parts: list[Part]
    # Not shown in tracebacks.
    rows: dict[tuple[type[models.Model], str], Values] = field(repr=False)

    @classmethod
    def of(cls, record: models.Model, parts: list[Part]) -> "RecordState":
        """Return the state of a record as it is stored now."""
        return cls.of_each([record], parts)[record.pk] if record.pk else cls(parts, {})

    @classmethod
    def of_each(
        cls, records: Iterable[models.Model], parts: list[Part]
    ) -> dict[Any, "RecordState"]:
        """Return the states of records of one model, by their keys."""
        records = list(records)
        states = {record.pk: cls(parts, {}) for record in records}
        for part in parts if records else ():
            model = part.model
            rows = rows_of_records(part, records).annotate(record_key=F(part.path))
            for stored in rows.order_by("pk").values():
                owner = type(records[0])._meta.pk.to_python(stored.pop("record_key"))
                key = str(stored[model._meta.pk.attname])
                states[owner].rows[model, key] = values_of_row(model, stored)
        return states

    @classmethod
    def at(cls, record: models.Model, parts: list[Part], moment: datetime) -> "RecordState":
        """Return the state of a record as its history knows it of this moment."""
        rows = {
            (part.model, str(event.pgh_obj_id)): values_of_event(event)
            for part in parts
            for event in events_at(part, record, pgh_created_at__lte=moment)
        }
        return cls(parts, rows)

    def changes_to(self, other: "RecordState") -> list[Change]:
        """Return what somebody would have to write to come from this state to the other."""
        return [
            change
            for model, key in self.rows | other.rows
            for change in changes_of_row(
                model,
                key,
                self.rows.get((model, key)),
                other.rows.get((model, key)),
                written_columns(model),
            )
        ]


def changes_of_row(
    model: type[models.Model],
    key: str,
    before: Values | None,
    after: Values | None,
    columns: Iterable[str],
) -> Iterator[Change]:
    if before is None or after is None:
        yield Change(model, key, "", before, after)
        return
    for name in columns:
        if name in before and name in after and not is_same(before[name], after[name]):
            yield Change(model, key, name, before[name], after[name], row=before)


def changes_of_event(
    part: Part, record: models.Model, event: models.Model, previous: models.Model | None
) -> Iterator[Change]:
    """Return what an event changed of the record; `previous` is the event before it of that row."""
    model, key = part.model, str(event.pgh_obj_id)
    if part.is_own and event.pgh_label == "delete":
        # It holds the row as it was.
        yield Change(model, key, "", values_of_event(event), None)
        return
    before, after = (
        values_of_event(one) if part.belongs(one, record) else None for one in (previous, event)
    )
    if before or after:
        yield from changes_of_row(model, key, before, after, columns_of_model(model))


def is_same(one: Any, other: Any) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


# ------------------------------------------------------------------ rows


def rows_of_records(part: Part, records: list[models.Model]) -> models.QuerySet:
    keys = [record.pk for record in records]
    rows = part.model._base_manager
    if part.model is Source:
        kind = ContentType.objects.get_for_model(records[0])
        return rows.filter(content_type=kind, object_id__in=map(str, keys))
    return rows.filter(**{f"{part.path}__in": keys})


def values_of_event(event: models.Model) -> Values:
    """Return a row as an event of the history holds it."""
    return values_of_row(event.pgh_tracked_model, columns_of(event))


def values_of_row(model: type[models.Model], stored: Values) -> Values:
    texts = stored.get("i18n") or {}
    values = {name: as_json(value) for name, value in stored.items() if name != "i18n"}
    return values | {name: texts.get(name) or "" for name in translations_of_model(model)}


def as_json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, Decimal) or hasattr(value, "storage"):
        return str(value)
    return value


def filled_in(row: models.Model, values: Values) -> models.Model:
    columns = {field.attname: field for field in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, columns[name].to_python(value) if name in columns else value)
    return row


# ------------------------------------------------------------------ columns


@cache
def translations_of_model(model: type[models.Model]) -> list[str]:
    """Name the fields that are kept in `i18n`: the texts in other languages."""
    found = (field for field in model._meta.private_fields if is_translation(field))
    return [field.name for field in found if field.language != settings.LANGUAGE_CODE]


@cache
def columns_of_model(model: type[models.Model]) -> list[str]:
    """Name all columns in their order, each translation behind the field that it translates."""
    own = [column.attname for column in model._meta.concrete_fields if column.name != "i18n"]

    def place_of(name):
        return own.index(name if name in own else without_language(name)), name

    return sorted([*own, *translations_of_model(model)], key=place_of)


@cache
def written_columns(model: type[models.Model]) -> list[str]:
    """Name the columns that somebody writes; the portal works out the others."""
    left_out = CHECKING | {
        column.attname
        for column in model._meta.concrete_fields
        if column.primary_key or not (column.editable or column.name in OF_FILES)
    }
    return [name for name in columns_of_model(model) if name not in left_out]


# ------------------------------------------------------------------ writing


def write_changes(changes: list[Change]) -> None:
    """Write changes, and let each row that is written be judged as a whole.

    To be called in a transaction; raise ValidationError where the records refuse them.
    """
    try:
        written = [*write_rows(changes)]
        # Deferred ones speak here, where their message can still be shown.
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


def write_rows(changes: list[Change]) -> Iterator[models.Model]:
    """Write what goes, what changes and what comes, so that each makes room for the next."""
    for change in changes:
        if not change.field and change.after is None:
            change.model._base_manager.filter(pk=change.key).delete()
    for row in sorted(changed_rows(changes), key=claims):
        row.save()
        yield row
    for change in changes:
        if not change.field and change.before is None:
            row = filled_in(change.model(), change.after)
            # Its key comes from the trial: saved as usual, it could overwrite a row that has it.
            row.save(force_insert=True)
            yield row


def changed_rows(changes: list[Change]) -> list[models.Model]:
    rows = {}
    for change in (change for change in changes if change.field):
        if change.place not in rows:
            rows[change.place] = change.model._base_manager.filter(pk=change.key).first()
        if rows[change.place] is None:
            raise ValidationError(gettext("A row that would change is no longer there."))
        filled_in(rows[change.place], {change.field: change.after})
    return list(rows.values())


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
