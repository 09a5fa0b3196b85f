"""Values of events, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from pghistory.models import Context

from ..i18n.labels import field_label, is_translation, translated_fields
from ..i18n.texts import comma_separated
from .context import USER, VERSION_AUTHOR
from .events import foreign_keys, last_of_each_row, row_after, tracked_models
from .sentences import Sentence, marked, sentence

# Fields that say nothing to a reader: keys, and what the portal works out itself.
SILENT = {
    *("id", "created_at", "uploaded_at", "size", "width", "height", "content_type", "object_id"),
    # What an institution proposes stands beside what is there on a page of its own.
    *("values", "version"),
}
# Fields whose value needs no label beside it: Viet Nam (participating).
SPEAK_FOR_THEMSELVES = {"role", "kind", "place", "state"}
EMPTY = (None, "", [], {})


def values_of(event: models.Model) -> dict[str, Any]:
    """Return the values of an event by field, each translation as a field of its own."""
    model = event.pgh_tracked_model
    both = translated_fields(model)
    values = {}
    for column in event._meta.concrete_fields:
        if column.name.startswith("pgh_") or column.name == "i18n":
            continue
        values[column.name] = getattr(event, column.attname)
        if column.name in both:
            values |= translations_of(event, column.name)
    return values


def translations_of(event: models.Model, name: str) -> dict[str, Any]:
    virtual = (f for f in event.pgh_tracked_model._meta.private_fields if is_translation(f))
    stored = event.i18n or {}
    return {
        f.name: stored.get(f.name)
        for f in virtual
        if f.original_name == name and f.language != "en"
    }


def changed_fields(event: models.Model, previous: models.Model | None) -> set[str]:
    """Name the fields that differ; an empty text and no text are the same."""
    after = values_of(event)
    if previous is None:
        return set(after)
    before = values_of(previous)
    return {name for name in after if plain(after[name]) != plain(before[name])}


def plain(value: Any) -> Any:
    return None if value in EMPTY else value


def shown_values(event: models.Model, names: "Names") -> Iterator[tuple[str, str]]:
    """Return label and value of each field that says something."""
    model = event.pgh_tracked_model
    for name, value in values_of(event).items():
        text = "" if name in SILENT or value is False else names.shower(model, name)(value)
        if text:
            yield capfirst(str(field_label(model._meta.get_field(name)))), text


class Names:
    """What the rows are called that events point to, read beforehand, a query or two a model."""

    def __init__(self, steps: Iterable, contexts: Iterable[Context]):
        keys = defaultdict(set)
        for event in (e for step in steps for e in (step.event, step.previous) if e):
            for column in foreign_keys(event):
                keys[column.related_model].add(getattr(event, column.attname))
        for noted in (context.metadata for context in contexts):
            keys[get_user_model()] |= {noted.get(USER), noted.get(VERSION_AUTHOR)}
        self.rows = {model: self.read(model, pks - {None}) for model, pks in keys.items()}

    def read(self, model: type[models.Model], keys: set) -> dict[Any, models.Model]:
        keys = {model._meta.pk.to_python(key) for key in keys}
        rows = model._base_manager.in_bulk(keys)
        gone = keys - rows.keys()
        if gone and model in tracked_models():
            events = tracked_models()[model].objects.filter(pgh_obj_id__in=gone)
            rows |= {event.pgh_obj_id: row_after(event) for event in last_of_each_row(events)}
        return rows

    def of(self, model: type[models.Model], key: Any) -> str:
        row = self.rows.get(model, {}).get(model._meta.pk.to_python(key))
        return str(row) if row else gettext("no longer available (%(key)s)") % {"key": key}

    def identity(self, event: models.Model) -> str:
        return str(row_after(event, self.rows))

    def describe(self, event: models.Model, without: str | None) -> Sentence:
        """Name a row, with what else it says in brackets: Viet Nam (participating)."""
        identity = self.identity(event)
        name = marked("name", identity)
        details = comma_separated(self.details(event, identity, without))
        if not details:
            return name
        return sentence(gettext("{name} ({details})"), name=name, details=details)

    def details(self, event, identity: str, without: str | None) -> Iterator[str]:
        model = event.pgh_tracked_model
        for name, value in values_of(event).items():
            column = model._meta.get_field(name)
            text = "" if name in SILENT or value is False else self.shower(model, name)(value)
            if not text or text in identity or getattr(column, "attname", name) == without:
                continue
            if name in SPEAK_FOR_THEMSELVES:
                yield text
            else:
                label = str(field_label(column))
                yield gettext("%(field)s: %(value)s") % {"field": label, "value": text}

    def shower(self, model: type[models.Model], name: str):
        """Return the function that writes a value of this field as a reader would."""
        column = model._meta.get_field(name)
        return lambda value: "" if value in EMPTY else self.show(column, value)

    def show(self, column: models.Field, value: Any) -> str:
        if column.is_relation:
            return self.of(column.related_model, value)
        if isinstance(value, list):
            choices = dict(column.base_field.flatchoices)
            return comma_separated(choices.get(item, item) for item in value)
        if column.flatchoices:
            return str(dict(column.flatchoices).get(value, value))
        return as_text(value)


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return number_format(value, force_grouping=True)
    return str(value)
