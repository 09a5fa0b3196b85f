"""Two people on one record: a form sent from an older version of it is not stored.

A form carries the version it was made from. Sent from an older one it comes back on the newest,
filled in with what was typed, beside a `Conflict`: who changed what meanwhile, and of each field
that was typed in, the text that is stored now and the one on the page. Saved again, it is stored.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max, Value
from django.forms import BaseForm, BaseModelFormSet, BoundField, ModelForm
from django.forms.widgets import FileInput
from django.utils.choices import flatten_choices
from django.utils.text import capfirst
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated

from .history import Act, acts_since
from .parts import Part, events_at, row_after
from .words import Difference, as_text

VERSION = "_version"
MOST_ACTS = 50


# ------------------------------------------------------------------ which version a form has


@dataclass(frozen=True)
class HistoryPosition:
    """How far the history of a record and its parts went: newest event and number, part by part.

    The number too: of two events written at once, the older may be seen later.
    """

    reached: tuple[tuple[int, int], ...] = ()

    def __str__(self):
        return "-".join(f"{newest}.{count}" for newest, count in self.reached)

    @classmethod
    def read(cls, text: str) -> "HistoryPosition":
        """Read it from a form; what means nothing is older than any other."""
        try:
            pairs = [part.split(".") for part in text.split("-")]
            return cls(tuple((int(newest), int(count)) for newest, count in pairs))
        except ValueError:
            return cls()

    @classmethod
    def of(cls, record: models.Model, parts: list[Part]) -> "HistoryPosition":
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

    def newest(self, parts: list[Part]) -> dict[Part, int]:
        """Return for each part the number of the newest event that is within it."""
        known = [newest for newest, _count in self.reached[: len(parts)]]
        return dict(zip(parts, known + [0] * (len(parts) - len(known)), strict=True))


# ------------------------------------------------------------------ what is stored, what was typed


@dataclass
class Conflict:
    """What others saved while a form was open, and what this form would store."""

    acts: list[Act]
    differences: list[Difference] = field(default_factory=list)
    # Browsers cannot send a file a second time by themselves.
    lost_files: list[str] = field(default_factory=list)


def differences(typed: BaseForm, saved: BaseForm, row: str = "") -> list[Difference]:
    """Compare a form as it was sent with one that shows what is stored."""
    return [
        difference(typed[name], saved[name], row)
        for name in typed.fields
        # A form may ask for more once it was sent.
        if name in saved.fields and not typed[name].is_hidden and differs(typed[name], saved[name])
    ]


def differs(typed: BoundField, saved: BoundField) -> bool:
    return saved.field.has_changed(saved.initial, typed.data)


def difference(typed: BoundField, saved: BoundField, row: str) -> Difference:
    now = shown(saved, saved.initial)
    label, text = capfirst(str(typed.label)), shown(typed, typed.data)
    return Difference(row, label, now, text, is_clash=shown(typed, typed.initial) != now)


def shown(bound: BoundField, value: Any) -> str:
    """Return a value, stored or typed, as the form shows it."""
    if value in (None, "", []):
        return ""
    if isinstance(bound.field.widget, FileInput):
        return getattr(value, "name", str(value))
    if not isinstance(value, datetime):
        try:
            value = bound.field.clean(bound.field.prepare_value(value))
        except ValidationError:
            return as_text(value)
    is_of_records = hasattr(bound.field, "queryset")
    choices = () if is_of_records else flatten_choices(getattr(bound.field, "choices", ()))
    words = {str(code): str(label) for code, label in choices}
    several = value if isinstance(value, list | tuple | models.QuerySet) else [value]
    return comma_separated(words.get(str(one)) or as_text(one) for one in several)


# ------------------------------------------------------------------ forms of the admin


class StaleRecord:
    """A record whose form was sent from an older version: makes its forms on the newest one.

    A form made here is not bound, so it is not valid and nothing is stored. It shows what is stored
    now, with what was typed in the fields and rows that were changed.
    """

    def __init__(self, record: models.Model, parts: list[Part], opened_at: HistoryPosition, files):
        reached = opened_at.newest(parts)
        self.record, self.reached = record, reached
        self.conflict = Conflict(acts_since(record, reached, MOST_ACTS))
        self.conflict.lost_files = [file.name for file in files.values()]
        self.would_change = False

    def has_history(self, model: type[models.Model]) -> bool:
        """Return whether rows of this model can be told as they were; others are only shown."""
        return any(part.model is model for part in self.reached)

    def opened(self, model: type[models.Model]) -> dict[Any, models.Model]:
        """Return the record, or its rows of this model, as they were when the form was opened."""
        [part] = (part for part in self.reached if part.model is model)
        events = events_at(part, self.record, pgh_id__lte=self.reached[part])
        return {event.pgh_obj_id: row_after(event) for event in events}

    def typed_in(self, make_form, opened: models.Model, now: models.Model, sent, row="") -> dict:
        """Return what was typed in a form, as initial values, and note where that differs."""
        if not make_form(*sent, instance=now).has_changed():
            return {}
        typed, saved = make_form(*sent, instance=opened), make_form(instance=now)
        changed = [name for name in typed.changed_data if differs(typed[name], saved[name])]
        self.would_change |= bool(changed)
        self.conflict.differences += [difference(typed[n], saved[n], row) for n in changed]
        return values(typed, changed)

    def form(self, form_class: type[ModelForm]) -> type[ModelForm]:
        stale = self

        class FormOnNewest(form_class):
            def __init__(self, data, files, instance):
                opened = stale.opened(type(instance)).get(instance.pk, instance)
                typed = stale.typed_in(form_class, opened, instance, (data, files))
                super().__init__(instance=instance, initial=typed)

        return FormOnNewest

    def formset(self, formset_class: type[BaseModelFormSet]) -> type[BaseModelFormSet]:
        stale = self

        class FormSetOnNewest(formset_class):
            def __init__(self, data, files, save_as_new, **kwargs):
                sent = formset_class(data, files, **kwargs)
                self.typed, added = stale.typed_rows(sent)
                super().__init__(initial=added, **kwargs)
                self.extra = len(added)

            def get_form_kwargs(self, index):
                kwargs = super().get_form_kwargs(index)
                if index is not None and index < self.initial_form_count():
                    kwargs["initial"] = self.typed.get(self.get_queryset()[index].pk)
                return kwargs

        return FormSetOnNewest

    def typed_rows(self, sent: BaseModelFormSet) -> tuple[dict[Any, dict], list[dict]]:
        """Return what was typed in the rows that are still there, by key, and in new ones."""
        opened = self.opened(sent.model)
        now = {row.pk: row for row in sent.get_queryset()}
        arrived = [row for key, row in now.items() if key not in opened]
        in_rows, added = {}, []
        for n in range(sent.total_form_count()):
            prefix = sent.add_prefix(n)
            make_form = partial(sent.form, prefix=prefix, **sent.get_form_kwargs(n))
            key, is_deleted = key_in(sent, n), bool(sent.data.get(f"{prefix}-DELETE"))
            files = sent.data, sent.files
            if n >= sent.initial_form_count():
                typed = make_form(*files)
                is_there = any(is_same(make_form(*files, instance=row)) for row in arrived)
                if typed.has_changed() and not is_deleted and not is_there:
                    self.would_change = True
                    added.append(values(typed, typed.changed_data))
            elif key in now:
                before = opened.get(key, now[key])
                typed = self.typed_in(make_form, before, now[key], files, str(now[key]))
                self.would_change |= is_deleted
                in_rows[key] = typed | ({"DELETE": True} if is_deleted else {})
            elif key in opened and not is_deleted:
                self.note_removed(make_form(*files, instance=opened[key]), str(opened[key]))
        return in_rows, added

    def note_removed(self, typed: ModelForm, row: str) -> None:
        """Note what was typed in a row that is there no more: it can be entered as a new one."""
        self.would_change |= typed.has_changed()
        for bound in (typed[name] for name in typed.changed_data):
            label, text = capfirst(str(bound.label)), shown(bound, bound.data)
            removed = gettext("removed in the meantime")
            self.conflict.differences.append(Difference(row, label, removed, text, is_clash=True))


def key_in(sent: BaseModelFormSet, n: int) -> Any:
    """Return the key of a row that was sent; None where that means nothing."""
    pk = sent.model._meta.pk
    try:
        return pk.to_python(sent.data.get(f"{sent.add_prefix(n)}-{pk.name}"))
    except ValidationError:
        return None


def is_same(form: ModelForm) -> bool:
    """Return whether a form would leave its row as it is; files are not compared."""
    return not values(form, form.changed_data)


def values(typed: ModelForm, names: list[str]) -> dict[str, Any]:
    """Return what was typed, as the initial values of a form; a file cannot be one."""
    fields = {name: typed[name] for name in names}
    return {n: f.data for n, f in fields.items() if not isinstance(f.field.widget, FileInput)}
