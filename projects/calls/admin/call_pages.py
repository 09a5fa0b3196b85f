"""The pages of the admin that extend a call, and make the next one from it."""

from datetime import timedelta

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import admin_page, officer

from ..handling import calls
from ..models import Call
from .asking import AskingPages


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class ClosingForm(forms.Form):
    closes_at = forms.DateTimeField(
        label=_("Closes for the Network"),
        help_text=_("Beijing time. Nothing can be sent after this."),
        widget=MomentInput,
    )


class ExtendForm(ClosingForm):
    fund_closes_at = forms.DateTimeField(
        label=_("Closes at the Fund"),
        help_text=_("Beijing time. Empty: unchanged."),
        widget=MomentInput,
        required=False,
    )


class CallPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/extend/", self.extend_view, "extend"),
            ("<int:pk>/next/", self.next_view, "next"),
        ]

    @officer("calls.add_call")
    def next_view(self, request, pk):
        """Make the next call from this one, after saying what comes along."""
        call = get_object_or_404(Call, pk=pk)
        initial = {"closes_at": call.closes_at + timedelta(weeks=52)}
        form = ClosingForm(request.POST or None, initial=initial)
        if form.is_valid():
            new = calls.make_next(call, **form.cleaned_data)
            text = gettext("“%(call)s” is a draft. Check its title and dates first.")
            self.admin.message_user(request, text % {"call": new})
            return HttpResponseRedirect(self.admin.change_url(new))
        context = {
            "form": form,
            "original": call,
            "back": self.admin.change_url(call),
            "copied": gettext("Copied: texts, rules, areas, required papers, criteria."),
            "left_behind": gettext("Not copied: proposals, documents, sources."),
        }
        title = gettext("Make the next call from this one")
        return admin_page(self.admin, request, "core/next", title, **context)

    @officer("calls.publish_call")
    def extend_view(self, request, pk):
        """Extend the call: show every mail first, then do it."""
        call = get_object_or_404(Call, pk=pk)
        initial = {"closes_at": call.closes_at, "fund_closes_at": call.fund_closes_at}
        form = ExtendForm(request.POST or None, initial=initial)
        title = gettext("Extend the call")
        return self.ask_first(
            request, call, form, lambda: calls.extend(call, **form.cleaned_data), title
        )
