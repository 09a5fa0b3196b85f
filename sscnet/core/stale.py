"""Two officers on one record: nobody's save is lost without being noticed.

A form carries the version it was made from. Saved from an older version, it is not stored but
brought up to date: what others changed since is taken over, what was typed stays on top of it, and
`Conflict` says field by field what is what. Saved again, it is stored knowingly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max, Value
from django.forms import BoundField, Form
from django.forms.widgets import CheckboxInput, FileInput, MultiWidget, SelectMultiple
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import pgettext

from .history import HistoryPart, Names, as_text, changed_fields, parts_of, who
from .i18n.texts import in_a_row

VERSION = "_version"
# Without scripts a form that was left is known by its age only.
OPEN_FOR = 30 * 60


# ------------------------------------------------------------------ versions


@dataclass(frozen=True)
class Version:
    """How far the history of a record and its parts went: newest event and number, part by part.

    The number too: of two events written at once, the older may be seen later.
    """

    reached: tuple[tuple[int, int], ...] = ()

    def __str__(self):
        return "-".join(f"{newest}.{count}" for newest, count in self.reached)

    @classmethod
    def read(cls, text: str) -> "Version":
        """Understand a version from a form; one that means nothing is older than any other."""
        try:
            pairs = [part.split(".") for part in text.split("-")]
            return cls(tuple((int(newest), int(count)) for newest, count in pairs))
        except ValueError:
            return cls()

    @classmethod
    def of(cls, record: models.Model, parts: list[HistoryPart]) -> "Version":
        rows = [
            part.events(record)
            .order_by()
            .values(pgh_part=Value(place))
            .annotate(pgh_newest=Max("pgh_id"), pgh_n=Count("pgh_id"))
            .values_list("pgh_part", "pgh_newest", "pgh_n")
            for place, part in enumerate(parts)
        ]
        found = rows[0].union(*rows[1:], all=True) if rows else []
        return cls(tuple((newest or 0, n) for _place, newest, n in sorted(found)))

    def newest(self, place: int) -> int:
        return self.reached[place][0] if place < len(self.reached) else 0


def parts_in_form(model: type[models.Model], inlines: set[type[models.Model]]) -> list[HistoryPart]:
    """List what of a record's history its form can overwrite: its own fields and its inlines."""
    return [
        part
        for part in parts_of(model)
        if part.is_own or (part.owner is None and part.model in inlines)
    ]


# ------------------------------------------------------------------ what others did meanwhile


@dataclass
class Meanwhile:
    """The rows of one part when the form was opened, and who wrote in them since."""

    part: HistoryPart
    record: models.Model
    since: int

    @cached_property
    def opened(self) -> dict[Any, models.Model]:
        """Give the rows as they were, by their keys."""
        events = self.part.events(self.record).filter(pgh_id__lte=self.since)
        last = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        return {e.pgh_obj_id: e for e in last if self.part.belongs(e, self.record)}

    def rows(self, names: Names) -> dict[Any, models.Model]:
        return {key: names.row(event) for key, event in self.opened.items()}

    @cached_property
    def newer(self) -> dict[Any, list[models.Model]]:
        events = self.part.events(self.record).filter(pgh_id__gt=self.since)
        found = {}
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            found.setdefault(event.pgh_obj_id, []).append(event)
        return found

    def last_change(self, key: Any, name: str | None = None) -> models.Model | None:
        """Give the newest event that changed a field of this row, or the row at all."""
        events = self.newer.get(key, [])
        if name is None:
            return events[-1] if events else None
        told = None
        for before, after in pairwise([self.opened.get(key), *events]):
            if name in changed_fields(after, before):
                told = after
        return told


@dataclass
class Difference:
    """One field, or one row of a part: as opened, as others saved it, as it was typed."""

    label: str
    opened: str
    now: str
    typed: str
    row: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def is_clash(self) -> bool:
        """Say whether both wrote here; elsewhere nobody loses anything."""
        return self.now != self.opened and self.typed not in (self.opened, self.now)


