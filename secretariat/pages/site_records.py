"""The records that the search over everything shows: a few of many kinds, by one statement."""

import json
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, Value
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.aliases import names_besides
from sscnet.core.database.sql import ANY_ID, IsAmong, Statement, fetch, for_ids
from sscnet.core.i18n.labels import each_language
from sscnet.core.pages.statements import record_of, row, rows_of
from sscnet.search.text.words import tokens

# What a record is called, its address, and what is shown beside that; of each model what it has.
NAMED = ("slug", "kind", "name", "title", "code", "city", "sign", "capacity", "i18n")
NAMED += ("year", "year_approved")
# Texts of which a search shows where it found the words, in this order.
TEXTS = {
    "theme": _("Theme"),
    "summary": _("In short"),
    "description": _("In short"),
    "text": _("In short"),
    "outcome": _("What came of it"),
    "challenge": _("The challenge"),
    "approach": _("Towards a solution"),
}


def read_records(wanted: dict[str, tuple[type[Model], list]]) -> dict[str, list[Model]]:
    """Read the records with these keys, in their order; what is not shown is left to be loaded."""
    asked = {kind: (model, keys) for kind, (model, keys) in wanted.items() if keys}
    found = {}
    if asked:
        each = [for_ids(statement(kind, model), keys) for kind, (model, keys) in asked.items()]
        params = [param for _sql, params in each for param in params]
        for kind, values in fetch(" UNION ALL ".join(sql for sql, _params in each), params):
            record = record_of(asked[kind][0], json.loads(values))
            others = [one.name for one in record.rows_read.get("names", ())]
            record.names_besides = [*others, *names_besides(record)]
            found[kind, record.pk] = record
    return {
        kind: [found[kind, key] for key in keys if (kind, key) in found]
        for kind, (_model, keys) in wanted.items()
    }


@cache
def statement(kind: str, model: type[Model]) -> Statement:
    """Write once what is read of a kind: the kind, and its fields as JSON."""
    has = {field.name for field in model._meta.concrete_fields}
    fields = (model._meta.pk.name, *(name for name in (*NAMED, *TEXTS) if name in has))
    others = {}
    if kind == "institution":
        others["names"] = ArraySubquery(rows_of(model, "names").values_list(row("name")))
        services = rows_of(model, "services").order_by("pk")
        others["services"] = ArraySubquery(
            services.values_list(row("title", "description", "i18n"))
        )
    rows = model._base_manager.order_by().filter(IsAmong(F("pk"), Value([ANY_ID])))
    return rows.values_list(Value(kind), row(*fields, **others)).query.sql_with_params()


def is_named(text: str, record: Model) -> bool:
    """Return whether the text is a whole name of the record, in whatever language and case."""
    field = "title" if hasattr(record, "title") else "name"
    names = [getattr(record, name) for name in each_language(field)]
    return in_words(text) in {in_words(name) for name in [*names, *record.names_besides] if name}


def in_words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))
