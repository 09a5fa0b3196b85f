"""The forms of a meeting's desk."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from .messages import GROUPS, Words


class MessageForm(forms.Form):
    """A message in both languages to one group of delegations."""

    group = forms.ChoiceField(choices=list(GROUPS.items()), label=_("To"))
    subject = forms.CharField(max_length=150, label=_("Subject in English"))
    subject_zh_hans = forms.CharField(max_length=150, label=_("Subject in Chinese"))
    text = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        label=_("Text in English"),
        help_text=_("A blank line begins a new paragraph."),
    )
    text_zh_hans = forms.CharField(
        max_length=5000, widget=forms.Textarea(attrs={"rows": 8}), label=_("Text in Chinese")
    )
    # Made with the form: what is sent twice by mistake is one sending.
    sending = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    @property
    def words(self) -> Words:
        names = ("subject", "subject_zh_hans", "text", "text_zh_hans")
        return Words(**{name: self.cleaned_data[name] for name in names})
