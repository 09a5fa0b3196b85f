"""One change of many records: a file of a few columns, looked at and imported as others are."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sscnet.core.models import PublicRecord

from .writing.rows import write_csv


class BulkChangeForm(forms.Form):
    """What is to change in each record. A subclass says which cells that makes of a record."""

    confirm = forms.BooleanField(label=_("Confirm classification"), required=False)

    def cells(self, record: PublicRecord) -> dict[str, str]:
        """Return cells by column, the same columns for every record; an empty one changes none."""
        raise NotImplementedError

    def file(self, records: list[PublicRecord], key: str) -> bytes:
        """Return the file that makes the change; its rows find the records by the column `key`."""
        rows = [{key: getattr(record, key)} | self.cells(record) for record in records]
        return write_csv(list(rows[0]), [list(row.values()) for row in rows], safe=str)

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


def changed(codes: Iterable, added: Iterable, removed: Iterable) -> list:
    """Return the codes of a record without the removed ones and with the added ones."""
    return list(dict.fromkeys([*(code for code in codes if code not in removed), *added]))


def cell_of(codes: Iterable) -> str:
    """Return a cell that says exactly these codes: without any, what empties the field."""
    return "; ".join(map(str, codes)) or "-"
