"""Fields of forms that several apps use."""

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.text import normalize_newlines

from sscnet.core.i18n.collation import sort_key


class LongText(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows=0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)

    def to_python(self, value):
        # A browser sends two characters for the end of a line and counts one.
        return super().to_python(normalize_newlines(value) if value else value)


class NamesInOrder(ModelChoiceIterator):
    """Records by their names, Chinese ones by pinyin, which the database does not sort by."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        records = map(self.choice, self.queryset)
        yield from sorted(records, key=lambda choice: sort_key(str(choice[1])))


class RecordChoiceField(forms.ModelChoiceField):
    iterator = NamesInOrder


class RecordsChoiceField(forms.ModelMultipleChoiceField):
    iterator = NamesInOrder


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")
