"""The records that the search over everything shows: a few of many kinds, by one statement."""

import json
from functools import cache

from django.db.models import Model

from sscnet.codelists.aliases import names_besides
from sscnet.core.database.sql import fetch
from sscnet.core.i18n.labels import each_language
from sscnet.search.text.words import tokens

# What a record is called, and what is shown beside that; those that a model lacks are left out.
COLUMNS = ("slug", "name", "title", "city", "i18n")
OTHER_NAMES = """ARRAY(
    SELECT name FROM members_institutionname WHERE institution_id = members_institution.id
)"""


def read_records(wanted: dict[str, tuple[type[Model], list]]) -> dict[str, list[Model]]:
    """Read the records with these keys, in their order; other fields than these stay empty."""
    asked = {kind: (model, keys) for kind, (model, keys) in wanted.items() if keys}
    found = {}
    if asked:
        sql = " UNION ALL ".join(select(kind, model) for kind, (model, _keys) in asked.items())
        for kind, key, others, *values in fetch(sql, [keys for _model, keys in asked.values()]):
            record = record_of(asked[kind][0], key, values)
            record.names_besides = [*others, *names_besides(record)]
            found[kind, record.pk] = record
    return {
        kind: [found[kind, key] for key in keys if (kind, key) in found]
        for kind, (_model, keys) in wanted.items()
    }


@cache
def select(kind: str, model: type[Model]) -> str:
    has = {field.name for field in model._meta.concrete_fields}
    columns = ", ".join(f"{name}::text" if name in has else "NULL" for name in COLUMNS)
    others = OTHER_NAMES if kind == "institution" else "'{}'::text[]"
    pk = model._meta.pk.column
    return (
        f"SELECT '{kind}', {pk}::text, {others}, {columns} "  # noqa: S608
        f"FROM {model._meta.db_table} WHERE {pk} = ANY (%s)"
    )


def record_of(model: type[Model], key: str, values: list) -> Model:
    given = {name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None}
    given["i18n"] = json.loads(given["i18n"]) if "i18n" in given else None
    return model(pk=model._meta.pk.to_python(key), **given)


def is_named(text: str, record: Model) -> bool:
    """Return whether the text is a whole name of the record, in whatever language and case."""
    field = "title" if hasattr(record, "title") else "name"
    names = [getattr(record, name) for name in each_language(field)]
    return in_words(text) in {in_words(name) for name in [*names, *record.names_besides] if name}


def in_words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))
