"""Writing what the files state, field by field, never over what staff changed.

Beside each record the value last loaded is kept (`core.LoadedValue`). A field that still holds
it may be updated; a field that holds something else belongs to staff: it is left, and named.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from sscnet.core.models import LoadedValue, PublicRecord, State

from .files import CsvRow


@dataclass(frozen=True)
class LoadedLinks:
    """Rows that hang on a record, such as its countries, loaded and compared as one value.

    `columns` are the columns of a link row, `key` those that tell one row of a record from another.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def read(self, record: models.Model) -> list[dict]:
        rows = sorted(getattr(record, self.name).all(), key=lambda row: row.pk)
        return [self.as_values(row) for row in rows]

    def write(self, record: models.Model, values: list[dict]) -> None:
        """Make the link rows those of `values`; raise ValidationError for one that cannot be."""
        present = {
            self.key_of(self.as_values(row)): row for row in getattr(record, self.name).all()
        }
        wanted = {self.key_of(value): value for value in values}
        for key in present.keys() - wanted.keys():
            present[key].delete()
        for key, value in wanted.items():
            row = present.get(key) or self.new_row(record)
            if row.pk is None or self.as_values(row) != value:
                for column, text in value.items():
                    setattr(row, column, text)
                row.full_clean()
                row.save()

    def new_row(self, record: models.Model) -> models.Model:
        relation = record._meta.get_field(self.name)
        if isinstance(relation, GenericRelation):
            return relation.related_model(record=record)
        return relation.related_model(**{relation.field.name: record})

    def as_values(self, row: models.Model) -> dict:
        values = {column: getattr(row, column) for column in self.columns}
        return {column: "" if value is None else value for column, value in values.items()}

    def key_of(self, value: dict) -> tuple:
        return tuple(value[column] for column in self.key)


SOURCES = LoadedLinks(
    "sources", ("name", "address", "supports"), ("name", "address", "supports", "confidence")
)


@dataclass
class Fact:
    """A record as one or two rows state it: its key in the files, and its values by field.

    `find` finds a record that is there already though it was not loaded, because staff entered it.
    """

    rows: tuple[CsvRow, ...]
    key: str
    values: dict[str, Any]
    links: dict[str, list[dict]] = field(default_factory=dict)
    find: dict[str, Any] = field(default_factory=dict)


@dataclass
class LoadingOutcome:
    """What a run did: how many records were new, changed and same, and what belongs to staff."""

    counts: dict[str, Counter] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


class Writer:
    """Write the facts about one model."""

    def __init__(
        self, model: type[models.Model], links: tuple[LoadedLinks, ...], outcome: LoadingOutcome
    ):
        self.model = model
        self.links = {link.name: link for link in links}
        self.outcome = outcome
        self.counts = outcome.counts.setdefault(str(model._meta.verbose_name_plural), Counter())
        loaded = LoadedValue.objects.filter(model=model._meta.label_lower)
        self.loaded = {value.key: value for value in loaded}
        records = model._base_manager.prefetch_related(*self.links)
        self.records = {str(record.pk): record for record in records}

    def write(self, fact: Fact) -> models.Model | None:
        """Write one fact; give its record, or None when staff deleted it or a row has a problem."""
        if any(row.has_problem for row in fact.rows):
            return None
        loaded = self.loaded.get(fact.key)
        if loaded is None:
            return self.begin(fact)
        if loaded.object_id not in self.records:
            self.outcome.left.append(
                f"{self.model._meta.verbose_name} {fact.key}: deleted by staff"
            )
            return None
        return self.update(self.records[loaded.object_id], fact, loaded)

    def begin(self, fact: Fact) -> models.Model | None:
        """Write a fact for the first time."""
        found = self.model._base_manager.filter(**fact.find).first() if fact.find else None
        loaded = LoadedValue(model=self.model._meta.label_lower, key=fact.key)
        if found is not None:
            return self.update(found, fact, loaded)
        record = self.model()
        for name, value in fact.values.items():
            set_field(record, name, value)
        if not self.save(record, fact, [*fact.values, *fact.links]):
            return None
        self.counts["new"] += 1
        self.remember(loaded, record, fact, {})
        return record

    def update(self, record: models.Model, fact: Fact, loaded: LoadedValue) -> models.Model | None:
        """Bring the fields that are still as loaded up to date; leave the others."""
        changed, kept = [], {}
        for name, value in (fact.values | fact.links).items():
            present = plain(self.read(record, name))
            if present == plain(value):
                continue
            is_new_and_empty = name not in loaded.values and not present
            if is_new_and_empty or present == loaded.values.get(name):
                changed.append(name)
            else:
                kept[name] = loaded.values.get(name)
                self.outcome.left.append(self.describe(record, name, present))
        if changed and not self.apply(record, fact, changed):
            return None
        self.counts["changed" if changed else "same"] += 1
        self.remember(loaded, record, fact, kept)
        return record

    def apply(self, record: models.Model, fact: Fact, changed: list[str]) -> bool:
        for name in changed:
            if name in fact.values:
                set_field(record, name, fact.values[name])
        return self.save(record, fact, changed)

    def save(self, record: models.Model, fact: Fact, changed: list[str]) -> bool:
        """Save the record and the links that changed; note what validation refuses as problems."""
        try:
            record.full_clean()
            if any(name in fact.values for name in changed):
                record.save()
            for name in changed:
                if name in fact.links:
                    self.links[name].write(record, fact.links[name])
        except ValidationError as error:
            for column, messages in error.message_dict.items():
                value = str(fact.values.get(column, fact.key))
                fact.rows[0].problem(column, " ".join(messages), value)
            return False
        return True

    def read(self, record: models.Model, name: str):
        if name in self.links:
            return self.links[name].read(record)
        return getattr(record, self.model._meta.get_field(name).attname)

    def remember(self, loaded: LoadedValue, record: models.Model, fact: Fact, kept: dict) -> None:
        """Keep what was loaded; of a field left to staff keep what was loaded before."""
        values = plain(fact.values | fact.links | kept)
        object_id = str(record.pk)
        if (loaded.values, loaded.object_id) != (values, object_id):
            loaded.values, loaded.object_id = values, object_id
            loaded.save()

    def describe(self, record: models.Model, name: str, present) -> str:
        label = self.model._meta.verbose_name
        return (
            f"{label} {record}: {name} is staff's own ({json.dumps(present, ensure_ascii=False)})"
        )


def set_field(record: models.Model, name: str, value) -> None:
    """Set a field by its value, its key for a foreign key; publishing sets its moment as well."""
    setattr(record, record._meta.get_field(name).attname, value)
    if name == "state" and value == State.PUBLISHED and isinstance(record, PublicRecord):
        record.published_at = record.published_at or timezone.now()


def plain(value):
    """Give the value as JSON keeps it: link rows in one order, amounts without idle zeros."""
    if isinstance(value, list):
        return sorted((plain(part) for part in value), key=json.dumps)
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    if value == "" or value is None:
        return ""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
