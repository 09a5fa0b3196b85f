"""Pages of one proposal in the admin: steps, readers, files, the award, reports."""

from functools import partial

from django import forms
from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.admin.mail_preview import MailPreviewPages
from members.models import Affiliation, User
from sscnet.admin.pages import officer
from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.pages.views import private_file
from sscnet.core.personal_data.security_log import log_security

from ..handling import award, deciding, readings, reports
from ..models import Payment, Proposal, ProposalState
from ..proposals import documents
from .step_forms import MAY_DECIDE, ProposalDecisionForm

AwardLetterForm = forms.modelform_factory(Proposal, fields=["conditions"])
PaymentForm = forms.modelform_factory(
    Payment, fields=["paid_on", "amount_usd", "note"], widgets={"paid_on": IsoDateInput}
)


def readers_for(proposal: Proposal) -> QuerySet[User]:
    """Return who may read proposals and has no conflict that the portal knows of."""
    institutions = [
        proposal.institution_id,
        *proposal.partners.exclude(institution=None).values_list("institution", flat=True),
    ]
    concerned = Affiliation.objects.recent().filter(institution__in=institutions)
    staff = ModelBackend().with_perm("calls.change_reading").filter(is_staff=True)
    free = staff.exclude(readings__proposal=proposal).exclude(pk__in=concerned.values("user"))
    return free.order_by("name", "email")


class ReadersForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Readers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People who act for an institution of the proposal are not listed here."),
    )

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        readers = self.fields["readers"]
        readers.queryset = readers_for(proposal)
        if not readers.queryset:
            readers.help_text = _(
                "Nobody is free: who may read is assigned already, declared a conflict of interest"
                " or acts for an institution of the proposal."
            )


