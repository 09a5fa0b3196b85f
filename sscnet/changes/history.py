"""What was done to a record in one go, when and by whom, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from pghistory.models import Context

from .authors import who
from .parts import Part, parts_of
from .state import Change, changes_of_event
from .words import SILENT, Words

PER_PAGE = 50


@dataclass
class Act:
    """What was done to a record in one go."""

    at: datetime
    who: str
    # Names and values in them are marked.
    sentences: list[str] = field(default_factory=list)


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


def acts_since(record: models.Model, reached: dict[Part, int], most: int) -> list[Act]:
    """Return the newest acts after these events, the last that were known of each part."""
    return read_acts(record, reached, list(moments_of(record, reached)[:most]))


def moments_of(record: models.Model, reached: dict[Part, int]) -> models.QuerySet:
    moments = [
        part.events(record)
        .filter(pgh_id__gt=newest)
        .order_by()
        .values_list("pgh_created_at", "pgh_context_id")
        for part, newest in reached.items()
    ]
    return moments[0].union(*moments[1:]).order_by("-pgh_created_at", "pgh_context_id")


def read_acts(record, reached: dict[Part, int], moments: list[tuple]) -> list[Act]:
    found = [
        (moment_of(event), part, change)
        for part, newest in reached.items()
        for event, previous in read_events(part, record, newest, moments)
        for change in changes_of_event(part, record, event, previous)
    ]
    contexts = Context.objects.in_bulk({key for _, key in moments if key})
    words = Words([change for _, _, change in found], type(record), contexts.values())
    acts = {(at, key): Act(at, who(contexts.get(key), words)) for at, key in moments}
    for moment, part, change in found:
        acts[moment].sentences.extend(sentences_of(change, part, words))
    return list(acts.values())


def moment_of(event: models.Model) -> tuple:
    return event.pgh_created_at, event.pgh_context_id


def read_events(
    part: Part, record, newest: int, moments: list[tuple]
) -> Iterator[tuple[models.Model, models.Model | None]]:
    """Return the part's events of these moments after `newest`, each with the one before it."""
    same_row = part.event.objects.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    )
    before = Subquery(same_row.order_by("-pgh_id").values("pgh_id")[:1])
    wanted = set(moments)
    events = [
        event
        for event in part.events(record)
        .filter(pgh_id__gt=newest, pgh_created_at__in={at for at, _ in moments})
        .annotate(before_id=before)
        .order_by("pgh_id")
        if moment_of(event) in wanted
    ]
    earlier = part.event.objects.in_bulk({event.before_id for event in events} - {None})
    return ((event, earlier.get(event.before_id)) for event in events)


# ------------------------------------------------------------------ sentences


def sentences_of(change: Change, part: Part, words: Words) -> Iterator[str]:
    if change.field:
        if change.field not in SILENT:
            yield sentence_of_field(change, words)
    elif not part.is_own:
        kind = capfirst(str(change.model._meta.verbose_name))
        removed, added = gettext("{part} removed: {name}"), gettext("{part} added: {name}")
        text = removed if change.before else added
        row = words.describe(change.model, change.before or change.after, without=part.key)
        name = format_html("<b>{}</b>", row)
        yield format_html(text, part=kind, name=name)
    elif change.before:
        yield gettext("Deleted")
    else:
        yield gettext("Entered")
        for name, value in words.shown(change.model, change.after):
            label = capfirst(words.label_of(change.model, name))
            value = format_html("<ins>{}</ins>", value)
            yield format_html(gettext("{field}: {value}"), field=label, value=value)


def sentence_of_field(change: Change, words: Words) -> SafeString:
    before, after = words.text(change, change.before), words.text(change, change.after)
    values = {
        "field": format_html("<b>{}</b>", words.label(change)),
        "old": format_html("<del>{}</del>", before),
        "new": format_html("<ins>{}</ins>", after),
    }
    if not before:
        return format_html(gettext("{field} set to {new}"), **values)
    if not after:
        return format_html(gettext("{field} cleared, it was {old}"), **values)
    return format_html(gettext("{field} changed from {old} to {new}"), **values)
