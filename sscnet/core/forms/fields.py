"""Fields of forms that several apps use."""

from datetime import date

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


class IsoDateInput(forms.DateInput):
    """A browser's date box, filled in as 2027-06-30 in every language.

    A browser shows no other text in it, and what is not shown is gone with the next save. So what
    is no such date stands in a text box.
    """

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not is_iso_date(shown):
            context["widget"]["type"] = "text"
        return context


def is_iso_date(text: str) -> bool:
    """Return whether a text is a day as browsers write it: 2027-06-30."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class IsoDateAndTimeInput(forms.SplitDateTimeWidget):
    """A date box and a box for hours and minutes, each as browsers fill it in."""

    def __init__(self, date_attrs=None, time_attrs=None):
        super().__init__()
        self.widgets = [
            IsoDateInput(date_attrs),
            forms.TimeInput({"type": "time", **(time_attrs or {})}, format="%H:%M"),
        ]


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")
