"""Versions in words: field by field, what stood there, what stands there, what is proposed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext

from ..history import Names, Step, last_of_each_row, tracked_models
from ..i18n.labels import field_label
from ..models import ProposedVersion
from .releasing import JudgedChange, judge_changes
from .states import (
    RecordChange,
    RowValues,
    columns_of,
    filled_in,
    model_of,
    translations_of_model,
    values_of_row,
)

VALUES = ("before", "after")


@dataclass(frozen=True)
class ComparedChange:
    """A change as a page shows it: the values as texts, and how it stands."""

    number: int
    label: str
    before: str
    now: str
    after: str
    is_done: bool
    is_clash: bool
    is_released: bool
    has_file: bool


@dataclass
class ComparedField:
    """A field that versions of one record would change: its value now, and in each of them."""

    label: str
    now: str
    # By version; what is not in here, the version leaves as it is.
    after: dict[ProposedVersion, str] = field(default_factory=dict)

    @property
    def differ(self) -> bool:
        return len(set(self.after.values())) > 1


def compare(version: ProposedVersion) -> list[ComparedChange]:
    """Return the changes of a version with the values from before, of now and proposed."""
    judged = judge_changes(version)
    words = ChangeWords(judged, version.content_type.model_class())
    return [
        ComparedChange(
            one.number,
            words.label(one.change),
            words.text(one.change, one.change["before"]),
            words.text(one.change, one.now),
            words.text(one.change, one.change["after"]),
            one.is_done,
            one.is_clash,
            one.number in version.released,
            file_of(one.change) is not None,
        )
        for one in judged
    ]


def compare_versions(versions: list[ProposedVersion]) -> list[ComparedField]:
    """Return each field that one of the versions changes, with what each makes of it."""
    judged = [(version, one) for version in versions for one in judge_changes(version)]
    owner = versions[0].content_type.model_class() if versions else None
    words = ChangeWords([one for _version, one in judged], owner)
    found = {}
    for version, one in judged:
        change = one.change
        key = change["model"], change["key"], change["field"]
        if key not in found:
            found[key] = ComparedField(words.label(change), words.text(change, one.now))
        found[key].after[version] = words.text(change, change["after"]) or gettext("empty")
    return list(found.values())


def compare_states(changes: list[RecordChange], owner: type[models.Model]) -> list[ComparedChange]:
    """Return changes that nobody proposed yet: an older state beside that of now."""
    judged = [JudgedChange(0, change, None, False, False) for change in changes]
    words = ChangeWords(judged, owner)
    return [
        ComparedChange(
            number,
            words.label(change),
            words.text(change, change["before"]),
            "",
            words.text(change, change["after"]),
            False,
            False,
            False,
            False,
        )
        for number, change in enumerate(changes)
    ]


def file_of(change: RecordChange) -> str | None:
    """Return the name of the file that a change would bring, if it does."""
    model = model_of(change)
    files = {f.attname for f in model._meta.concrete_fields if isinstance(f, models.FileField)}
    after = change["after"]
    if change["field"]:
        return (after or None) if change["field"] in files else None
    return next((after[name] for name in files if after.get(name)), None) if after else None


# ------------------------------------------------------------------ words


class ChangeWords:
    """The words for changes; what they point to is read beforehand, a query or two a model."""

    def __init__(self, judged: Iterable[JudgedChange], owner: type[models.Model]):
        judged, self.owner = list(judged), owner
        self.rows = known_rows([one.change for one in judged])
        values = [
            (model_of(one.change), as_row(one.change, value))
            for one in judged
            for value in (one.change["before"], one.change["after"], one.now)
        ]
        events = [as_event(model, row) for model, row in values if row]
        events += [as_event(model, row) for (model, _key), row in self.rows.items()]
        self.names = Names([Step(None, event, None) for event in events], [])

    def label(self, change: RecordChange) -> str:
        model = model_of(change)
        part = capfirst(str(model._meta.verbose_name))
        if not change["field"]:
            return part
        label = str(field_label(model._meta.get_field(change["field"])))
        if is_own(model):
            return capfirst(label)
        row = self.rows.get((model, change["key"]))
        name = self.names.identity(as_event(model, row)) if row else ""
        values = {"part": part, "name": name, "field": label}
        return gettext("%(part)s %(name)s: %(field)s") % values

    def text(self, change: RecordChange, value: Any) -> str:
        model = model_of(change)
        row = as_row(change, value)
        if not row:
            return ""
        event = as_event(model, row)
        if not change["field"]:
            return str(self.names.describe(event, without=self.tie(model)))
        name = change["field"]
        value = value if name in translations_of_model(model) else getattr(event, name)
        return self.names.shower(model, name)(value)

    def tie(self, model: type[models.Model]) -> str | None:
        """Return the key by which rows of this model belong to the record."""
        keys = (f for f in model._meta.concrete_fields if f.related_model is self.owner)
        return next((key.attname for key in keys), None)


def is_own(model: type[models.Model]) -> bool:
    """Return whether changes of this model are changes of a record itself, not of its rows."""
    return hasattr(model, "has_address")


def as_row(change: RecordChange, value: Any) -> RowValues:
    if change["field"] and value is not None:
        return {change["field"]: value}
    return value or {}


def as_event(model: type[models.Model], values: RowValues) -> models.Model:
    """Return values as an event of history, which can be put into words."""
    event = tracked_models()[model]()
    columns = {column.attname for column in event._meta.concrete_fields}
    texts = {name: values[name] for name in translations_of_model(model) if values.get(name)}
    if "i18n" in columns:
        event.i18n = texts
    return filled_in(event, {name: value for name, value in values.items() if name in columns})


def known_rows(changes: list[RecordChange]) -> dict[tuple, RowValues]:
    """Return the rows that change in part as the history knows them last, by model and key."""
    wanted = {}
    for change in (change for change in changes if change["field"]):
        wanted.setdefault(model_of(change), set()).add(change["key"])
    return {
        (model, str(event.pgh_obj_id)): values_of_row(model, columns_of(event))
        for model, keys in wanted.items()
        if not is_own(model)
        for event in last_of_each_row(tracked_models()[model].objects.filter(pgh_obj_id__in=keys))
    }
