"""What was done to the records of many kinds, newest first: a line a record and go.

A line says who, when and to which record, and holds no values: those are in the record's history.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.text import capfirst
from pghistory.models import Context

from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import Source

from .authors import who
from .context import USER
from .parts import Part, parts_of
from .words import Words

LINE = ("pgh_created_at", "pgh_context_id", "log_kind", "log_key")
NEWEST_FIRST = ("-pgh_created_at", *LINE[1:])

type LogParts = list[tuple[type[Model], Part]]


@dataclass
class LogLine:
    """What was done to a record in one go."""

    at: datetime
    kind: type[Model]
    key: str
    who: str
    # The number of the person, None where a command or nobody known did it.
    user: Any
    # Of the record's own row: `insert`, `update`, `delete`.
    operations: set[str] = field(default_factory=set)
    # Of which parts of the record rows were touched.
    parts: list[type[Model]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return capfirst(str(self.kind._meta.verbose_name))


@cache
def log_parts(kinds: tuple[type[Model], ...]) -> LogParts:
    """Return where the events of each kind are; of a model that several have, the first has it."""
    found = {}
    for kind in kinds:
        # The shortest way first.
        for part in sorted(parts_of(kind), key=lambda part: part.owner is not None):
            found.setdefault((part.model, kind if part.model is Source else None), (kind, part))
    return list(found.values())


def log_lines(parts: LogParts, start: int, most: int, **limits) -> list[LogLine]:
    """Return lines, the newest first, some of them passed over.

    `limits` are conditions of events, such as `pgh_created_at__lt`. The number of queries has a
    bound.
    """
    moments = [events_of(*one).filter(**limits).values_list(*LINE) for one in parts]
    if not moments:
        return []
    # One of them alone would not be made distinct by the union.
    lines = moments[0].distinct().union(*moments[1:]).order_by(*NEWEST_FIRST)
    return read_lines(parts, list(lines[start : start + most]))


def events_of(kind: type[Model], part: Part) -> QuerySet:
    """Return the part's events, each with the kind and key of the record it belongs to."""
    events = part.event.objects.order_by()
    if part.model is Source:
        opts = kind._meta
        of_kind = {"app_label": opts.app_label, "model": opts.model_name}
        events = events.filter(**{f"content_type__{name}": v for name, v in of_kind.items()})
    key = Cast(part.key_of_record(), CharField())
    return events.annotate(log_kind=Value(kind._meta.label), log_key=key)


def read_lines(parts: LogParts, moments: list[tuple]) -> list[LogLine]:
    contexts = Context.objects.in_bulk({context for _at, context, *_record in moments if context})
    words = Words(contexts=contexts.values())
    kinds = {model._meta.label: model for model in tracked_models()}
    lines = {
        (at, key, kind, record): LogLine(
            at,
            kinds[kind],
            record,
            who(contexts.get(key), words),
            contexts[key].metadata.get(USER) if key else None,
        )
        for at, key, kind, record in moments
    }
    for *moment, model, operation in read_events(parts, moments):
        if line := lines.get(tuple(moment)):
            note(line, kinds[model], operation)
    return list(lines.values())


def read_events(parts: LogParts, moments: list[tuple]) -> Iterable[tuple]:
    """Return the events of these moments: line, model, and what was done to a row of it."""
    of_moments = {"pgh_created_at__in": {at for at, *_rest in moments}}
    on_page = {kind for _at, _context, kind, _key in moments}
    events = [
        events_of(kind, part)
        .filter(**of_moments)
        .annotate(log_model=Value(part.model._meta.label))
        .values_list(*LINE, "log_model", "pgh_label")
        for kind, part in parts
        if kind._meta.label in on_page
    ]
    return events[0].union(*events[1:]).order_by("log_model") if events else []


def note(line: LogLine, model: type[Model], operation: str) -> None:
    if model is line.kind:
        line.operations.add(operation)
    elif model not in line.parts:
        line.parts.append(model)
