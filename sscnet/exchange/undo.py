"""What an import did, and taking it back: what it made goes, what it changed is as it was before.

All of it is read from the history. A record that anybody touched since is left alone, and named; so
is one on which anything hangs that the import did not make (`changes.hanging`). An undone import is
in the history itself, so that nothing of this is hidden.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pghistory
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext
from pghistory.models import Context

from sscnet.changes.authors import who
from sscnet.changes.context import UNDONE_IMPORT
from sscnet.changes.hanging import hanging_on
from sscnet.changes.history import Act
from sscnet.changes.parts import Part, columns_of, parts_of, row_after
from sscnet.changes.words import Words
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import ImportBatch, Source


@dataclass
class Trace:
    """What the import did to one record, and how the record stands now."""

    key: int
    title: str
    is_new: bool
    record: models.Model | None
    # Somebody's later change, or None.
    touched: Act | None = None
    was_undone: bool = False
    # Why it could not be taken back, although no one touched it.
    obstacle: str = ""

    @property
    def can_be_undone(self) -> bool:
        return bool(self.record) and not (self.touched or self.was_undone or self.obstacle)


class AlreadyUndone(Exception):
    pass


class Undoing:
    """Reads what an import did; `undo` takes it back, once."""

    def __init__(self, batch: ImportBatch):
        self.batch = batch
        self.model = apps.get_model(batch.model)
        self.parts = parts_of(self.model)

    # -------------------------------------------------------------- what it did

    @cached_property
    def contexts(self) -> list:
        return contexts_of(import_batch=str(self.batch.batch))

    @cached_property
    def undo_contexts(self) -> list:
        return contexts_of(**{UNDONE_IMPORT: self.batch.pk})

    @cached_property
    def events(self) -> dict[int, dict[Part, list[models.Model]]]:
        """Return the import's events: by record, then by part, oldest first."""
        found = defaultdict(lambda: defaultdict(list))
        for part, event in self.events_of(self.contexts):
            found[record_of(part, event)][part].append(event)
        return found

    def events_of(self, contexts: list) -> Iterator[tuple[Part, models.Model]]:
        for part in (part for part in self.parts if part.owner is None):
            events = part.event.objects.filter(pgh_context__in=contexts).order_by("pgh_id")
            if part.model is Source:
                events = events.filter(content_type=ContentType.objects.get_for_model(self.model))
            yield from ((part, event) for event in events)

    @cached_property
    def traces(self) -> list[Trace]:
        records = self.model._base_manager.in_bulk(list(self.events))
        touched = self.touched_since(self.events)
        undone = {record_of(*found) for found in self.events_of(self.undo_contexts)}
        hanging = self.hanging()
        return [
            Trace(
                key=key,
                title=str(records[key]) if key in records else self.last_title(parts),
                is_new=any(e.pgh_label == "insert" for e in parts.get(self.parts[0], ())),
                record=records.get(key),
                touched=touched.get(key),
                was_undone=key in undone,
                obstacle=refers(hanging[key]) if key in hanging else "",
            )
            for key, parts in self.events.items()
        ]

    def hanging(self) -> dict[int, list[models.Model]]:
        """Return what others hung on rows that the import made, by record."""
        made = defaultdict(dict)
        for key, parts in self.events.items():
            for part, events in parts.items():
                rows = (event.pgh_obj_id for event in events if event.pgh_label == "insert")
                made[part.model] |= dict.fromkeys(rows, key)
        found = defaultdict(list)
        for model, records in made.items():
            for row, others in hanging_on(model, records).items():
                found[records[row]] += [
                    one for one in others if one.pk not in made.get(type(one), ())
                ]
        return {key: rows for key, rows in found.items() if rows}

    def last_title(self, parts) -> str:
        events = parts.get(self.parts[0])
        return str(row_after(events[-1])) if events else gettext("no longer there")

    # -------------------------------------------------------------- what happened since

    def touched_since(self, keys: Iterable) -> dict[Any, Act]:
        """Return of each record the last change that is not the import's, nor its undoing's."""
        last = {}
        not_ours = Q(pgh_context=None) | ~Q(pgh_context__in=self.contexts + self.undo_contexts)
        for part in self.parts:
            rows = self.rows(part, keys)
            since = self.batch.reached.get(part.event._meta.label_lower, 0)
            later = part.event.objects.filter(not_ours, pgh_id__gt=since, pgh_obj_id__in=rows)
            for event in later.select_related("pgh_context"):
                key = rows[event.pgh_obj_id]
                if key not in last or event.pgh_created_at > last[key].pgh_created_at:
                    last[key] = event
        contexts = [event.pgh_context for event in last.values() if event.pgh_context]
        words = Words(contexts=contexts)
        return {
            key: Act(event.pgh_created_at, who(event.pgh_context, words))
            for key, event in last.items()
        }

    def rows(self, part: Part, keys: Iterable) -> dict[Any, Any]:
        """Map each row that is or was a part of these records to its record."""
        events = part.naming(self.model, keys).annotate(record_key=part.key_of_record())
        rows = events.order_by("pgh_id").values_list("pgh_obj_id", "record_key")
        return {row: int(key) for row, key in rows}

    # -------------------------------------------------------------- taking it back

    def undo(self, user) -> list[Trace]:
        """Take back what was not touched since; return what became of each record."""
        with transaction.atomic(), pghistory.context(**{UNDONE_IMPORT: self.batch.pk}):
            self.lock()
            traces = self.traces
            for trace in traces:
                if trace.can_be_undone:
                    self.undo_record(trace)
            self.batch.undone_at, self.batch.undone_by = timezone.now(), user
            self.batch.save(update_fields=["undone_at", "undone_by"])
        return traces

    def lock(self):
        """Lock the import and its records, so that they stay as they were compared."""
        batch = ImportBatch.objects.select_for_update().get(pk=self.batch.pk)
        if batch.undone_at:
            raise AlreadyUndone
        rows = self.model._base_manager.filter(pk__in=list(self.events)).order_by("pk")
        # Strongly: so nothing is hung on them meanwhile.
        list(rows.select_for_update().values_list("pk"))

    def undo_record(self, trace: Trace):
        try:
            with transaction.atomic():
                if trace.is_new:
                    trace.record.delete()
                else:
                    self.restore(self.events[trace.key])
        except IntegrityError:
            trace.obstacle = gettext("Another record now has what it had before.")
        else:
            trace.was_undone = True

    def restore(self, parts: dict[Part, list[models.Model]]):
        """Go back through what the import wrote, the last first, the record itself at the end."""
        for part in sorted(parts, key=lambda part: part.is_own):
            for event in reversed(parts[part]):
                self.reverse(part, event)

    def reverse(self, part: Part, event: models.Model):
        rows = part.model._base_manager.filter(pk=event.pgh_obj_id)
        if event.pgh_label == "insert":
            rows.delete()
        elif event.pgh_label == "delete":
            part.model._base_manager.bulk_create([part.model(**columns_of(event))])
        else:
            earlier = part.event.objects.filter(pgh_obj_id=event.pgh_obj_id)
            before = earlier.filter(pgh_id__lt=event.pgh_id).latest("pgh_id")
            values = columns_of(before)
            now = columns_of(event)
            rows.update(**{name: v for name, v in values.items() if v != now[name]})


def reached(model: type[models.Model]) -> dict[str, int]:
    """Return the newest event of each table of history that records of this model have.

    To be asked for before an import locks its records: who gets them after it, writes later events.
    """
    events = (part.event for part in parts_of(model))
    return {
        event._meta.label_lower: event.objects.aggregate(newest=Max("pgh_id"))["newest"] or 0
        for event in events
    }


def refers(rows: list[models.Model]) -> str:
    kinds = Counter(str(row._meta.verbose_name) for row in rows)
    records = comma_separated(f"{kind} ({n})" for kind, n in sorted(kinds.items()))
    return gettext("Other records refer to it: %(records)s.") % {"records": records}


def contexts_of(**noted) -> list:
    return list(Context.objects.filter(metadata__contains=noted).values_list("pk", flat=True))


def record_of(part: Part, event: models.Model):
    if part.is_own:
        return event.pgh_obj_id
    key = getattr(event, part.key)
    return int(key) if part.model is Source else key