@dataclass
class Conflict:
    differences: list[Difference] = field(default_factory=list)
    # Browsers cannot send a file a second time by themselves.
    lost_files: list[str] = field(default_factory=list)


# ------------------------------------------------------------------ bringing a form up to date


class Update:
    """Makes of a form sent from an older version one that stands on the newest.

    `form_class` and `formsets` are those of the admin, bound to what was sent; `data` is then what
    the browser would have sent, had the form been opened only now.
    """

    def __init__(self, request, record, form_class, formsets, parts, version: Version):
        self.sent, self.files = request.POST, request.FILES
        self.record, self.form_class, self.formsets = record, form_class, formsets
        self.names = Names([], [])
        self.parts = {
            part.model if not part.is_own else None: Meanwhile(part, record, version.newest(place))
            for place, part in enumerate(parts)
        }
        self.differences: list[Difference] = []
        self.has_own_changes = False
        self.data = self.sent.copy()
        self.merge_fields()
        for formset in formsets:
            self.merge_rows(formset)

    @property
    def conflict(self) -> Conflict:
        return Conflict(self.differences, [file.name for file in self.files.values()])

    def merge_fields(self):
        own = self.parts[None]
        opened = own.rows(self.names).get(self.record.pk, self.record)
        typed = self.form_class(self.sent, self.files, instance=opened)
        now = self.form_class(instance=self.record)
        for name, values in self.merged(typed, now, own, self.record.pk, row="").items():
            self.data.setlist(name, values)

    def merged(self, typed: Form, now: Form, part: Meanwhile, key, row: str) -> dict[str, list]:
        """Note where three forms differ; give what to send in fields that were left alone."""
        taken_over = {}
        for name, value in ((name, now[name]) for name in typed.fields):
            mine = name in typed.changed_data
            opened = typed[name].initial
            theirs = value.field.has_changed(opened, raw(value))
            if mine and value.field.has_changed(value.initial, typed[name].data):
                self.has_own_changes = True
            if theirs:
                self.note(typed[name], value, part.last_change(key, name), row, is_mine=mine)
                if not mine:
                    taken_over |= as_sent(value)
        return taken_over

    def note(self, typed: BoundField, now: BoundField, event, row: str, *, is_mine: bool):
        opened = shown(typed, typed.initial)
        self.differences.append(
            Difference(
                label=capfirst(str(typed.label)),
                opened=opened,
                now=shown(now, now.initial),
                typed=shown(typed, typed.data) if is_mine else opened,
                row=row,
                **self.told(event),
            )
        )

    def told(self, event) -> dict:
        if event is None:
            return {}
        context = event.pgh_context
        names = Names([], [context] if context else [])
        return {"by": who(context, names), "at": event.pgh_created_at}

    # -------------------------------------------------------------- rows of parts

    def merge_rows(self, formset):
        part = self.parts.get(formset.model)
        if part is None:
            return
        rows = Rows(formset, self.sent)
        opened = part.rows(self.names)
        now = {row.pk: row for row in formset.get_queryset()}
        kept = [self.kept(rows, n, part, opened, now) for n in rows.numbers]
        known = {rows.key(n) for n in rows.numbers} - {None}
        added = [row for key, row in now.items() if key not in known]
        arrived = [as_row(formset, row) for row in added if row.pk not in opened]
        for row in added:
            self.note_row(formset, row, part, pgettext("a row of a form", "added"))
        initial = [row for is_old, row in kept if row and is_old] + arrived
        extra = [row for is_old, row in kept if row and not is_old]
        told = [without_key(row, formset) for row in arrived]
        extra = [row for row in extra if not any(is_same(row, other) for other in told)]
        self.has_own_changes |= bool(extra)
        rows.write(self.data, initial, extra)

    def kept(self, rows: "Rows", n: int, part: Meanwhile, opened, now) -> tuple[bool, dict | None]:
        """Say of a row that was sent whether it is an old one, and what to send of it now."""
        formset, key, sent = rows.formset, rows.key(n), rows.sent(n)
        is_deleted = any(sent.get("DELETE", ()))
        if key is None:
            is_empty = not rows.form(n, None, self.sent, self.files).has_changed()
            return False, None if is_empty or is_deleted else sent
        before = opened.get(key) or now.get(key)
        typed = rows.form(n, before, self.sent, self.files) if before else None
        if key in now:
            self.has_own_changes |= is_deleted
            taken_over = self.merged(typed, rows.form(n, now[key]), part, key, str(now[key]))
            prefix = f"{formset.prefix}-{n}-"
            return True, sent | {k.removeprefix(prefix): v for k, v in taken_over.items()}
        if before is None or is_deleted:
            return False, None
        mine = bool(typed.changed_data)
        self.note_row(formset, before, part, pgettext("a row of a form", "removed"), is_mine=mine)
        return False, without_key(sent, formset) if mine else None

    def note_row(self, formset, row, part: Meanwhile, deed: str, *, is_mine: bool = False):
        is_gone = row.pk in part.opened
        self.differences.append(
            Difference(
                label="",
                row=f"{capfirst(str(formset.model._meta.verbose_name))}: {row}",
                opened=str(row) if is_gone else "",
                now=deed,
                typed=pgettext("a row of a form", "changed") if is_mine else "",
                **self.told(part.last_change(row.pk)),
            )
        )


