"""What happened to a record and to all that hangs on it: when, by whom, and what, in sentences.

The events are written by the database (django-pghistory), whichever way a change is made. Here they
are read. A part of a record is a tracked row with a cascading foreign key to it, as a project's
countries are; sources are parts too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain, pairwise
from string import Formatter
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from pghistory import core as pghistory_core
from pghistory.models import Context

from . import privacy
from .i18n.labels import field_label, is_translation, translated_fields
from .i18n.texts import comma_separated
from .models import Source

PER_PAGE = 50

# What commands and the import note beside a change, in `pghistory.context(...)`; the middleware
# notes the user.
USER, COMMAND, FILE, IMPORT_FILE = "user", "command", "file", "import_file"
IMPORT_NUMBER, UNDONE_IMPORT = "import_number", "undone_import"
VERSION_NUMBER, VERSION_AUTHOR = "version", "version_author"
VERSION_IS_TIMED, VERSION_IS_RESTORED = "version_is_timed", "version_is_restored"

# Fields that say nothing to a reader: keys, and what the portal works out itself.
SILENT = {
    *("id", "created_at", "uploaded_at", "size", "width", "height", "content_type", "object_id"),
    # What an institution proposes stands beside what is there on a page of its own.
    *("values", "version"),
}
# Fields changed by looking a record over, not by writing it.
CHECKING = {
    "state",
    "published_at",
    "withdrawn_at",
    "classification_confirmed_on",
    "classification_confirmed_by",
    "profile_confirmed_on",
    "profile_confirmed_by",
}
# Fields whose value needs no label beside it: Viet Nam (participating).
SPEAK_FOR_THEMSELVES = {"role", "kind", "place", "state"}

EMPTY = (None, "", [], {})


# ------------------------------------------------------------------ which events


@dataclass(frozen=True)
class HistoryPart:
    """The events of one model that belong to a record, and how they are tied to it.

    `key` names the foreign key to the record; None means the record's own events. `owner` is the
    part between, where a row hangs on a part of the record.
    """

    event: type[models.Model]
    key: str | None = None
    owner: "HistoryPart | None" = None

    @property
    def model(self) -> type[models.Model]:
        return self.event.pgh_tracked_model

    @property
    def is_own(self) -> bool:
        return self.key is None

    @property
    def path(self) -> str:
        """Return the way from a row to the key of the record, as look-ups write it."""
        if self.is_own:
            return "pk"
        if self.owner:
            return f"{self.key.removesuffix('_id')}__{self.owner.path}"
        return self.key

    def tie(self, record: models.Model) -> Q:
        """Match the events that name the record, or a row of the part between."""
        if self.is_own:
            return Q(pgh_obj_id=record.pk)
        if self.model is Source:
            kind = ContentType.objects.get_for_model(record)
            return Q(content_type=kind, object_id=str(record.pk))
        if self.owner:
            return Q((f"{self.key}__in", self.owner.rows(record)))
        return Q((self.key, record.pk))

    def rows(self, record: models.Model) -> models.QuerySet:
        """Return the keys of all rows that are or ever were a part of the record."""
        return self.event.objects.filter(self.tie(record)).values("pgh_obj_id")

    def events(self, record: models.Model) -> models.QuerySet:
        """Return all events of these rows, those before a row came and after it went as well."""
        if self.is_own:
            return self.event.objects.filter(self.tie(record))
        return self.event.objects.filter(pgh_obj_id__in=self.rows(record))

    def may_be_read_by(self, user) -> bool:
        columns = self.event._meta.concrete_fields
        return all(privacy.may_see(user, self.model, column.name) for column in columns)

    def belongs(self, event: models.Model | None, record: models.Model) -> bool:
        """Return whether the row was a part of the record after this event."""
        if event is None or event.pgh_label == "delete":
            return False
        if self.is_own or self.owner:
            return True
        if self.model is Source:
            kind = ContentType.objects.get_for_model(record)
            return (event.content_type_id, event.object_id) == (kind.pk, str(record.pk))
        return getattr(event, self.key) == record.pk


def tracked_models() -> dict[type[models.Model], type[models.Model]]:
    """Map each model that has a history to the model of its events."""
    return {event.pgh_tracked_model: event for event in pghistory_core.event_models()}


@cache
def parts_of(model: type[models.Model]) -> list[HistoryPart]:
    """List where the history of a record of this model is kept, its own events first."""
    events = tracked_models()
    if model not in events:
        return []
    parts = [HistoryPart(events[model]), *cascading(model)]
    has_sources = any(isinstance(f, GenericRelation) for f in model._meta.private_fields)
    return [*parts, HistoryPart(events[Source], "object_id")] if has_sources else parts


def cascading(model: type[models.Model], owner: HistoryPart | None = None) -> Iterator[HistoryPart]:
    for tracked, event in tracked_models().items():
        for key in tracked._meta.fields:
            remote = key.remote_field
            if remote and remote.model is model and remote.on_delete is models.CASCADE:
                part = HistoryPart(event, key.attname, owner)
                yield part
                yield from cascading(tracked, part)


# ------------------------------------------------------------------ who


def last_changed_by(record: models.Model):
    """Return the user who last wrote in the record or its parts; None where no person did.

    Steps of publication and confirming a classification do not count: they are made by looking.
    """
    last = [event for part in parts_of(type(record)) if (event := last_written(part, record))]
    if not last:
        return None
    context = max(last, key=lambda event: event.pgh_created_at).pgh_context
    return get_user_model().objects.filter(pk=context.metadata[USER]).first()


def last_written(part: HistoryPart, record: models.Model) -> models.Model | None:
    """Return the part's newest event that a person caused by writing."""
    events = part.events(record).select_related("pgh_context").order_by("-pgh_id")
    if not part.is_own:
        return events.filter(**{f"pgh_context__metadata__{USER}__isnull": False}).first()
    for event, previous in pairwise(chain(events.iterator(chunk_size=20), [None])):
        is_persons = event.pgh_context and event.pgh_context.metadata.get(USER)
        if is_persons and changed_fields(event, previous) - CHECKING:
            return event
    return None


