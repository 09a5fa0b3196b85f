"""What was done to a record in one go, when and by whom, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext
from pghistory.models import Context

from ..i18n.labels import field_label
from .authors import who
from .events import HistoryPart, parts_of
from .sentences import Sentence, marked, sentence
from .values import SILENT, Names, changed_fields, shown_values, values_of

PER_PAGE = 50


@dataclass
class Act:
    """What was done to a record in one go."""

    at: datetime
    who: str
    sentences: list[Sentence] = field(default_factory=list)


def history_page(
    record: models.Model, number: Any = 1, per_page: int = PER_PAGE, reader=None
) -> Page:
    """Return a page of the record's acts, newest first. The number of queries has a bound.

    Parts that tell what the reader may not see are left out.
    """
    parts = parts_of(type(record))
    if reader:
        parts = [part for part in parts if part.is_own or part.may_be_read_by(reader)]
    reached = dict.fromkeys(parts, 0)
    page = Paginator(moments_of(record, reached), per_page).get_page(number)
    acts = read_acts(record, reached, list(page.object_list))
    page.object_list = [act for act in acts if act.sentences]
    return page


def acts_since(record: models.Model, reached: dict[HistoryPart, int], most: int) -> list[Act]:
    """Return the newest acts after these events, the last that were known of each part."""
    return read_acts(record, reached, list(moments_of(record, reached)[:most]))


def moments_of(record: models.Model, reached: dict[HistoryPart, int]) -> models.QuerySet:
    moments = [
        part.events(record)
        .filter(pgh_id__gt=newest)
        .order_by()
        .values_list("pgh_created_at", "pgh_context_id")
        for part, newest in reached.items()
    ]
    return moments[0].union(*moments[1:]).order_by("-pgh_created_at", "pgh_context_id")


def read_acts(record, reached: dict[HistoryPart, int], moments: list[tuple]) -> list[Act]:
    steps = list(read_steps(record, reached, moments))
    contexts = Context.objects.in_bulk({key for _, key in moments if key})
    names = Names(steps, contexts.values())
    acts = {(at, key): Act(at, who(contexts.get(key), names)) for at, key in moments}
    for step in steps:
        act = acts[step.event.pgh_created_at, step.event.pgh_context_id]
        act.sentences.extend(step.sentences(record, names))
    return list(acts.values())


def read_steps(record, reached: dict[HistoryPart, int], moments: list[tuple]) -> Iterator["Step"]:
    wanted = set(moments)
    for part, newest in reached.items():
        same_row = part.event.objects.filter(
            pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
        )
        before = Subquery(same_row.order_by("-pgh_id").values("pgh_id")[:1])
        events = [
            event
            for event in part.events(record)
            .filter(pgh_id__gt=newest, pgh_created_at__in={at for at, _ in moments})
            .annotate(before_id=before)
            .order_by("pgh_id")
            if (event.pgh_created_at, event.pgh_context_id) in wanted
        ]
        earlier = part.event.objects.in_bulk({event.before_id for event in events} - {None})
        for event in events:
            yield Step(part, event, earlier.get(event.before_id))


@dataclass
class Step:
    """One event and the row as it was before."""

    part: HistoryPart
    event: models.Model
    previous: models.Model | None

    def sentences(self, record: models.Model, names: "Names") -> Iterator[Sentence]:
        was = self.part.belongs(self.previous, record)
        # A delete event holds the row as it was, an insert event as it became.
        is_part = self.part.belongs(self.event, record)
        if self.part.is_own and self.event.pgh_label == "insert":
            yield sentence(gettext("Entered"))
            yield from self.entered(names)
        elif self.part.is_own and self.event.pgh_label == "delete":
            yield sentence(gettext("Deleted"))
        elif was and is_part:
            yield from self.changes(names)
        elif is_part:
            yield self.whole(gettext("{part} added: {name}"), self.event, names)
        elif was:
            yield self.whole(gettext("{part} removed: {name}"), self.previous, names)

    def entered(self, names: "Names") -> Iterator[Sentence]:
        for label, value in shown_values(self.event, names):
            yield sentence(gettext("{field}: {value}"), field=label, value=marked("new", value))

    def whole(self, template: str, event: models.Model, names: "Names") -> Sentence:
        part = capfirst(str(self.part.model._meta.verbose_name))
        name = names.describe(event, without=self.part.key)
        return sentence(template, part=part, name=name)

    def changes(self, names: "Names") -> Iterator[Sentence]:
        changed = changed_fields(self.event, self.previous)
        before, after = values_of(self.previous), values_of(self.event)
        for name in (name for name in after if name in changed and name not in SILENT):
            show = names.shower(self.part.model, name)
            yield self.change(name, show(before[name]), show(after[name]), names)

    def change(self, name: str, before: str, after: str, names: "Names") -> Sentence:
        label = str(field_label(self.part.model._meta.get_field(name)))
        values = {"old": marked("old", before), "new": marked("new", after)}
        if self.part.is_own:
            values["field"] = marked("name", capfirst(label))
            if not before:
                return sentence(gettext("{field} set to {new}"), **values)
            if not after:
                return sentence(gettext("{field} cleared, it was {old}"), **values)
            return sentence(gettext("{field} changed from {old} to {new}"), **values)
        values["field"] = label
        values["part"] = capfirst(str(self.part.model._meta.verbose_name))
        values["name"] = marked("name", names.identity(self.previous))
        if not before:
            return sentence(gettext("{part} {name}: {field} set to {new}"), **values)
        if not after:
            return sentence(gettext("{part} {name}: {field} cleared, it was {old}"), **values)
        return sentence(gettext("{part} {name}: {field} changed from {old} to {new}"), **values)
