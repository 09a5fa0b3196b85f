"""The page of a call on which officers enter what was decided on many proposals."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin.pages import officer

from ..handling import deciding
from ..handling.reports import today
from ..models import MOST_USD, Call, Proposal, ProposalState
from .asking import AskingPages
from .proposal_pages import MAY_DECIDE
from .step_forms import GROUNDS, DayInput, ProposalDecisionForm, text_field

# What takes words for each proposal is done on its own page.
ALONE = {ProposalState.RETURNED, ProposalState.EXTENDED}


def outcomes(proposals) -> list[tuple]:
    """Return the states that some of the proposals can be brought to, in their order."""
    possible = {state for one in proposals for state in deciding.possible_states(one)} - ALONE
    return [
        ("", "---------"),
        *((one.value, one.label) for one in ProposalState if one in possible),
    ]


class OutcomeForm(forms.Form):
    """What was decided on one proposal; empty is what was decided on the others."""

    after = forms.ChoiceField(label=pgettext_lazy("decision", "Outcome"), required=False)
    granted_usd = forms.IntegerField(
        label=_("Granted, US$"), required=False, min_value=1, max_value=MOST_USD
    )

    def __init__(self, data, proposal):
        initial = {"granted_usd": proposal.asked_usd}
        super().__init__(data, prefix=str(proposal.pk), initial=initial)
        self.proposal = proposal
        self.fields["after"].choices = outcomes([proposal])

    def decide(self, common: dict, by) -> None:
        after = self.cleaned_data["after"] or common["after"]
        if not after or after not in deciding.possible_states(self.proposal):
            return
        data = common | {"granted_usd": self.cleaned_data["granted_usd"]}
        form = ProposalDecisionForm(data, proposal=self.proposal, after=ProposalState(after))
        if not form.is_valid():
            found = (error for errors in form.errors.values() for error in errors)
            raise ValidationError([f"{self.proposal.reference}: {error}" for error in found])
        form.decide(by)


class MeetingOfCommitteeForm(forms.Form):
    """What holds for all: the day, the meeting, the words; `rows` are the proposals."""

    after = forms.ChoiceField(
        label=_("Outcome of all that have none of their own below"), required=False
    )
    on = forms.DateField(label=_("Day"), initial=today, widget=DayInput)
    approval_meeting = forms.CharField(
        label=_("Approved by"),
        max_length=200,
        required=False,
        help_text=_("The meeting and its number."),
    )
    words = text_field(_("Message to the institution"), help_text=_("It is included in the email."))
    ground = forms.ChoiceField(
        label=_("Reason"),
        choices=GROUNDS,
        required=False,
        help_text=_("For those not recommended."),
    )

    def __init__(self, data, proposals):
        super().__init__(data)
        self.fields["after"].choices = outcomes(proposals)
        self.rows = [OutcomeForm(data, proposal) for proposal in proposals]

    def is_valid(self):
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @transaction.atomic
    def decide(self, by) -> None:
        for row in self.rows:
            row.decide(self.cleaned_data, by)


class DecisionPages(AskingPages):
    def views(self):
        return [("<int:pk>/decisions/", self.decisions_view, "decisions")]

    @officer(*MAY_DECIDE)
    def decisions_view(self, request, pk):
        """Take a step with many proposals of a call: show every mail first, then do it."""
        call = get_object_or_404(Call, pk=pk)
        proposals = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        proposals = proposals.select_related("institution", "call").order_by("reference")
        open_ones = [one for one in proposals if set(deciding.possible_states(one)) - ALONE]
        form = MeetingOfCommitteeForm(request.POST or None, open_ones)
        title = gettext("Decisions of the Committee")
        return self.ask_first(
            request, call, form, lambda: form.decide(request.user), title, "decisions"
        )