class Rows:
    """The rows of a formset as they were sent: for each number, what stands behind its prefix."""

    def __init__(self, formset, sent: QueryDict):
        self.formset = formset
        self.rows = {}
        for n in range(formset.total_form_count()):
            prefix = f"{formset.prefix}-{n}-"
            self.rows[n] = {
                name.removeprefix(prefix): sent.getlist(name)
                for name in sent
                if name.startswith(prefix)
            }

    @property
    def numbers(self) -> Iterator[int]:
        return iter(self.rows)

    def sent(self, n: int) -> dict[str, list]:
        return dict(self.rows[n])

    def key(self, n: int):
        """Give the key of an old row; None for a new one."""
        pk = self.formset.model._meta.pk
        if n >= self.formset.initial_form_count():
            return None
        try:
            return pk.to_python((self.rows[n].get(pk.name) or [None])[0])
        except ValidationError:
            return None

    def form(self, n: int, instance, data=None, files=None):
        prefix = self.formset.add_prefix(n)
        kwargs = self.formset.get_form_kwargs(n)
        return self.formset.form(data, files, instance=instance, prefix=prefix, **kwargs)

    def write(self, data: QueryDict, initial: list[dict], extra: list[dict]) -> None:
        prefix = self.formset.prefix
        for name in [name for name in data if is_of_row(name, prefix)]:
            del data[name]
        for n, row in enumerate([*initial, *extra]):
            for name, values_ in row.items():
                data.setlist(f"{prefix}-{n}-{name}", values_)
        data[f"{prefix}-INITIAL_FORMS"] = str(len(initial))
        data[f"{prefix}-TOTAL_FORMS"] = str(len(initial) + len(extra))


def is_of_row(name: str, prefix: str) -> bool:
    return name.startswith(f"{prefix}-") and name.removeprefix(f"{prefix}-")[:1].isdigit()


def as_row(formset, instance) -> dict[str, list]:
    """Give what a browser would send of a row that it left alone."""
    form = formset.form(instance=instance, prefix="row", **formset.get_form_kwargs(0))
    row = {formset.model._meta.pk.name: [str(instance.pk)]}
    for bound in form:
        row |= {name.removeprefix("row-"): sent for name, sent in as_sent(bound).items()}
    return row


def without_key(row: dict[str, list], formset) -> dict[str, list]:
    return {name: sent for name, sent in row.items() if name != formset.model._meta.pk.name}


