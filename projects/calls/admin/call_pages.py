"""The page of the admin that extends a call."""

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import officer

from ..handling import calls
from ..models import Call
from .asking import AskingPages


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class ExtendForm(forms.Form):
    closes_at = forms.DateTimeField(
        label=_("Closes for the Network"),
        help_text=_("Beijing time. Nothing can be sent after this."),
        widget=MomentInput,
    )
    fund_closes_at = forms.DateTimeField(
        label=_("Closes at the Fund"),
        help_text=_("Beijing time. Empty: unchanged."),
        widget=MomentInput,
        required=False,
    )


class CallPages(AskingPages):
    def views(self):
        return [("<int:pk>/extend/", self.extend_view, "extend")]

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
