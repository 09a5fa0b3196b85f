"""A record with the parts that its page shows, read by one statement that is written once.

Parts are records of their own kinds, so that they know their words and addresses; they hold what
the page shows of them and are never saved.
"""

import json
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Model, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from ..database.sql import Statement
from ..models import PublicRecord, PublicRecordQuerySet, Source

# Stands in the statement for the slug that it is run with.
ANY_SLUG = "any slug"
PREFIX = "of_page_"

type Parts = dict[str, list[Model]]


# ---------------------------------------------------------------- what is read


def statement_with(records: PublicRecordQuerySet, rows: dict[str, QuerySet]) -> Statement:
    """Write the statement that reads one of these records by its slug, with rows of its parts."""
    parts = {PREFIX + name: ArraySubquery(those) for name, those in rows.items()}
    return records.for_slug(ANY_SLUG).order_by().annotate(**parts).query.sql_with_params()


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
    return sources.values_list(row("name", "address", "supports", "confidence", "read_on", "i18n"))


def row(*fields: str, **linked) -> JSONObject:
    return JSONObject(**{field: field for field in fields}, **linked)


def linked(path: str, *fields: str) -> JSONObject:
    """Return the fields read of a record at the end of a link: its name in all languages."""
    return JSONObject(**{field: f"{path}__{field}" for field in (*fields, "name", "i18n")})


# ---------------------------------------------------------------- what is made of it


def kinds_of(model: type[Model], names: Iterable[str]) -> dict[str, type[Model]]:
    """Return the kinds of parts that are called as the links that lead to them."""
    return {name: model._meta.get_field(name).related_model for name in names}


def read_with[M: PublicRecord](
    model: type[M], statement: Statement, kinds: dict[str, type[Model]], slug: str
) -> tuple[M, Parts] | None:
    """Return the record that has this slug or had it before, and its parts by their names."""
    sql, params = statement
    params = [slug if param == ANY_SLUG else param for param in params]
    for record in model.objects.raw(sql, params):
        return record, {name: records(kinds[name], record, name) for name in kinds}
    return None


def records(kind: type[Model], record: Model, name: str) -> list[Model]:
    return [record_of(kind, json.loads(values)) for values in getattr(record, PREFIX + name)]


def record_of(model: type[Model], values: dict) -> Model:
    """Return a record made of the values read, with its related records.

    A value that is no field becomes an attribute, as an annotation does. Fields that were not read
    are deferred: that costs less than their defaults, and nobody takes a default for a value.
    """
    own, related, several, annotations = {model._meta.pk.attname: None}, {}, {}, {}
    for name, value in values.items():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            annotations[name] = value
            continue
        if not field.is_relation:
            own[name] = field.to_python(value)
        elif isinstance(value, list):
            several[name] = [record_of(field.related_model, one) for one in value]
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
    if several:
        set_prefetched(record, several)
    return record


def fill(record: Model, parts: Parts) -> None:
    """Set the parts as the related objects of the links they are named after."""
    several = {}
    for name, those in parts.items():
        if record._meta.get_field(name).many_to_one:
            setattr(record, name, next(iter(those), None))
        else:
            several[name] = those
    set_prefetched(record, several)


def set_prefetched(record: Model, several: dict[str, Iterable[Model]]) -> None:
    """Give the record's managers of these names these records, as if prefetched."""
    held = record.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, those in several.items():
        held[name] = record._meta.get_field(name).related_model._base_manager.none()
        held[name]._result_cache = list(those)
        held[name]._prefetch_done = True
