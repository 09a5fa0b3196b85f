"""Readings in the admin: a reader reads and scores; officers see the scores."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin
from sscnet.admin.lists import related_column
from sscnet.admin.pages import admin_page
from sscnet.core.pages.views import ask_first

from ..handling import readings
from ..models import MOST_POINTS, FormSection, Proposal, ProposalVersion, Reading, Remark
from ..versions import lines_of
from .step_forms import text_field

# Readers are not shown the contact person.
READ = [section for section in FormSection if section != FormSection.CONTACT]


class ScoreForm(forms.Form):
    """Points and a note a criterion; a reading is kept whatever is missing."""

    def __init__(self, *args, reading, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(reading.proposal.call.criteria.all())
        given = {score.criterion_id: score for score in reading.scores.all()}
        for criterion in self.criteria:
            score = given.get(criterion.pk)
            text = gettext("%(criterion)s (weight %(weight)d)")
            self.fields[f"points_{criterion.pk}"] = forms.IntegerField(
                label=text % {"criterion": criterion, "weight": criterion.weight},
                help_text=criterion.note_i18n or gettext("Points from 0 to 10."),
                min_value=0,
                max_value=MOST_POINTS,
                required=False,
                initial=score and score.points,
            )
            self.fields[f"note_{criterion.pk}"] = text_field(
                gettext("Why: %(criterion)s") % {"criterion": criterion},
                initial=score and score.note,
            )
        self.fields["note"] = text_field(gettext("Overall comment"), initial=reading.note)
        for section in READ:
            self.fields[f"remark_{section}"] = text_field(
                gettext("Your remark: %(section)s") % {"section": section.label},
                initial=reading.remarks.get(section),
            )

    @property
    def of_criteria(self):
        return [field for field in self if not field.name.startswith("remark_")]

    def remarks(self):
        texts = {section: self.cleaned_data[f"remark_{section}"] for section in READ}
        return {section.value: text for section, text in texts.items() if text}

    def points(self):
        return {
            one: (self.cleaned_data[f"points_{one.pk}"], self.cleaned_data[f"note_{one.pk}"])
            for one in self.criteria
        }


@admin.register(Reading)
class ReadingAdmin(RecordAdmin):
    reference = related_column("proposal__reference", _("proposal"))
    call = related_column("proposal__call", _("call"))
    list_display = ["reference", "call", "reader", "progress", "assigned_at", "finished_at"]
    list_display_links = ["reference"]
    list_filter = [
        "has_conflict",
        ("finished_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["proposal__reference"]
    actions = None

    def get_queryset(self, request):
        rows = super().get_queryset(request).shown_to(request.user)
        return rows.select_related("proposal__call", "proposal__institution", "reader")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # -------------------------------------------------------------- the page of a reading

    def change_view(self, request, object_id, form_url="", extra_context=None):
        reading = self.get_object(request, unquote(object_id))
        if reading is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, reading):
            raise PermissionDenied
        form = None
        if reading.reader == request.user and self.has_change_permission(request, reading):
            form = ScoreForm(request.POST or None, reading=reading)
        if request.method == "POST":
            if form is None:
                raise PermissionDenied
            if "_conflict" in request.POST:
                return self.declare_conflict(request, reading)
            if form.is_valid() and self.keep(request, reading, form):
                return HttpResponseRedirect("../../" if reading.finished_at else request.path)
        return self.show(request, reading, form)

    def declare_conflict(self, request, reading):
        question = gettext("Do you have a conflict of interest with this proposal?")
        gone = gettext("It is hidden from you at once. Another officer can take this back.")
        answer = gettext("I have one: give the proposal to somebody else")
        if asked := ask_first(request, question, gone, answer, request.path, reading.proposal):
            return asked
        readings.declare_conflict(reading)
        self.message_user(request, gettext("Saved."))
        return HttpResponseRedirect("../../")

    def keep(self, request, reading, form):
        """Keep what the reader sent, unless it cannot be; then the form says why."""
        try:
            note, is_finished = form.cleaned_data["note"], "_finish" in request.POST
            readings.score(reading, form.points(), note, form.remarks(), is_finished=is_finished)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        self.message_user(request, gettext("Saved."))
        return True

    def show(self, request, reading, form):
        version, written = reading.proposal.versions.last(), [] if form else [reading]
        sections = sections_of(reading.proposal, version, form, written)
        context = {
            "original": reading,
            "form": form,
            "sections": [one for one in sections if one["section"] in READ],
            "scores": reading.scores.select_related("criterion"),
        }
        title = gettext("Reading of %(reference)s") % {"reference": reading.proposal.reference}
        return admin_page(self, request, "calls/reading", title, **context)


def sections_of(
    proposal: Proposal, version: ProposalVersion | None, form=None, readings=()
) -> list[dict]:
    """Return the sections in the order of the form, as the template takes them.

    `form` has the boxes of who reads it now; `readings` are those whose remarks are shown.
    """
    lines = lines_of(version) if version else []
    remarks = Remark.objects.filter(step__proposal=proposal, step__undone_at=None)
    remarks = list(remarks.select_related("step"))
    boxes = {field.name: field for field in form or ()}
    return [
        {
            "section": section,
            "lines": [line for line in lines if line.section == section],
            "remarks": [remark for remark in remarks if remark.section == section],
            "readers": [(one.reader, one.remarks.get(section)) for one in readings],
            "box": boxes.get(f"remark_{section}"),
        }
        for section in FormSection
    ]
