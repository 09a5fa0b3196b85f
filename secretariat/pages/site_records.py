"""The records that the search over everything shows: a few of many kinds."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.aliases import names_besides
from sscnet.core.i18n.labels import each_language
from sscnet.search.text.words import tokens

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
    """Read the records with these keys, in their order."""
    found = {}
    for kind, (model, keys) in wanted.items():
        records = model._base_manager.filter(pk__in=keys)
        if kind == "institution":
            records = records.prefetch_related("names", "services")
        by_key = {record.pk: record for record in records} if keys else {}
        found[kind] = [by_key[key] for key in keys if key in by_key]
    return found


def is_named(text: str, record: Model) -> bool:
    """Return whether the text is a whole name of the record, in whatever language and case."""
    names = [getattr(record, name) for name in each_language(title_field(record))]
    others = [one.name for one in record.names.all()] if hasattr(record, "names") else []
    every = (*names, *others, *names_besides(record))
    return in_words(text) in {in_words(name) for name in every if name}


def title_field(record: Model) -> str:
    return "title" if hasattr(record, "title") else "name"


def in_words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text))
