"""Readings in the admin: a reader declares, reads and scores; officers see the scores."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin
from sscnet.admin.pages import admin_page

from ..handling import readings
from ..models import MOST_POINTS, FormSection, Reading
from ..versions.differences import lines_of
from .step_forms import text_field

PROGRESS = {
    "to_declare": _("to be declared"),
    "conflict": _("conflict of interest"),
    "reading": _("being read"),
    "finished": _("finished"),
}


class DeclareForm(forms.Form):
    has_conflict = forms.TypedChoiceField(
        label=_("Conflict of interest"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", _("I have no conflict of interest with this proposal.")),
            ("yes", _("I have one: give the proposal to somebody else.")),
        ],
        widget=forms.RadioSelect,
    )


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

    def points(self):
        return {
            one: (self.cleaned_data[f"points_{one.pk}"], self.cleaned_data[f"note_{one.pk}"])
            for one in self.criteria
        }


@admin.register(Reading)
class ReadingAdmin(RecordAdmin):
    list_display = ["reference", "call", "reader", "progress", "assigned_at", "finished_at"]
    list_display_links = ["reference"]
    list_filter = [
        ("declared_at", admin.EmptyFieldListFilter),
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

    @admin.display(description=_("proposal"), ordering="proposal__reference")
    def reference(self, reading):
        return reading.proposal.reference

    @admin.display(description=_("call"))
    def call(self, reading):
        return reading.proposal.call

    @admin.display(description=_("standing"))
    def progress(self, reading):
        return PROGRESS[reading.progress]

    # -------------------------------------------------------------- the page of a reading

    def change_view(self, request, object_id, form_url="", extra_context=None):
        reading = self.get_object(request, unquote(object_id))
        if reading is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, reading):
            raise PermissionDenied
        form = self.form_of(request, reading)
        if request.method == "POST" and (form is None or not form.is_bound):
            raise PermissionDenied
        if form and form.is_valid() and self.keep(request, reading, form):
            return HttpResponseRedirect(self.back(reading, request))
        return self.show(request, reading, form)

    def form_of(self, request, reading):
        """Return the form that is next for the reader; for everybody else there is none."""
        if reading.reader != request.user or not self.has_change_permission(request, reading):
            return None
        data = request.POST or None
        if reading.has_conflict is None:
            return DeclareForm(data)
        return ScoreForm(data, reading=reading)

    def keep(self, request, reading, form):
        """Keep what the reader sent, unless it cannot be; then the form says why."""
        try:
            if isinstance(form, DeclareForm):
                readings.declare(reading, **form.cleaned_data)
            else:
                is_finished = "_finish" in request.POST
                note = form.cleaned_data["note"]
                readings.score(reading, form.points(), note, is_finished=is_finished)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        self.message_user(request, gettext("Saved."))
        return True

    def back(self, reading, request):
        """Return where to go on: to the list once there is nothing more to do here."""
        if reading.has_conflict or reading.finished_at:
            return "../../"
        return request.get_full_path()

    def show(self, request, reading, form):
        is_open = reading.has_conflict is False or reading.reader != request.user
        version = reading.proposal.versions.last() if is_open else None
        lines = lines_of(version) if version else []
        context = {
            "original": reading,
            "form": form,
            "is_own": reading.reader == request.user,
            "is_declaring": isinstance(form, DeclareForm),
            "lines": [one for one in lines if one.section != FormSection.CONTACT],
            "scores": reading.scores.select_related("criterion"),
        }
        title = gettext("Reading of %(reference)s") % {"reference": reading.proposal.reference}
        return admin_page(self, request, "calls/reading", title, **context)
