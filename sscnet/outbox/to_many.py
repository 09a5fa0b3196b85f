"""A message that officers write to many: its form, and the mails shown before they are sent."""

import uuid
from collections.abc import Callable

from django import forms
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.changes.trial import trial
from sscnet.core.forms.fields import LongText

from . import post

MAILS_A_PAGE = 25
# Which page of the mails is asked for, by the button of a form.
PAGE = "mails"


def of_language(english: str, chinese: str) -> str:
    return chinese if get_language() == "zh-hans" else english


# In the language in which the mail is being made.
in_each_language = lazy(of_language, str)


class MessageForm(forms.Form):
    """A message in both languages."""

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

    @property
    def words(self) -> dict:
        data = self.cleaned_data
        return {
            "subject": in_each_language(data["subject"], data["subject_zh_hans"]),
            "text": in_each_language(data["text"], data["text_zh_hans"]),
        }


@transaction.atomic
def show_or_send[T](model_admin, request, receivers: list[T], write: Callable) -> Page | None:
    """Return a page of the mails, to be looked at; None once they are confirmed and written.

    Only those on the page are written and rolled back, as each stands alone.
    """
    if "_confirmed" in request.POST:
        write(receivers)
        n = len(receivers)
        text = ngettext("%(n)d email is being sent.", "%(n)d emails are being sent.", n)
        model_admin.message_user(request, text % {"n": n})
        return None
    page = page_of(request, receivers)
    with trial(), post.collecting() as written:
        write(page.object_list)
    page.object_list = written
    return page


def page_of(request, rows: list) -> Page:
    return Paginator(rows, MAILS_A_PAGE).get_page(request.POST.get(PAGE))
