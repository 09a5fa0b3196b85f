"""Proposals in the admin: the list, and one page each, where steps are taken.

What an officer may see of them, everywhere: `Proposal.objects.handled_by`.
"""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.catalogue.amounts import usd
from sscnet.admin import CaseFilter, RecordAdmin
from sscnet.admin.lists import related_column
from sscnet.admin.pages import admin_page
from sscnet.changes.words import compare_states
from sscnet.core.i18n.labels import each_language

from ...models import Project
from ..checks.papers import asked_papers, lacks_form_of_fund
from ..handling.award import changes_of
from ..handling.deciding import possible_states, undoable_step
from ..handling.readings import alike, appraisal
from ..handling.reports import overdue
from ..models import AWARDED, Proposal, ReportDue
from ..steps import next_step
from ..versions import differences
from .proposal_pages import ProposalPages
from .readings import sections_of


def with_reports(condition):
    return lambda rows: rows.filter(condition()).distinct()


class ReportFilter(CaseFilter):
    title = _("reports")
    parameter_name = "report"
    cases = {
        "waiting": (
            _("a report is waiting for the Secretariat"),
            with_reports(lambda: Q(reports_due__in=ReportDue.objects.waiting())),
        ),
        "missing": (
            _("a report is still to come"),
            with_reports(lambda: Q(reports_due__in=ReportDue.objects.missing())),
        ),
        "overdue": (_("a report is overdue"), with_reports(overdue)),
    }


def amount_column(name, label, **options):
    """Return a column with an amount in US dollars."""

    @admin.display(description=label, **options)
    def column(_admin, proposal):
        amount = getattr(proposal, name)
        return None if amount is None else usd(amount)

    return column


@admin.register(Proposal)
class ProposalAdmin(RecordAdmin):
    is_read_only = True
    page_classes = [ProposalPages]
    list_per_page = 100
    list_display = [
        "reference",
        "shown_title",
        "state",
        "shown_institution",
        "shown_asked",
        "shown_other",
        "shown_granted",
        "sent_at",
    ]
    list_display_links = ["reference", "shown_title"]
    list_filter = [
        ReportFilter,
        ("call", admin.RelatedOnlyFieldListFilter),
        "state",
        ("area", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["reference", *each_language("title"), *each_language("institution__name")]
    search_help_text = _("Reference, title or institution.")
    actions = None

    def get_queryset(self, request):
        rows = super().get_queryset(request).handled_by(request.user)
        return rows.select_related("institution", "call", "area")

    def for_list(self, queryset):
        return queryset.with_amounts()

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, proposal):
        return str(proposal)

    # The admin keeps names of other records on one line, however long they are.
    shown_institution = related_column("institution", _("institution"))
    shown_asked = amount_column("sum_asked_usd", _("requested, US$"))
    shown_other = amount_column("sum_other_usd", _("other inputs, US$"))
    shown_granted = amount_column("granted_usd", _("granted, US$"), ordering="granted_usd")

    def why_not_shown(self, request, pk: str) -> str:
        """Say why an address leads to no proposal; of what one never saw, nothing else is told."""
        declared = request.user.readings.filter(has_conflict=True)
        if pk in [str(one.proposal_id) for one in declared]:
            return gettext(
                "You declared a conflict of interest with this proposal. If that was a mistake,"
                " another officer can take it back on the proposal’s page."
            )
        return gettext(
            "No proposal is shown to you at this address. You see none of an institution that you"
            " act for, or acted for in the last twelve months."
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            self.message_user(request, self.why_not_shown(request, unquote(object_id)), "WARNING")
            return HttpResponseRedirect("../../")
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        context = {"subtitle": proposal.reference, "original": proposal}
        context |= page_of(request, proposal)
        return admin_page(self, request, "calls/proposal", str(proposal), **context)


def page_of(request, proposal: Proposal) -> dict:
    """Return the context of the page, as it was sent last: a returned one may be in the making."""
    proposal = Proposal.objects.for_form().with_readings().get(pk=proposal.pk)
    versions = list(proposal.versions.select_related("sent_by"))
    shown = chosen(versions, request.GET.get("version"))
    before = versions[versions.index(shown) - 1] if shown and shown is not versions[0] else None
    may_decide = request.user.has_perm("calls.decide_proposal")
    criteria = list(proposal.call.criteria.all())
    finished = [one for one in proposal.readings.all() if one.finished_at]
    return {
        "original": proposal,
        "next_step": next_step(proposal),
        "lacks_form_of_fund": lacks_form_of_fund(proposal),
        "steps": proposal.steps.select_related("by", "undone_by").prefetch_related("remarks"),
        "versions": versions,
        "version": shown,
        "before": before,
        "sections": sections_of(proposal, shown, readings=finished),
        "differences": differences(before, shown) if before else [],
        "alike": alike(proposal),
        "papers": asked_papers(proposal) if not proposal.is_open else [],
        "possible": possible_states(proposal) if may_decide else [],
        "undoable": undoable_step(proposal) if may_decide else None,
        "readings": proposal.readings.all(),
        "appraisal": appraisal(proposal, criteria),
        "reports": proposal.reports_due.select_related("uploaded_by", "accepted_by"),
        "may_decide": may_decide,
        "is_awarded": proposal.state in AWARDED,
        "payments": proposal.payments.select_related("entered_by"),
        "outcome": compare_states(changes_of(proposal), Project),
    }


def chosen(versions: list, number: str | None):
    """Return the version of this number, or the last one; None where there is none."""
    named = [one for one in versions if str(one.number) == number]
    return (named or versions[-1:] or [None])[0]
