"""Pages of a call for officers: the figures of its round, all proposals compared, one sheet."""

from collections import Counter
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from sscnet.admin.pages import officer
from sscnet.core.pages.views import DO_NOT_KEEP
from sscnet.core.personal_data.security_log import log_security
from sscnet.exchange.writing.formats import FORMATS
from sscnet.figures.figure import Figure, Number
from sscnet.figures.files import short_answer
from sscnet.figures.section import FigureSection

from ..handling.readings import appraisal
from ..models import Call, Proposal, ProposalState, ProposalStep
from ..public.rounds import NONE, ProposalGroup, Round, headers
from .asking import AskingPages
from .sheet import sheet_of

LINKED = {"area": "area__id__exact", "country": "country"}


class RoundPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/round/", self.round_view, "round"),
            ("<int:pk>/round.csv", self.round_file_view, "round_file"),
            ("<int:pk>/comparison/", self.comparison_view, "comparison"),
            ("<int:pk>/proposals.<slug:kind>", self.sheet_view, "sheet"),
        ]

    def round_of(self, request, call):
        handled = Proposal.objects.handled_by(request.user)
        return Round(call, handled, lambda group: lists_of(call, group))

    # -------------------------------------------------------------- figures

    @officer("calls.decide_proposal")
    def round_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        found = self.round_of(request, call)
        context = {"sections": [*found.sections, *sections_of_steps(call, found.all)]}
        return self.show_or_print(request, call, "round", gettext("The round in figures"), context)

    def show_or_print(self, request, call, name, title, context):
        """Show a page within the admin, or alone, as it is printed."""
        if "print" in request.GET:
            context |= {"title": title, "call": call, "is_printed": True}
            return TemplateResponse(request, f"admin/calls/print_{name}.html", context)
        return self.show(request, call, name, title, **context)

    @officer("calls.decide_proposal")
    def round_file_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        found = self.round_of(request, call)
        response = short_answer(f"round-{call.slug}", "csv", headers(), found.sections)
        response["Cache-Control"] = DO_NOT_KEEP
        return response

    # -------------------------------------------------------------- proposals side by side

    def compared(self, request, call):
        """Return all proposals of the call that the officer handles, with what they score."""
        rows = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        rows = rows.with_amounts().with_readings().select_related("institution", "area")
        rows = rows.prefetch_related("proposal_countries__country").order_by("reference")
        criteria = list(call.criteria.all())
        return criteria, [appraisal(proposal, criteria) for proposal in rows]

    @officer("calls.decide_proposal")
    def comparison_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        criteria, appraisals = self.compared(request, call)
        context = {"criteria": criteria, "appraisals": appraisals}
        title = gettext("All proposals compared")
        return self.show_or_print(request, call, "comparison", title, context)

    @officer("calls.decide_proposal")
    def sheet_view(self, request, pk, kind):
        call = get_object_or_404(Call, pk=pk)
        if kind not in FORMATS:
            raise Http404
        criteria, appraisals = self.compared(request, call)
        log_security("proposals_exported", call=call.pk, format=kind, rows=len(appraisals))
        content = FORMATS[kind].write(gettext("Proposals"), *sheet_of(appraisals, criteria))
        return FORMATS[kind].download(content, f"proposals-{call.slug}")


def listed(call, **filters) -> str:
    """Return the address of the list of proposals behind a figure."""
    query = urlencode({"call__id__exact": call.pk} | filters)
    return f"{reverse('admin:calls_proposal_changelist')}?{query}"


def lists_of(call, group: ProposalGroup) -> list[str]:
    filters = {}
    if group.table == "area" and group.key == NONE:
        filters = {"area__isnull": "True"}
    elif group.table:
        filters = {LINKED[group.table]: group.key}
    sent, awarded = (listed(call, standing=one, **filters) for one in ("sent", "awarded"))
    return [sent, awarded, sent, awarded]


def sections_of_steps(call, proposals: list[Proposal]) -> list[FigureSection]:
    """Return where the proposals stand, and why some were refused."""
    states = Counter(one.state for one in proposals)
    refused = Counter(ground for one in proposals for ground in grounds_of(one))
    by_state = [
        Figure(str(state.label), [Number(states[state], listed(call, state__exact=state.value))])
        for state in ProposalState
        if states[state]
    ]
    by_ground = [
        Figure(str(ground.label), [Number(refused[ground], listed(call, ground=ground.value))])
        for ground in ProposalStep.Ground
        if ground and refused[ground]
    ]
    sections = [FigureSection("states", gettext("Current status"), figures=by_state)]
    if by_ground:
        sections.append(FigureSection("grounds", gettext("Reasons for refusal"), figures=by_ground))
    return sections


def grounds_of(proposal: Proposal) -> set[str]:
    refused = ProposalState.NOT_RECOMMENDED
    steps = (step for step in proposal.steps.all() if not step.undone_at)
    return {step.ground for step in steps if step.after == refused}
