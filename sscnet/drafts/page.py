"""A page of a draft: compared with what is stored, saved, and shown again."""

from collections.abc import Callable
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F
from django.forms import BaseForm, BaseFormSet
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from sscnet.changes.history import Act
from sscnet.changes.stale import Conflict, Difference, differences


class DraftPage:
    """The forms of one page, as they are stored, or as a browser sent them (`data`, `files`).

    `draft` is what they belong to. A subclass has `forms`, which it makes; `lock`, which locks the
    draft until the end of the transaction and returns it as it is stored; and `store`, which writes
    what is right of a page that was sent, and calls `stamp`.
    """

    # The formset, one of `forms`, whose rows come and go; a field of each names its stored row.
    growing: BaseFormSet | None = None
    row_key = "id"
    row_label: Any = ""
    # Set where somebody else saved in the meantime; then nothing was stored.
    conflict: Conflict | None = None

    def __init__(self, draft, data=None, files=None, by=None, **asked):
        self.draft, self.data, self.files, self.by, self.asked = draft, data, files, by, asked

    def remade(self, draft, data=None, files=None) -> Self:
        return type(self)(draft, data=data, files=files, by=self.by, **self.asked)

    def checked(self) -> Self:
        """Return the page as if what is stored had just been typed: it says what is wrong."""
        return self.remade(self.draft, as_sent(*self.forms))

    def is_valid(self) -> bool:
        # Each is asked, so that each says what is wrong.
        answers = [form.is_valid() for form in self.forms]
        return all(answers)

    @property
    def single_forms(self) -> list[BaseForm]:
        """Return every form by itself, those of the rows too."""
        return [form for one in self.forms for form in getattr(one, "forms", [one])]

    @property
    def removed(self) -> BaseForm | None:
        """Return the row that the button which was pressed takes out."""
        rows, pressed = self.growing, self.data and self.data.get("then")
        forms = enumerate(rows.forms if rows else [])
        return next((form for n, form in forms if pressed == f"remove-{n}"), None)

    # -------------------------------------------------------------- who saved last

    @property
    def record(self) -> models.Model:
        """The record that notes who saved the draft."""
        return self.draft

    def version(self) -> str:
        """Return a text that changes when something else is stored."""
        return str(self.record.lock_version)

    def acts(self, version: str) -> list[Act]:
        """Return who saved since a version."""
        return [Act(self.record.saved_at, str(self.record.saved_by or _("somebody")))]

    # -------------------------------------------------------------- in words

    def name_of(self, form: BaseForm) -> str:
        """Name the row that a form is of; the form of the draft itself needs no name."""
        return ""

    def text_of(self, form: BaseForm) -> str:
        """Return what was typed in a row."""
        values = (str(form[name].data or "") for name in form.fields if name != self.row_key)
        return " · ".join(filter(None, values))

    def is_expected(self, form: BaseForm) -> bool:
        """Return whether this page adds the stored row as well, by other means than its rows."""
        return False

    # -------------------------------------------------------------- saving

    def save(self, version: str) -> Self:
        """Store what is right, and return the page to go on with.

        Where another version than `version` is stored, nothing is stored if that differs from what
        was sent: the page then has a conflict, and the rows that were added meanwhile.
        """
        self.is_valid()
        page = self
        with transaction.atomic():
            stored = self.remade(self.lock())
            if version != stored.version():
                data, found = self.beside(stored)
                page = self.remade(stored.draft, data, self.files)
                page.is_valid()
                if found:
                    files = [file.name for file in (self.files or {}).values()]
                    page.conflict = Conflict(stored.acts(version), found, files)
                    return page
            page.store(stored.draft)
        return page

    def beside(self, stored: Self) -> tuple[QueryDict, list[Difference]]:
        """Return what was sent, with the rows added meanwhile, and where it differs."""
        data, found = self.data.copy(), []
        there = {form.prefix: form for form in stored.single_forms}
        rows = self.growing.forms if self.growing else []
        for form in self.single_forms:
            if form not in rows and (now := there.get(form.prefix)):
                found += differences(form, now, self.name_of(form))
        if self.growing:
            found += self.compare_rows(stored, data)
        return data, found

    def compare_rows(self, stored: Self, data: QueryDict) -> list[Difference]:
        """Return where the rows differ; write into `data` which are stored, and those added."""
        rows, found, label = self.growing, [], str(self.row_label)
        saved = list(stored.growing.initial_forms)
        keys = [self.key_of(form) for form in rows.forms]
        known = [key and take(saved, lambda one, k=key: stored.key_of(one) == k) for key in keys]
        for form, now in zip(rows.forms, known, strict=True):
            # Sent twice, a new row is there already.
            now = now or take(saved, lambda one, f=form: not differences(f, one))
            data[form.add_prefix(self.row_key)] = stored.key_of(now) if now else ""
            name = self.name_of(form)
            if now:
                found += differences(form, now, name)
            elif form.has_changed() and form is not self.removed:
                text = _("removed in the meantime") if self.key_of(form) else ""
                found.append(Difference(name, label, text, self.text_of(form)))
        for n, form in enumerate(saved, len(rows.forms)):
            if not self.is_expected(form):
                text = _("added in the meantime; kept at the end of this page")
                found.append(Difference(stored.name_of(form), label, text, ""))
            put(data, form, rows.add_prefix(n))
        data[rows.management_form.add_prefix(TOTAL_FORM_COUNT)] = str(len(rows.forms) + len(saved))
        return found

    def key_of(self, form: BaseForm) -> str:
        return str(form[self.row_key].value() or "")


def take(forms: list[BaseForm], is_it: Callable[[BaseForm], bool]) -> BaseForm | None:
    """Take the first such form out of the list."""
    found = next(filter(is_it, forms), None)
    if found:
        forms.remove(found)
    return found


# ------------------------------------------------------------------ what a browser would send


def as_sent(*forms: BaseForm | BaseFormSet) -> QueryDict:
    """Return what a browser would send of these forms, which show what is stored."""
    data = QueryDict(mutable=True)
    for one in forms:
        rows = [one]
        if isinstance(one, BaseFormSet):
            rows = one.initial_forms
            data[one.management_form.add_prefix(TOTAL_FORM_COUNT)] = str(len(rows))
            data[one.management_form.add_prefix(INITIAL_FORM_COUNT)] = "0"
        for form in rows:
            put(data, form, form.prefix)
    return data


def put(data: QueryDict, form: BaseForm, prefix: str | None) -> None:
    for name in form.fields:
        value = form[name].value()
        full_name = f"{prefix}-{name}" if prefix else name
        if hasattr(form.fields[name].widget, "as_sent"):
            data.update(form.fields[name].widget.as_sent(full_name, value or []))
            continue
        # A box that is not ticked is not sent.
        if value is not None and value is not False:
            several = value if isinstance(value, list | tuple) else [value]
            data.setlist(full_name, [str(one) for one in several])


# ------------------------------------------------------------------ who saved last


def stamp(draft: models.Model, by) -> None:
    """Note who saved the draft, and that pages made from it before are out of date."""
    draft.lock_version = F("lock_version") + 1
    draft.saved_by, draft.saved_at = by, timezone.now()
    draft.save(update_fields=["lock_version", "saved_by", "saved_at"])
