"""/my/<institution>/proposals/<pk>/reports/: what is due, and uploading it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from sscnet.core.forms.fields import LongText
from sscnet.core.pages.views import private_file
from sscnet.core.uploads import LETTER_HINT, SEVERAL_DOCUMENTS_BYTES, takes_files, validate_letter

from .handling import reports
from .models import AWARDED, ReportDue
from .proposals.entry import entry_to_read

LONGEST_WORDS = 10_000
OUTCOME = gettext_lazy(
    "The results of the project, in a few sentences. The catalogue shows them when the "
    "Secretariat has accepted the report."
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Report, as a PDF or a scan"),
        help_text=LETTER_HINT,
        validators=[validate_letter],
    )
    words = LongText(
        label=gettext_lazy("Message to the Secretariat"),
        required=False,
        max_length=LONGEST_WORDS,
        rows=6,
    )

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, prefix=f"{report.kind}-{report.pk or 'new'}", **kwargs)
        self.report = report
        if report.kind == ReportDue.Kind.FINAL:
            self.fields["words"].label = gettext("Outcome")
            self.fields["words"].help_text = OUTCOME
        if report.kind == ReportDue.Kind.EXTENSION:
            self.fields["file"].label = gettext("Request, as a PDF or a scan")
            self.fields["words"].label = gettext("Until when, and why")

    @property
    def whose(self) -> str:
        """Return which report it is, for the list of what is wrong."""
        return capfirst(self.report.get_kind_display())


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_read
def report_list(request, entry):
    if entry.proposal.state not in AWARDED:
        raise Http404
    forms_of = forms_for(request, entry)
    sent = [form for form in forms_of if form.is_bound]
    if request.method == "POST" and not entry.may_edit:
        raise PermissionDenied
    if sent and all(form.is_valid() for form in sent) and keep(request, sent):
        return redirect("calls:reports", entry.proposal.institution.slug, entry.proposal.pk)
    context = {
        "entry": entry,
        "reports": entry.proposal.reports_due.select_related("uploaded_by"),
        "forms": forms_of,
    }
    return render(request, "calls/proposal/reports.html", context)


def forms_for(request, entry):
    """Return a form for each report to upload, and one to ask for an extension."""
    if not entry.may_edit:
        return []
    proposal = entry.proposal
    wanted = list(proposal.reports_due.missing())
    has_asked = proposal.reports_due.filter(kind=ReportDue.Kind.EXTENSION, accepted_at=None)
    if proposal.state in reports.BEGUN and not has_asked.exists():
        kind = ReportDue.Kind.EXTENSION
        wanted.append(ReportDue(proposal=proposal, kind=kind, due_on=reports.today()))
    made = []
    for report in wanted:
        form = UploadForm(request.POST, request.FILES, report=report)
        # Whichever button is pressed, all that was typed is kept.
        is_sent = request.POST.get("report") == form.prefix or form.has_changed()
        made.append(form if is_sent else UploadForm(report=report))
    return made


@transaction.atomic
def keep(request, sent):
    for form in sent:
        try:
            reports.upload(form.report, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            transaction.set_rollback(True)
            return False
    messages.success(request, gettext("The report is uploaded. The Secretariat will read it."))
    return True


@entry_to_read
@require_safe
def report_file(request, entry, report):
    found = get_object_or_404(entry.proposal.reports_due.exclude(file=""), pk=report)
    return private_file(found.file, f"{entry.proposal.reference} {found}")