class ProposalPages(MailPreviewPages):
    typed = ("number", "words-")

    def views(self):
        return [
            ("<int:pk>/step/<slug:state>/", self.step_view, "step"),
            ("<int:pk>/readers/", self.readers_view, "readers"),
            ("<int:pk>/readings/<int:reading>/", require_POST(self.conflict_view), "conflict"),
            ("<int:pk>/undo/", require_POST(self.undo_view), "undo"),
            ("<int:pk>/paper/<int:row>/", partial(self.file_view, rows="endorsements"), "paper"),
            ("<int:pk>/paper/<int:paper>/confirm/", require_POST(self.confirm_view), "confirm"),
            ("<int:pk>/proposal.docx", partial(self.download_view, extension="docx"), "docx"),
            ("<int:pk>/package.zip", partial(self.download_view, extension="zip"), "package"),
            ("<int:pk>/award/", require_POST(self.award_view), "award"),
            ("<int:pk>/letter/", self.letter_view, "letter"),
            ("<int:pk>/payment/", self.payment_view, "payment"),
            ("<int:pk>/number/", require_POST(self.number_view), "number"),
            ("<int:pk>/report/<int:row>/", partial(self.file_view, rows="reports_due"), "report"),
            ("<int:pk>/report/<int:report>/judge/", require_POST(self.judge_view), "judge"),
            ("<int:pk>/outcome/", require_POST(self.outcome_view), "outcome"),
        ]

    def proposal_of(self, request, pk):
        return get_object_or_404(self.admin.get_queryset(request), pk=pk)

    # -------------------------------------------------------------- steps

    @officer(*MAY_DECIDE)
    def step_view(self, request, pk, state):
        proposal = self.proposal_of(request, pk)
        if state not in ProposalState:
            raise Http404
        after = ProposalState(state)
        form = ProposalDecisionForm(request.POST or None, proposal=proposal, after=after)
        title = capfirst(str(after.label))
        if after == ProposalState.APPROVED == proposal.state:
            title = gettext("Correct the approval")
        return self.ask_first(request, proposal, form, lambda: form.decide(request.user), title)

    @officer(*MAY_DECIDE)
    def undo_view(self, request, pk):
        proposal = self.proposal_of(request, pk)
        work = partial(deciding.undo, proposal, request.user)
        return self.perform(request, proposal, work, confirm=gettext("Undo the step"))

    # -------------------------------------------------------------- readers

    @officer("calls.decide_proposal", "calls.add_reading")
    def conflict_view(self, request, pk, reading):
        """Take back a conflict that a reader declared by mistake; it is another officer's to do."""
        proposal = self.proposal_of(request, pk)
        declared = get_object_or_404(proposal.readings.filter(has_conflict=True), pk=reading)
        return self.perform(request, proposal, partial(readings.take_back_conflict, declared))

    @officer("calls.decide_proposal", "calls.add_reading")
    def readers_view(self, request, pk):
        """Choose readers; show the mails to them first."""
        proposal = self.proposal_of(request, pk)
        form = ReadersForm(request.POST or None, proposal=proposal)

        def work():
            for reader in form.cleaned_data["readers"]:
                readings.assign(proposal, reader, request.user)

        return self.ask_first(request, proposal, form, work, gettext("Assign to readers"))

    # -------------------------------------------------------------- files

    @officer("calls.view_proposal")
    def file_view(self, request, pk, rows, row):
        """Give the file of a paper or of a report."""
        proposal = self.proposal_of(request, pk)
        found = get_object_or_404(getattr(proposal, rows).exclude(file=""), pk=row)
        return private_file(found.file, f"{proposal.reference} {found}")

    @officer(*MAY_DECIDE)
    def confirm_view(self, request, pk, paper):
        """Note that a paper shows what it must: a scan alone proves nothing."""
        proposal = self.proposal_of(request, pk)
        found = get_object_or_404(proposal.endorsements.exclude(file=""), pk=paper)
        return self.perform(request, proposal, partial(found.confirm, request.user))

    @officer("calls.view_proposal")
    def download_view(self, request, pk, extension):
        """Give the documents of a proposal, but not of one that is being mended."""
        proposal = self.proposal_of(request, pk)
        if proposal.is_open:
            raise Http404
        log_security("proposal_taken", proposal=proposal.pk, format=extension)
        proposal = Proposal.objects.for_form().get(pk=proposal.pk)
        return documents.download(proposal, extension, with_chinese="chinese" in request.GET)

    # -------------------------------------------------------------- the award

    @officer(*MAY_DECIDE, "projects.add_project")
    def award_view(self, request, pk):
        proposal = self.proposal_of(request, pk)
        return self.perform(request, proposal, partial(award.make_project, proposal, request.user))

    @officer(*MAY_DECIDE)
    def letter_view(self, request, pk):
        proposal = self.proposal_of(request, pk)
        form = AwardLetterForm(request.POST or None, instance=proposal)
        work = partial(award.issue_letter, proposal, request.user)
        return self.ask_first(request, proposal, form, work, gettext("Issue the letter of award"))

    @officer(*MAY_DECIDE)
    def payment_view(self, request, pk):
        proposal = self.proposal_of(request, pk)
        form = PaymentForm(request.POST or None, instance=Payment(proposal=proposal))
        work = partial(award.pay, form.instance, request.user)
        return self.ask_first(request, proposal, form, work, gettext("Note a payment of the Fund"))

    @officer(*MAY_DECIDE, "projects.add_fundnumber")
    def number_view(self, request, pk):
        proposal = self.proposal_of(request, pk)
        number = request.POST.get("number", "")
        work = partial(award.add_fund_number, proposal, number, request.user)
        return self.perform(request, proposal, work, about="number")

    # -------------------------------------------------------------- reports

    @officer(*MAY_DECIDE)
    def judge_view(self, request, pk, report):
        """Accept a report, or give it back with words."""
        proposal = self.proposal_of(request, pk)
        found = get_object_or_404(proposal.reports_due, pk=report)
        about = f"words-{found.pk}"
        words = request.POST.get(about, "").strip()
        act, confirm = reports.give_back, gettext("Return the report")
        if "_accept" in request.POST:
            act, confirm = reports.accept, gettext("Accept the report")
        work = partial(act, found, by=request.user, words=words)
        return self.perform(request, proposal, work, about, confirm)

    @officer(*MAY_DECIDE, "projects.change_project")
    def outcome_view(self, request, pk):
        """Write to the project what steps and the final report say of it."""
        proposal = self.proposal_of(request, pk)
        return self.perform(request, proposal, partial(award.write_outcome, proposal, request.user))