def who(context: Context | None, names: "Names") -> str:
    """Name the person, command or file behind a change, from what was noted beside it."""
    noted = context.metadata if context else {}
    if noted.get(USER):
        person = names.of(get_user_model(), noted[USER])
        if noted.get(VERSION_NUMBER):
            return who_released(person, noted, names)
        if noted.get(UNDONE_IMPORT):
            text = gettext("%(person)s, by undoing import no. %(number)s")
            return text % {"person": person, "number": noted[UNDONE_IMPORT]}
        if noted.get(IMPORT_NUMBER):
            text = gettext("%(person)s, by importing %(file)s (import no. %(number)s)")
            values = {"file": noted[IMPORT_FILE], "number": noted[IMPORT_NUMBER]}
            return text % {"person": person, **values}
        if noted.get(IMPORT_FILE):
            text = gettext("%(person)s, by importing %(file)s")
            return text % {"person": person, "file": noted[IMPORT_FILE]}
        return person
    if noted.get(COMMAND) and noted.get(FILE):
        text = gettext("the command %(command)s, from %(file)s")
        return text % {"command": noted[COMMAND], "file": noted[FILE]}
    if noted.get(COMMAND):
        return gettext("the command %(command)s") % {"command": noted[COMMAND]}
    return gettext("not known: changed in the database")


def who_released(person: str, noted: dict, names: "Names") -> str:
    author = noted.get(VERSION_AUTHOR)
    author = names.of(get_user_model(), author) if author else gettext("not known")
    texts = {
        (False, False): gettext("%(person)s, releasing version no. %(number)s of %(author)s"),
        (True, False): gettext(
            "%(person)s, releasing version no. %(number)s of %(author)s at the time set"
        ),
        (False, True): gettext(
            "%(person)s, releasing version no. %(number)s of %(author)s: an older state restored"
        ),
        (True, True): gettext(
            "%(person)s, releasing version no. %(number)s of %(author)s at the time set: an older"
            " state restored"
        ),
    }
    text = texts[bool(noted.get(VERSION_IS_TIMED)), bool(noted.get(VERSION_IS_RESTORED))]
    return text % {"person": person, "number": noted[VERSION_NUMBER], "author": author}


# ------------------------------------------------------------------ what


@dataclass(frozen=True)
class SentencePiece:
    """A piece of a sentence: plain words, or a "name", an "old" or a "new" value."""

    text: str
    kind: str = ""


class Sentence(tuple[SentencePiece, ...]):
    """Pieces, which a page marks by their kind; prints as plain words."""

    __slots__ = ()

    def __str__(self):
        return "".join(piece.text for piece in self)


def sentence(words: str, **values: "str | Sentence") -> Sentence:
    """Return words with values in the places that they name: {field} set to {new}."""
    pieces = []
    for before, place, *_ in Formatter().parse(words):
        pieces.append(SentencePiece(before))
        if place:
            value = values[place]
            pieces += value if isinstance(value, Sentence) else [SentencePiece(value)]
    return Sentence(piece for piece in pieces if piece.text)


def marked(kind: str, text: str) -> Sentence:
    return Sentence([SentencePiece(text, kind)])


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


def rows_at(part: HistoryPart, record: models.Model, newest: int) -> dict[Any, models.Model]:
    """Return the rows of a part as they were after this event, by their keys."""
    events = part.events(record).filter(pgh_id__lte=newest)
    return {
        event.pgh_obj_id: row_after(event)
        for event in last_of_each_row(events)
        if part.belongs(event, record)
    }


def last_of_each_row(events: models.QuerySet) -> models.QuerySet:
    return events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def row_after(event: models.Model, known: dict | None = None) -> models.Model:
    """Build the row again as it was after an event, with those it points to if they are known."""
    model = event.pgh_tracked_model
    row = model()
    for column in event._meta.concrete_fields:
        if not column.name.startswith("pgh_"):
            setattr(row, column.attname, getattr(event, column.attname))
    for column in foreign_keys(event) if known else ():
        target = known.get(column.related_model, {}).get(getattr(event, column.attname))
        if target:
            setattr(row, column.name, target)
    return row


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
                return sentence(gettext("{field} emptied, it was {old}"), **values)
            return sentence(gettext("{field} changed from {old} to {new}"), **values)
        values["field"] = label
        values["part"] = capfirst(str(self.part.model._meta.verbose_name))
        values["name"] = marked("name", names.identity(self.previous))
        if not before:
            return sentence(gettext("{part} {name}: {field} set to {new}"), **values)
        if not after:
            return sentence(gettext("{part} {name}: {field} emptied, it was {old}"), **values)
        return sentence(gettext("{part} {name}: {field} changed from {old} to {new}"), **values)


# ------------------------------------------------------------------ values


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

    def __init__(self, steps: Iterable[Step], contexts: Iterable[Context]):
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
        return str(row) if row else gettext("no longer known (%(key)s)") % {"key": key}

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


def foreign_keys(event: models.Model) -> Iterator[models.Field]:
    for column in event._meta.concrete_fields:
        if column.is_relation and not column.name.startswith("pgh_"):
            try:
                event.pgh_tracked_model._meta.get_field(column.name)
            except FieldDoesNotExist:
                continue
            yield column
