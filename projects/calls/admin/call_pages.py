"""Pages of one call in the admin: extend it, give a late pass, put it away."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.admin.pages import officer

from ..handling import calls
from ..models import Call, LatePass
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


class LatePassForm(forms.ModelForm):
    class Meta:
        model = LatePass
        fields = ["institution", "closes_at", "reason"]
        widgets = {
            "closes_at": MomentInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, instance=LatePass(call=call), **kwargs)
        self.fields["institution"].queryset = Institution.objects.published().alphabetical()

    def clean_closes_at(self):
        closes_at = self.cleaned_data["closes_at"]
        if closes_at <= self.instance.call.closes_at:
            raise ValidationError(_("The call itself closes later than that."))
        return closes_at


class CallPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/extend/", self.extend_view, "extend"),
            ("<int:pk>/late-pass/", self.late_pass_view, "late_pass"),
            ("<int:pk>/archive/", self.archive_view, "archive"),
        ]

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

    @officer("calls.add_latepass")
    def late_pass_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        form = LatePassForm(request.POST or None, call=call)
        work = partial(calls.grant_late_pass, form.instance, request.user)
        return self.ask_first(request, call, form, work, gettext("Give a late pass"))

    @officer("calls.publish_call")
    def archive_view(self, request, pk):
        """Put the call away, or take it back."""
        call = get_object_or_404(Call, pk=pk)
        if request.method == "POST":
            work = partial(calls.archive, call, is_archived=not call.archived_at)
            return self.perform(request, call, work)
        title = gettext("Take it out of the archive") if call.archived_at else gettext("Archive")
        return self.show(request, call, "archive", title)
