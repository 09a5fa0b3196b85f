"""What an officer says with a step, by its state; and steps of many proposals at once."""

from copy import deepcopy
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.admin.mail_preview import MailPreviewPages
from sscnet.admin.pages import officer
from sscnet.core.forms.fields import IsoDateInput, LongText
from sscnet.core.forms.typed_fields import PastDayField

from ..handling import deciding
from ..handling.reports import end_of_work, last_day, today
from ..models import (
    AWARDED,
    MONTH,
    MOST_USD,
    Call,
    FormSection,
    Proposal,
    ProposalState,
    ProposalStep,
)

LONGEST_WORDS = 10_000
# Who takes steps sees the page of the proposal, where they are taken.
MAY_DECIDE = ("calls.view_proposal", "calls.decide_proposal")


def text_field(label, **options):
    return LongText(label=label, required=False, rows=3, max_length=LONGEST_WORDS, **options)


def not_past(day) -> None:
    if day <= today():
        raise forms.ValidationError(_("Leave the institution at least one day."))


GROUNDS = [("", "---------"), *((one.value, one.label) for one in ProposalStep.Ground if one)]
# What is asked for one state alone.
ASKED_FOR = {
    **deciding.WRITTEN,
    ProposalState.NOT_RECOMMENDED: ["ground"],
    ProposalState.EXTENDED: ["extended_to"],
}


class ProposalDecisionForm(forms.Form):
    """A step with its day and words, and what the state it leads to needs (`ASKED_FOR`)."""

    on = PastDayField(
        label=_("Day"), help_text=_("When it happened."), widget=IsoDateInput, required=True
    )
    words = text_field(_("Message to the institution"), help_text=_("It is included in the email."))
    answer_by_on = forms.DateField(
        label=_("To be answered by"), widget=IsoDateInput, validators=[not_past]
    )
    ground = forms.ChoiceField(label=_("Reason"), choices=GROUNDS)
    approval_meeting = forms.CharField(
        label=_("Approved by"), max_length=200, help_text=_("The meeting and its number.")
    )
    granted_usd = forms.IntegerField(
        label=_("Granted, US$"),
        min_value=1,
        max_value=MOST_USD,
        help_text=_("If this is not what was requested, a revised budget is due."),
    )
    extended_to = forms.RegexField(
        MONTH,
        label=_("New end"),
        help_text=_("A month: 2028-06."),
        error_messages={"invalid": _("Write a month like 2027-04.")},
    )

    def __init__(self, *args, proposal, after):
        last = today() + timedelta(days=proposal.call.answer_days)
        initial = {"on": today(), "answer_by_on": last, "granted_usd": proposal.asked_usd}
        super().__init__(*args, initial=initial)
        self.proposal, self.after = proposal, after
        for state, names in ASKED_FOR.items():
            for name in names if state != after else ():
                self.fields.pop(name, None)
        if after == ProposalState.RETURNED:
            self.ask_remarks()
        if after == ProposalState.APPROVED == proposal.state:
            # Put right, with the reason.
            self.initial |= {name: getattr(proposal, name) for name in deciding.WRITTEN[after]}
            self.initial["on"] = proposal.approved_on
            self.fields["words"].required = True

    def ask_remarks(self):
        """Ask for a remark on each section, to start from what the readers wrote."""
        read = [one.remarks for one in self.proposal.readings.exclude(finished_at=None)]
        for section in FormSection:
            label = _("Remark: %(section)s") % {"section": section.label}
            words = "\n\n".join(remarks[section] for remarks in read if section in remarks)
            self.fields[f"remark_{section}"] = text_field(label, initial=words)

    def clean_on(self):
        day = self.cleaned_data["on"]
        before = self.proposal.steps.filter(undone_at=None, after__in=AWARDED).last()
        if before and day < before.on:
            words = {"step": before.get_after_display(), "day": date_format(before.on)}
            text = gettext("The step before this one, “%(step)s”, was on %(day)s.")
            raise forms.ValidationError(text % words)
        return day

    def clean_extended_to(self):
        month, end = self.cleaned_data["extended_to"], end_of_work(self.proposal)
        if end and last_day(month) <= end:
            text = gettext("The work ends on %(day)s already: give a later month.")
            raise forms.ValidationError(text % {"day": date_format(end)})
        return month

    def clean(self):
        data = super().clean()
        if self.after == ProposalState.RETURNED and not self.errors and not self.remarks:
            raise forms.ValidationError(_("Write at least one remark: what needs to be corrected?"))
        is_other = data.get("ground") == ProposalStep.Ground.OTHER
        if is_other and not data.get("words"):
            self.add_error("words", _("Give the reason in words."))
        return data

    @property
    def remarks(self) -> dict[str, str]:
        texts = {section: self.cleaned_data.get(f"remark_{section}") for section in FormSection}
        return {str(section): text for section, text in texts.items() if text}

    def decide(self, by) -> None:
        """Take the step with what was said."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if value and not name.startswith("remark_")
        }
        deciding.decide(self.proposal, self.after, by, remarks=self.remarks, **said)


# ------------------------------------------------------------------ many at once

# What takes words for each proposal is done on its own page.
ALONE = {ProposalState.RETURNED, ProposalState.EXTENDED}


def new_states(proposal) -> set[ProposalState]:
    return {*deciding.possible_states(proposal)} - ALONE - {ProposalState(proposal.state)}


def outcomes(proposals) -> list[tuple]:
    """Return the states that some of the proposals can be brought to, in their order."""
    possible = {state for one in proposals for state in new_states(one)}
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
        if not after or after not in new_states(self.proposal):
            return
        data = common | {"granted_usd": self.cleaned_data["granted_usd"]}
        form = ProposalDecisionForm(data, proposal=self.proposal, after=ProposalState(after))
        found = [error for errors in form.errors.values() for error in errors]
        try:
            if not found:
                form.decide(by)
        except ValidationError as error:
            found = error.messages
        if found:
            raise ValidationError([f"{self.proposal.reference}: {error}" for error in found])


class MeetingOfCommitteeForm(forms.Form):
    """What holds for all: the day, the meeting, the words; `rows` are the proposals."""

    after = forms.ChoiceField(
        label=_("Outcome of all that have none of their own below"), required=False
    )

    def __init__(self, data, proposals):
        super().__init__(data)
        for name in ("on", "approval_meeting", "words", "ground"):
            self.fields[name] = deepcopy(ProposalDecisionForm.base_fields[name])
            self.fields[name].required = name == "on"
        self.fields["on"].initial = today()
        self.fields["ground"].help_text = _("For those not recommended.")
        self.fields["after"].choices = outcomes(proposals)
        self.rows = [OutcomeForm(data, proposal) for proposal in proposals]

    def is_valid(self):
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @transaction.atomic
    def decide(self, by) -> None:
        for row in self.rows:
            row.decide(self.cleaned_data, by)


class DecisionPages(MailPreviewPages):
    def views(self):
        return [("<int:pk>/decisions/", self.decisions_view, "decisions")]

    @officer(*MAY_DECIDE)
    def decisions_view(self, request, pk):
        """Take a step with many proposals of a call: show every mail first, then do it."""
        call = get_object_or_404(Call, pk=pk)
        proposals = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        proposals = proposals.select_related("institution", "call", "award_letter").order_by(
            "reference"
        )
        proposals = proposals.prefetch_related("payments")
        open_ones = [one for one in proposals if new_states(one)]
        form = MeetingOfCommitteeForm(request.POST or None, open_ones)
        title = gettext("Decisions of the Committee")
        return self.ask_first(
            request, call, form, lambda: form.decide(request.user), title, "calls/decisions"
        )
