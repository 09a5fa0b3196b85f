"""A word to type before something is erased for good."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

WORD = pgettext_lazy("to type", "erase")


class ConfirmationForm(forms.Form):
    word = forms.CharField(
        max_length=30, widget=forms.TextInput({"autocomplete": "off"}), label=_("Confirmation")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = gettext("Type the word “%(word)s”: this cannot be undone.")
        self.fields["word"].help_text = text % {"word": WORD}

    def clean_word(self):
        word = self.cleaned_data["word"]
        if word.casefold() != str(WORD).casefold():
            text = gettext("This is not the word “%(word)s”; nothing was erased.")
            raise ValidationError(text % {"word": WORD})
        return word
