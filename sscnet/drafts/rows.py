"""The rows of a draft. Blank ones stand at the end; what is written in them is stored as new.

A row that was emptied is taken out. Rows that a colleague added stay.
"""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from sscnet.core.forms.formsets import UniqueRows, holds_for

from .forms import DraftRowForm

MOST_ROWS = 60


class DraftRows(UniqueRows, forms.BaseFormSet):
    """Rows of one record. A form with the key of a row that is there changes that row.

    Django's own formset of a record knows its stored rows by their places; here a colleague may
    have added or taken out some since the page was made.
    """

    can_grow = True

    def __init__(self, data=None, files=None, *, owner: models.Model, **kwargs):
        self.instance, self.model = owner, self.form._meta.model
        self.fk = self.model._meta.get_field(owner._meta.model_name)
        rows = getattr(owner, self.fk.remote_field.get_accessor_name()).all()
        self.stored = {str(row.pk): row for row in rows}
        super().__init__(data, files, initial=[{"id": key} for key in self.stored], **kwargs)

    @property
    def title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name))

    def initial_form_count(self):
        return 0 if self.is_bound else len(self.stored)

    def get_form_kwargs(self, index):
        keys = dict(enumerate(self.stored))
        key = self.data.get(f"{self.add_prefix(index)}-id") if self.is_bound else keys.get(index)
        return super().get_form_kwargs(index) | {"instance": self.row_of(key)}

    def row_of(self, key: str | None) -> models.Model:
        """Return a copy of the stored row with this key, else a new row."""
        return copy(self.stored.get(key)) or self.model(**{self.fk.name: self.instance})

    def remaining_forms(self):
        return [form for form in self.forms if not form.errors and not form.is_blank]

    def rows_elsewhere(self, constraint):
        """Return the rows that stay as they are: without a form, or with one that is wrong."""
        known = {form.instance.pk for form in self.forms if not form.errors}
        rows = self.stored.values()
        return [row for row in rows if row.pk not in known and holds_for(constraint, row)]

    def store(self, removed: DraftRowForm | None, by) -> None:
        """Store what is right, as saved by a user; take out the removed row and emptied ones."""
        gone = [
            form for form in self.forms if form.is_blank or (form is removed and not form.is_fixed)
        ]
        changed = [form for form in self.forms if form not in gone and form.has_changed()]
        # Two rows may exchange what no two of them may have.
        cleared = [*gone, *changed] if self.constraints() else gone
        keys = [form.instance.pk for form in cleared if form.instance.pk]
        self.model.objects.filter(pk__in=keys).delete()
        for form in changed:
            row = self.row_of(str(form.instance.pk))
            form.fill(row)
            if row.pk or is_whole(row):
                row.save()
                form.instance = row


def is_whole(row: models.Model) -> bool:
    try:
        row.full_clean()
    except ValidationError:
        return False
    return True


def rows_formset(
    form: type[DraftRowForm], formset: type[DraftRows] = DraftRows, blank: int = 2
) -> type[DraftRows]:
    """Make the formset of such rows, with blank ones to write in."""
    most = {"max_num": MOST_ROWS, "absolute_max": MOST_ROWS, "validate_max": True}
    return forms.formset_factory(form, formset=formset, extra=blank, **most)
