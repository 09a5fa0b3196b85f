"""Fields of forms that several apps use."""

from django import forms
from django.utils.text import normalize_newlines


class LongText(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows=0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)

    def to_python(self, value):
        # A browser sends two characters for the end of a line and counts one.
        return super().to_python(normalize_newlines(value) if value else value)
