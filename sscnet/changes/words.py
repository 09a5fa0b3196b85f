"""Changes in words: rows and values as a reader writes them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

from sscnet.core.database.triggers import tracked_models
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.labels import field_label, is_translation
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models.fields import PartialDateField
from sscnet.core.records.basis import names_of

from .context import USER, VERSION_AUTHOR
from .parts import last_of_each_row, row_after
from .state import EMPTY, Change, Values, columns_of_model, filled_in, translations_of_model

# Columns that say nothing to a reader: keys, and what the portal works out itself.
SILENT = {
    *("id", "created_at", "uploaded_at", "size", "width", "height", "content_type_id", "object_id"),
    # What an institution proposes stands beside what is there on a page of its own.
    *("values", "version_id"),
}
# Columns whose value needs no label beside it: Viet Nam (participating).
SPEAK_FOR_THEMSELVES = {"role", "kind", "place", "state"}


# ------------------------------------------------------------------ differences


@dataclass(frozen=True)
class Difference:
    """A change, or a field that somebody typed in, in words."""

    # Of which row of the record; empty for its own fields, and where the label says so.
    row: str
    label: str
    now: str
    after: str
    # Whether something else is stored now than what it was made from.
    is_clash: bool = False

    # Of a change in a version: what was stored when it was proposed, and how it stands.
    before: str = ""
    number: int = 0
    is_done: bool = False
    is_released: bool = False
    has_file: bool = False


class Words:
    """The words for changes; what they point to is read beforehand, a query or two a model.

    `owner` is the kind of record whose changes they are, `contexts` what was noted beside them.
    """

    def __init__(
        self,
        changes: Iterable[Change] = (),
        owner: type[models.Model] | None = None,
        contexts: Iterable[Context] = (),
    ):
        self.owner = owner
        keys = defaultdict(set)
        for change in changes:
            for column in foreign_keys(change.model):
                keys[column.related_model] |= {
                    row.get(column.attname) for row in self.rows_in(change)
                }
        for noted in (context.metadata for context in contexts):
            keys[get_user_model()] |= {noted.get(USER), noted.get(VERSION_AUTHOR)}
        self.rows = {model: self.read(model, pks - {None}) for model, pks in keys.items()}

    def rows_in(self, change: Change) -> Iterator[Values]:
        for value in (change.before, change.after, change.now):
            if change.field:
                yield {change.field: value}
            elif value:
                yield value
        if change.row and change.model is not self.owner:
            yield change.row

    def read(self, model: type[models.Model], keys: set) -> dict[Any, models.Model]:
        keys = {model._meta.pk.to_python(key) for key in keys}
        rows = model._base_manager.in_bulk(keys)
        gone = keys - rows.keys()
        if gone and model in tracked_models():
            events = tracked_models()[model].objects.filter(pgh_obj_id__in=gone)
            rows |= {event.pgh_obj_id: row_after(event) for event in last_of_each_row(events)}
        return rows

    # -------------------------------------------------------------- changes

    def label(self, change: Change) -> str:
        part = capfirst(str(change.model._meta.verbose_name))
        if not change.field:
            return part
        label = self.label_of(change.model, change.field)
        if change.model is self.owner:
            return capfirst(label)
        name = self.identity(change.model, change.row) if change.row else ""
        values = {"part": part, "name": name, "field": label}
        return gettext("%(part)s %(name)s: %(field)s") % values

    def text(self, change: Change, value: Any) -> str:
        """Return a value of the change, such as that from before, as text."""
        if change.field:
            return self.show(change.model, change.field, value)
        return self.describe(change.model, value, self.tie(change.model)) if value else ""

    def tie(self, model: type[models.Model]) -> str | None:
        """Return the key by which rows of this model belong to the record."""
        keys = (key.attname for key in foreign_keys(model) if key.related_model is self.owner)
        return next(keys, None)

    def difference(self, change: Change, **more) -> Difference:
        return Difference(
            row="",
            label=self.label(change),
            now=self.text(change, change.now),
            after=self.text(change, change.after),
            is_clash=change.is_clash,
            before=self.text(change, change.before),
            is_done=change.is_done,
            **more,
        )

    # -------------------------------------------------------------- rows

    def of(self, model: type[models.Model], key: Any) -> str:
        row = self.rows.get(model, {}).get(model._meta.pk.to_python(key))
        return str(row) if row else gettext("no longer available (%(key)s)") % {"key": key}

    def identity(self, model: type[models.Model], values: Values) -> str:
        """Name a row."""
        empty = {name for name in translations_of_model(model) if not values.get(name)}
        row = filled_in(model(), {name: v for name, v in values.items() if name not in empty})
        for column in foreign_keys(model):
            known = self.rows.get(column.related_model, {})
            if target := known.get(getattr(row, column.attname)):
                setattr(row, column.name, target)
        return str(row)

    def describe(self, model: type[models.Model], values: Values, without: str | None) -> str:
        """Name a row, with what else it says in brackets: Viet Nam (participating)."""
        name = self.identity(model, values)
        details = comma_separated(self.details(model, values, name, without))
        return gettext("{name} ({details})").format(name=name, details=details) if details else name

    def details(self, model, values: Values, identity: str, without: str | None) -> Iterator[str]:
        for name, text in self.shown(model, values):
            if name == without or text in identity:
                continue
            if name in SPEAK_FOR_THEMSELVES:
                yield text
            else:
                said = {"field": self.label_of(model, name), "value": text}
                yield gettext("%(field)s: %(value)s") % said

    def shown(self, model: type[models.Model], values: Values) -> Iterator[tuple[str, str]]:
        """Return each column that says something, with its value as text."""
        for name in columns_of_model(model):
            value = values.get(name)
            text = "" if name in SILENT or value is False else self.show(model, name, value)
            if text:
                yield name, text

    def label_of(self, model: type[models.Model], name: str) -> str:
        return str(field_label(model._meta.get_field(name)))

    def show(self, model: type[models.Model], name: str, value: Any) -> str:
        """Return a value of this column as a reader would write it."""
        if value in EMPTY:
            return ""
        column = model._meta.get_field(name)
        if column.is_relation:
            return self.of(column.related_model, value)
        if isinstance(value, list):
            choices = dict(column.base_field.flatchoices) or names_of(self.owner)
            return comma_separated(choices.get(item, item) for item in value)
        if column.flatchoices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(column, PartialDateField):
            return partial_date(value)
        return as_text(value if is_translation(column) else column.to_python(value))


def compare_states(changes: list[Change], owner: type[models.Model]) -> list[Difference]:
    """Return changes that nobody proposed yet: an older state beside that of now."""
    words = Words(changes, owner)
    return [words.difference(change) for change in changes]


def foreign_keys(model: type[models.Model]) -> list[models.Field]:
    return [column for column in model._meta.concrete_fields if column.is_relation]


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
