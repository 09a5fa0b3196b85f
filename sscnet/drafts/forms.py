"""A form of a draft: of a record, or of a row that comes and goes with others."""

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language

from sscnet.core.forms.formsets import RowForm, field_of
from sscnet.core.i18n.labels import (
    each_language,
    field_label,
    own_language_first,
    translated_fields,
    without_language,
)
from sscnet.core.i18n.languages import Language
from sscnet.core.uploads.storage import throw_away


class DraftForm(RowForm):
    """A form that stores what is right in it, whatever else is wrong or missing.

    Of a text in two languages the box in the reader's stands first, with the help of both.
    """

    # Fields that the database compares: with one of them wrong, none is stored.
    compared = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(own_language_first(list(self.fields)))
        texts = translated_fields(self._meta.model)
        for name, field in self.fields.items():
            own = self.fields.get(own_language_first(each_language(without_language(name)))[0])
            if own and own is not field and not own.help_text:
                own.help_text, field.help_text = field.help_text, ""
            field.is_needed = self.is_needed(name) and self.is_main_language(name)
            if name in texts:
                field.label = capfirst(str(field_label(self._meta.model._meta.get_field(name))))
            if without_language(name) != name:
                field.widget.attrs["lang"] = "zh-Hans"
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("autocomplete", "off")

    def is_needed(self, name) -> bool:
        """Return whether the page marks a field as needed, though a draft may lack it."""
        return False

    def is_main_language(self, name) -> bool:
        """Return whether it is no text, or the one in the language of the record or the page."""
        main = getattr(self.instance, "language", "") or get_language()
        text = without_language(name)
        is_text = len(self.fields.keys() & each_language(text)) > 1
        return not is_text or (name != text) == (main == Language.CHINESE)

    def constraints(self):
        return [one for one in super().constraints() if field_of(one, self.fields)]

    def fill(self, record: models.Model) -> None:
        """Write what is right into the record; a file that is replaced will be thrown away."""
        names = set(self._meta.fields) & self.cleaned_data.keys()
        for together in self.compared:
            if self.errors.keys() & set(together):
                names -= set(together)
        for name in names:
            if isinstance(self.fields[name], forms.FileField):
                # Without a new one the form has the file that is there.
                if name not in self.changed_data:
                    continue
                throw_away(getattr(record, name).name)
            setattr(record, name, self.cleaned_data[name])


class DraftRowForm(DraftForm):
    """A row, with the key of the stored one; one in which nothing is written is none."""

    id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # It can be neither changed nor taken out.
    is_fixed = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = str(self.instance.pk or "")

    @property
    def is_blank(self) -> bool:
        # A choice that is made beforehand says nothing.
        made = {name for name, field in self.fields.items() if field.required and field.initial}
        names = self.fields.keys() - made - {"id"}
        return not self.is_fixed and not any(str(self[name].data or "").strip() for name in names)

    def has_changed(self):
        return not self.is_blank and super().has_changed()

    def full_clean(self):
        # Emptied, the row is taken out: nothing in it is wrong.
        self.empty_permitted = self.is_bound and self.is_blank
        super().full_clean()
