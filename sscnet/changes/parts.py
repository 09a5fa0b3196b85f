"""Which tables a record has parts in, how their rows are tied to it, and their events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Expression, F, OuterRef, Q, Subquery

from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import Source
from sscnet.core.personal_data import fields


@dataclass(frozen=True)
class Part:
    """The events of one model that belong to a record, and how they are tied to it.

    `key` names the foreign key to the record; None means the record's own events. `owner` is the
    part between, where a row hangs on a part of the record.
    """

    event: type[models.Model]
    key: str | None = None
    owner: "Part | None" = None

    @property
    def model(self) -> type[models.Model]:
        return self.event.pgh_tracked_model

    @property
    def is_own(self) -> bool:
        return self.key is None

    @property
    def path(self) -> str:
        """Return the way from a row to the key of the record, as look-ups write it."""
        if self.is_own:
            return "pk"
        if self.owner:
            return f"{self.key.removesuffix('_id')}__{self.owner.path}"
        return self.key

    def naming(self, model: type[models.Model], keys: Iterable) -> models.QuerySet:
        """Return the events that name these records of a model, or a row of the part between."""
        if self.is_own:
            tie = Q(pgh_obj_id__in=keys)
        elif self.model is Source:
            kind = ContentType.objects.get_for_model(model)
            tie = Q(content_type=kind, object_id__in=[str(key) for key in keys])
        elif self.owner:
            tie = Q((f"{self.key}__in", self.owner.naming(model, keys).values("pgh_obj_id")))
        else:
            tie = Q((f"{self.key}__in", keys))
        return self.event.objects.filter(tie)

    def events(self, record: models.Model) -> models.QuerySet:
        """Return all events of rows that are or ever were a part of the record.

        Those before a row came and after it went as well.
        """
        naming = self.naming(type(record), [record.pk])
        if self.is_own:
            return naming
        return self.event.objects.filter(pgh_obj_id__in=naming.values("pgh_obj_id"))

    def key_of_record(self) -> Expression:
        """Return the expression of the record's key in an event."""
        if self.owner:
            rows = self.owner.event.objects.filter(pgh_obj_id=OuterRef(self.key)).order_by()
            return Subquery(rows.values_list(self.owner.key_of_record())[:1])
        return F("pgh_obj_id" if self.is_own else self.key)

    def may_be_read_by(self, user) -> bool:
        columns = self.event._meta.concrete_fields
        return all(fields.may_see(user, self.model, column.name) for column in columns)

    def belongs(self, event: models.Model | None, record: models.Model) -> bool:
        """Return whether the row was a part of the record after this event."""
        if event is None or event.pgh_label == "delete":
            return False
        if self.is_own or self.owner:
            return True
        if self.model is Source:
            kind = ContentType.objects.get_for_model(record)
            return (event.content_type_id, event.object_id) == (kind.pk, str(record.pk))
        return getattr(event, self.key) == record.pk


@cache
def parts_of(model: type[models.Model]) -> list[Part]:
    """List where the history of a record of this model is kept, its own events first."""
    events = tracked_models()
    if model not in events:
        return []
    parts = [Part(events[model]), *cascading(model)]
    has_sources = any(isinstance(f, GenericRelation) for f in model._meta.private_fields)
    return [*parts, Part(events[Source], "object_id")] if has_sources else parts


def parts_in_form(model: type[models.Model], inlines: set[type[models.Model]]) -> list[Part]:
    """List what of a record's history its form can overwrite: its own fields and its inlines."""
    return [
        part
        for part in parts_of(model)
        if part.is_own or (part.owner is None and part.model in inlines)
    ]


def cascading(model: type[models.Model], owner: Part | None = None) -> Iterator[Part]:
    for tracked, event in tracked_models().items():
        for key in tracked._meta.fields:
            remote = key.remote_field
            if remote and remote.model is model and remote.on_delete is models.CASCADE:
                part = Part(event, key.attname, owner)
                yield part
                yield from cascading(tracked, part)


def events_at(part: Part, record: models.Model, **until) -> list[models.Model]:
    """Return of each row that was a part of the record its last event within these limits."""
    events = last_of_each_row(part.events(record).filter(**until))
    return [event for event in events if part.belongs(event, record)]


def last_of_each_row(events: models.QuerySet) -> models.QuerySet:
    return events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def row_after(event: models.Model) -> models.Model:
    """Build the row again as it was after an event."""
    return event.pgh_tracked_model(**columns_of(event))


def columns_of(event: models.Model) -> dict[str, Any]:
    """Return the row's own columns in an event, with their values."""
    return {
        column.attname: getattr(event, column.attname)
        for column in event._meta.concrete_fields
        if not column.name.startswith("pgh_")
    }
