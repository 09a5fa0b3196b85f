"""Records with the rows that a page, list or card shows of them, read by one written statement.

A `RecordReader` is written once. What it reads of other kinds stands by name in `rows_read` of the
record, where `PublicRecord.rows` looks first. Records hold what is shown, and are never saved.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Model, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from ..database.sql import IsAmong
from ..models import PublicRecord, PublicRecordQuerySet, Source

# Stand in a statement for the id or the slug that it is run with.
ANY_ID = -1
ANY_SLUG = "any slug"
PREFIX = "of_page_"


@dataclass(frozen=True)
class RecordReader[M: PublicRecord]:
    """A statement that reads records, each with rows of other kinds by their names."""

    model: type[M]
    sql: str
    params: tuple
    kinds: dict[str, type[Model]]
    # Of these the links to one record, which are set as such.
    ones: set[str]

    @classmethod
    def of(cls, records: QuerySet[M], rows: dict[str, QuerySet]) -> "RecordReader[M]":
        """Write the statement that reads some of these records by their ids.

        Each of `rows` gives a JSON object a row; see `row`.
        """
        return cls.written(records.filter(IsAmong.ids([ANY_ID])), rows)

    @classmethod
    def by_slug(cls, records: PublicRecordQuerySet, rows: dict[str, QuerySet]) -> "RecordReader[M]":
        """Write the statement that reads the one that has a slug, or had it before."""
        return cls.written(records.for_slug(ANY_SLUG), rows)

    @classmethod
    def written(cls, records: QuerySet[M], rows: dict[str, QuerySet]) -> "RecordReader[M]":
        parts = {PREFIX + name: ArraySubquery(those) for name, those in rows.items()}
        statement = records.order_by().annotate(**parts).query.sql_with_params()
        kinds = {name: those.model for name, those in rows.items()}
        ones = {field.name for field in records.model._meta.fields if field.many_to_one}
        return cls(records.model, *statement, kinds, ones & kinds.keys())

    def of_slug(self, slug: str) -> M | None:
        return next(self.run(ANY_SLUG, slug), None)

    def of_ids(self, ids: list[int]) -> list[M]:
        """Return the records in the order of their ids."""
        found = {record.pk: record for record in self.run([ANY_ID], ids)} if ids else {}
        return [found[id] for id in ids if id in found]

    def run(self, asked, value) -> Iterator[M]:
        params = [value if param == asked else param for param in self.params]
        for record in self.model._base_manager.raw(self.sql, params):
            record.rows_read = {
                name: [record_of(kind, json.loads(one)) for one in getattr(record, PREFIX + name)]
                for name, kind in self.kinds.items()
            }
            for name in self.ones:
                setattr(record, name, next(iter(record.rows_read.pop(name)), None))
            yield record


# ---------------------------------------------------------------- what is read


def rows_of(model: type[Model], name: str, record: str = "pk") -> QuerySet:
    """Return the rows that this link of a model leads to, of the record that stands outside."""
    link = model._meta.get_field(name)
    return link.related_model.objects.filter(**{link.remote_field.name: OuterRef(record)})


def at_end_of(model: type[Model], name: str) -> QuerySet:
    """Return the record at the end of a link that may be empty."""
    target = model._meta.get_field(name).related_model
    return target._base_manager.order_by().filter(pk=OuterRef(name))


def sources_of(model: type[Model]) -> QuerySet:
    # By the name of the kind: its number may be another one in the next database.
    sources = Source.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return sources.values_list(
        row("name", "address", "fields", "how", "confidence", "read_on", "i18n")
    )


def row(*fields: str, **linked) -> JSONObject:
    return JSONObject(**{field: field for field in fields}, **linked)


def linked(path: str, *fields: str) -> JSONObject:
    """Return the fields read of a record at the end of a link: its name in all languages."""
    return JSONObject(**{field: f"{path}__{field}" for field in (*fields, "name", "i18n")})


# ---------------------------------------------------------------- what is made of it


def record_of(model: type[Model], values: dict) -> Model:
    """Return a record made of the values read, with its related records.

    A value that is no field becomes an attribute, as an annotation does; rows of a link stand in
    `rows_read`. Fields that were not read are deferred: that costs less than their defaults, and
    nobody takes a default for a value.
    """
    own, related, rows_read, annotations = {model._meta.pk.attname: None}, {}, {}, {}
    for name, value in values.items():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            annotations[name] = value
            continue
        if not field.is_relation:
            own[name] = field.to_python(value)
        elif isinstance(value, list):
            rows_read[name] = [record_of(field.related_model, one) for one in value]
        elif isinstance(value, dict):
            related[field] = one = record_of(field.related_model, value)
            own[field.attname] = getattr(one, field.target_field.attname)
        else:
            own[field.attname] = value
    names = [field.attname for field in model._meta.concrete_fields if field.attname in own]
    record = model.from_db(DEFAULT_DB_ALIAS, names, [own[name] for name in names])
    for field, one in related.items():
        field.set_cached_value(record, one)
    record.__dict__.update(annotations)
    record.rows_read = rows_read
    return record
