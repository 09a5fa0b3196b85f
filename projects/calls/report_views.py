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

from projects.catalogue.amounts import usd
from sscnet.core.forms.fields import LongText
from sscnet.core.forms.typed_fields import DayAsTypedField
from sscnet.core.pages.views import private_file
from sscnet.core.uploads.documents import LETTER_HINT, SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.core.uploads.validators import validate_letter
from sscnet.papers.files import download

from .handling import reports
from .models import AWARDED, ReportDue
from .proposals.entry import entry_to_read
from .proposals.fields import UsdField

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
    spent_usd = UsdField(
        label=gettext_lazy("Spent so far, US$"),
        help_text=gettext_lazy("Of the Fund’s money, since the beginning of the project."),
    )
    spent_on = DayAsTypedField(
        label=gettext_lazy("Spent until"),
        help_text=gettext_lazy("For example 2027-04-21."),
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
        # Nothing spent is said as well, with a 0.
        self.fields["spent_usd"].nothing = None
        for name in ("spent_usd", "spent_on"):
            self.fields[name].required = True
            if report.kind in (ReportDue.Kind.BUDGET, ReportDue.Kind.EXTENSION):
                del self.fields[name]
        if report.kind == ReportDue.Kind.BUDGET:
            self.ask_budget()
        if report.kind == ReportDue.Kind.FINAL:
            self.fields["words"].label = gettext("Outcome")
            self.fields["words"].help_text = OUTCOME
        if report.kind == ReportDue.Kind.EXTENSION:
            self.fields["file"].label = gettext("Request, as a PDF or a scan")
            self.fields["words"].label = gettext("Until when, and why")

    def ask_budget(self):
        """Ask of each budget line what it takes of the grant, in place of a file."""
        del self.fields["file"]
        self.lines = {f"line-{line.pk}": line for line in self.report.proposal.budget_lines.all()}
        for name, line in self.lines.items():
            text = gettext("%(output)s, year %(year)s; requested: %(amount)s")
            output = line.output or capfirst(gettext("the project as a whole"))
            words = {"output": output, "year": line.year, "amount": usd(line.fund_usd)}
            now = line.fund_usd if line.revised_usd is None else line.revised_usd
            self.fields[name] = UsdField(label=str(line), help_text=text % words, initial=now)
        self.order_fields([*self.lines, "words"])

    def clean(self):
        data = super().clean()
        if self.report.kind == ReportDue.Kind.BUDGET:
            data["amounts"] = {line.pk: data.pop(name, 0) for name, line in self.lines.items()}
        return data

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
def award_letter(request, entry):
    if not entry.proposal.has_letter:
        raise Http404
    return download(entry.proposal.award_letter)


@entry_to_read
@require_safe
def report_file(request, entry, report):
    found = get_object_or_404(entry.proposal.reports_due.exclude(file=""), pk=report)
    return private_file(found.file, f"{entry.proposal.reference} {found}")