def is_same(new: dict[str, list], other: dict[str, list]) -> bool:
    """Say whether a new row is what somebody added meanwhile: a form sent twice, most often."""
    return all(any(sent) == any(new.get(name, ())) for name, sent in other.items()) and all(
        new[name] == sent for name, sent in other.items() if any(sent)
    )


# ------------------------------------------------------------------ values of fields


def raw(bound: BoundField) -> Any:
    """Give a field's stored value as its widget would send it."""
    sent = as_sent(bound)
    widget = bound.field.widget
    if isinstance(widget, FileInput):
        return None
    data = QueryDict(mutable=True)
    for name, texts in sent.items():
        data.setlist(name, texts)
    return widget.value_from_datadict(data, {}, bound.html_name)


def as_sent(bound: BoundField) -> dict[str, list[str]]:
    """Give what a browser sends of a field with its stored value, by the names it uses."""
    # The admin wraps some widgets, to put links beside them.
    widget = getattr(bound.field.widget, "widget", bound.field.widget)
    name, value = bound.html_name, bound.value()
    if isinstance(widget, FileInput):
        return {}
    if isinstance(widget, CheckboxInput):
        return {name: ["on"]} if widget.check_test(value) else {name: []}
    if isinstance(widget, MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        return {f"{name}{end}": texts(part.format_value(one)) for end, part, one in parts}
    formatted = widget.format_value(value)
    if isinstance(widget, SelectMultiple) and formatted in ([""], None):
        return {name: []}
    return {name: texts(formatted)}


def texts(formatted) -> list[str]:
    if isinstance(formatted, list | tuple):
        return [str(one) for one in formatted]
    return ["" if formatted is None else str(formatted)]


def shown(bound: BoundField, value: Any) -> str:
    """Write a value, stored or typed, as the form shows it."""
    if value in (None, "", []):
        return ""
    if isinstance(bound.field.widget, FileInput):
        return getattr(value, "name", str(value))
    if not isinstance(value, datetime):
        try:
            value = bound.field.clean(bound.field.prepare_value(value))
        except ValidationError:
            return as_text(value)
    choices = {} if hasattr(bound.field, "queryset") else labels(bound.field)
    several = value if isinstance(value, list | tuple | models.QuerySet) else [value]
    return in_a_row(choices.get(str(one)) or as_text(one) for one in several)


def labels(form_field) -> dict[str, str]:
    """Map codes to words, of a field with choices, grouped or not."""
    found = {}
    for code, label in getattr(form_field, "choices", ()):
        if isinstance(label, list | tuple):
            found |= {str(inner): str(text) for inner, text in label}
        else:
            found[str(code)] = str(label)
    return found


# ------------------------------------------------------------------ who else has it open


def key_of(record: models.Model) -> str:
    return f"open:{record._meta.label_lower}:{record.pk}"


def opened_by(record: models.Model) -> dict[int, tuple[str, datetime, datetime]]:
    """Give who has the record's form open: name, since when, and when it was last asked for."""
    oldest = timezone.now() - timezone.timedelta(seconds=OPEN_FOR)
    entries = cache.get(key_of(record), {})
    return {user: entry for user, entry in entries.items() if entry[2] > oldest}


def note_open(record: models.Model, user) -> list[tuple[str, datetime]]:
    """Note that this person has the form open; give the others with their moments."""
    entries, now = opened_by(record), timezone.now()
    since = entries[user.pk][1] if user.pk in entries else now
    cache.set(key_of(record), entries | {user.pk: (str(user), since, now)}, OPEN_FOR)
    return [(name, since) for pk, (name, since, _) in entries.items() if pk != user.pk]


def note_closed(record: models.Model, user) -> None:
    entries = opened_by(record)
    if entries.pop(user.pk, None):
        cache.set(key_of(record), entries, OPEN_FOR)
