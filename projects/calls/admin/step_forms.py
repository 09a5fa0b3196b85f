"""What an officer says with a step, by the state it leads to."""

from datetime import timedelta

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import LongText

from ..handling import deciding
from ..handling.reports import end_of_work, last_day, today
from ..models import AWARDED, MONTH, MOST_USD, FormSection, ProposalState, ProposalStep

LONGEST_WORDS = 10_000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


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

    on = forms.DateField(label=_("Day"), help_text=_("When it happened."), widget=DayInput)
    words = text_field(_("Message to the institution"), help_text=_("It is included in the email."))
    answer_by_on = forms.DateField(
        label=_("To be answered by"), widget=DayInput, validators=[not_past]
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

    def ask_remarks(self):
        """Ask for a remark on each section, to start from what the readers wrote."""
        read = [one.remarks for one in self.proposal.readings.exclude(finished_at=None)]
        for section in FormSection:
            label = _("Remark: %(section)s") % {"section": section.label}
            words = "\n\n".join(remarks[section] for remarks in read if section in remarks)
            self.fields[f"remark_{section}"] = text_field(label, initial=words)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("This day is in the future."))
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
