"""The form of a project in the admin: what to write into each field."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.formsets import RecordForm


class ProjectForm(RecordForm):
    class Meta:
        help_texts = {
            "title": _("As the source gives it."),
            "status": _("What the source says, on the day it says so."),
            "summary": _(
                "Two or three sentences: who did what, where and for whom. The first stands in"
                " lists."
            ),
            "challenge": _("The problem that the project set out to solve."),
            "approach": _("What was done, and how knowledge was shared."),
            "outcome": _("What came of it, as a source says."),
            "year_approved": _("Lists are filtered and sorted by it."),
            "approved_on": _("Write the date as 2019-05-12."),
            "approval_meeting": _("The meeting of the Group of 77, as the source names it."),
            "planned_start_on": _("As the proposal says."),
            "actual_start_on": _("Only if a source says so, as also the end."),
            "duration_as_stated": _("In the words of the source."),
            "participants_as_stated": _("In the words of the source."),
            "granted_usd": _("From the Fund, in US dollars. You may write 35,000."),
            "other_inputs_usd": _("What all others gave, in cash and in kind, in US dollars."),
            "gender_marker": _("The OECD-DAC marker of gender equality."),
            "gender_evidence": _("The sentence of the source that the marker rests on."),
            "beneficiaries": _("Who they were, in words."),
            "beneficiaries_number": _("Only if a source gives a number."),
            "women_beneficiaries_number": _("Of the number of beneficiaries."),
        }
