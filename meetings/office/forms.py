"""The forms of a meeting's desk."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.forms.fields import LongText

from ..models import Delegation
from .messages import CHOSEN, GROUPS, MessageText


class MessageForm(forms.Form):
    """A message in both languages to one group of delegations, or to those chosen in a list."""

    group = forms.ChoiceField(label=pgettext_lazy("mail", "To"))
    chosen = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )
    subject = forms.CharField(max_length=150, label=_("Subject in English"))
    subject_zh_hans = forms.CharField(max_length=150, label=_("Subject in Chinese"))
    text = LongText(
        max_length=5000,
        rows=8,
        label=_("Text in English"),
        help_text=_("A blank line begins a new paragraph."),
    )
    text_zh_hans = LongText(max_length=5000, rows=8, label=_("Text in Chinese"))
    # Made with the form: what is sent twice by mistake is one sending.
    sending = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = meeting.delegations.all()
        groups = {name: label for name, label in GROUPS.items() if name != CHOSEN}
        if self["chosen"].value():
            groups = {CHOSEN: GROUPS[CHOSEN]} | groups
        self.fields["group"].choices = groups.items()

    @property
    def words(self) -> MessageText:
        names = ("subject", "subject_zh_hans", "text", "text_zh_hans")
        return MessageText(**{name: self.cleaned_data[name] for name in names})
