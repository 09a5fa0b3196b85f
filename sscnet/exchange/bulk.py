"""One change of many records: what it would do to each, and doing it so that it can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

import pghistory
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.changes.context import IMPORT_NUMBER, IS_BULK
from sscnet.changes.parts import parts_in_form
from sscnet.changes.publication import confirm_classification
from sscnet.changes.stale import HistoryPosition
from sscnet.changes.state import Change, reason_of
from sscnet.changes.trial import try_out
from sscnet.changes.versions import propose, waits_for_release
from sscnet.core.models import ImportBatch, PublicRecord

from .undo import reached


class BulkChangeForm(forms.Form):
    """What is to change in each record. A subclass names the rows it writes, and writes them."""

    confirm = forms.BooleanField(label=_("Confirm classification"), required=False)

    # Models of rows that belong to the record.
    rows: tuple[type[models.Model], ...] = ()

    def apply(self, record: PublicRecord) -> None:
        raise NotImplementedError

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Choose what is to change."))
        return data


def several(model: type[models.Model], label, **options) -> forms.Field:
    """Return a field for rows of a code list."""
    return forms.ModelMultipleChoiceField(
        model.objects.all(),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


def change_links(links, name: str, added: Iterable[models.Model], removed: models.QuerySet) -> None:
    """Remove and add rows that link a record to others by the foreign key `name`."""
    links.filter(**{f"{name}__in": removed}).delete()
    for one in added:
        links.get_or_create(**{name: one})


@dataclass
class BulkOutcome:
    """What the change does to one record; `reason` says why it does nothing."""

    record: PublicRecord
    version: str
    changes: list[Change] = field(default_factory=list)
    confirms: bool = False
    # The classification was confirmed, and is not any more.
    unconfirms: bool = False
    waits: bool = False
    reason: str = ""


class BulkChange:
    def __init__(self, form: BulkChangeForm, user):
        self.form, self.user = form, user

    def judge(self, records: list[PublicRecord]) -> list[BulkOutcome]:
        """Return what would become of each record; nothing stays written."""
        if not records:
            return []
        parts = parts_in_form(type(records[0]), set(self.form.rows))
        reasons = {}
        found = try_out(records, parts, lambda: self.apply_to_all(records, reasons))
        return [
            self.outcome(record, str(HistoryPosition.of(record, parts)), found[record.pk], reasons)
            for record in records
        ]

    def apply_to_all(self, records, reasons):
        for record in records:
            try:
                with transaction.atomic():
                    self.form.apply(record)
            except ValidationError as error:
                reasons[record.pk] = " ".join(error.messages)
            except IntegrityError as error:
                reasons[record.pk] = reason_of(error)

    def outcome(self, record, version, changes, reasons) -> BulkOutcome:
        waits = waits_for_release(self.user, record)
        is_asked = self.form.cleaned_data["confirm"]
        was_confirmed = bool(record.classification_confirmed_on)
        is_reset = any(change.model is not type(record) for change in changes)
        one = BulkOutcome(record, version, changes, waits=waits, reason=reasons.get(record.pk, ""))
        one.confirms = is_asked and not waits and (is_reset or not was_confirmed)
        one.unconfirms = was_confirmed and is_reset and not one.confirms
        if not (one.reason or changes or one.confirms):
            one.reason = self.why_nothing(is_asked and waits and not was_confirmed)
        return one

    def why_nothing(self, is_for_publishers):
        if is_for_publishers:
            return gettext(
                "It is public: its classification is confirmed by somebody who may publish."
            )
        return gettext("There is nothing to change in it.")

    @transaction.atomic
    def do(self, model, versions: dict[int, str]) -> tuple[ImportBatch | None, list[BulkOutcome]]:
        """Change the records of these versions once; return its number and what became of each."""
        # Before the records are locked: see `reached`.
        before = reached(model)
        rows = model._base_manager.filter(pk__in=versions).order_by("pk")
        outcomes = self.judge(list(rows.select_for_update(no_key=True)))
        for one in outcomes:
            if not one.reason and one.version != versions[one.record.pk]:
                one.reason = gettext(
                    "Somebody has changed it in the meantime: choose it again to see how it is now."
                )
        done = [one for one in outcomes if not one.reason]
        stored = [one for one in done if not one.waits]
        for one in done:
            if one.waits:
                propose(one.record, one.changes, self.user)
        return self.store(model, stored, before) if stored else None, outcomes

    def store(self, model, outcomes, before) -> ImportBatch:
        batch = ImportBatch.objects.create(
            batch=uuid4(),
            model=model._meta.label_lower,
            changed=len(outcomes),
            reached=before,
            imported_by=self.user,
        )
        noted = {IMPORT_NUMBER: batch.pk, IS_BULK: True}
        with pghistory.context(import_batch=str(batch.batch), **noted):
            for one in outcomes:
                self.form.apply(one.record)
                if one.confirms:
                    confirm_classification(one.record, self.user)
        return batch
