"""Pages of a call for officers: all its proposals compared, and as one sheet."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from sscnet.admin.pages import officer
from sscnet.core.personal_data.security_log import log_security
from sscnet.exchange.writing.formats import FORMATS

from ..handling.readings import appraisal
from ..models import Call, Proposal
from .asking import AskingPages
from .sheet import sheet_of, totals_of


class ComparisonPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/comparison/", self.comparison_view, "comparison"),
            ("<int:pk>/proposals.<slug:kind>", self.sheet_view, "sheet"),
        ]

    def compared(self, request, call):
        """Return all proposals of the call that the officer handles, with what they score."""
        rows = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        rows = rows.with_amounts().with_readings().select_related("institution", "area", "project")
        rows = rows.prefetch_related("proposal_countries__country", "project__fund_numbers")
        rows = rows.order_by("reference")
        criteria = list(call.criteria.all())
        return [appraisal(proposal, criteria) for proposal in rows]

    @officer("calls.decide_proposal")
    def comparison_view(self, request, pk):
        call = get_object_or_404(Call, pk=pk)
        title = gettext("All proposals compared")
        appraisals = self.compared(request, call)
        context = {"appraisals": appraisals, "totals": totals_of(appraisals)}
        return self.show(request, call, "comparison", title, **context)

    @officer("calls.decide_proposal")
    def sheet_view(self, request, pk, kind):
        call = get_object_or_404(Call, pk=pk)
        if kind not in FORMATS:
            raise Http404
        appraisals = self.compared(request, call)
        log_security("proposals_exported", call=call.pk, format=kind, rows=len(appraisals))
        content = FORMATS[kind].write(gettext("Proposals"), *sheet_of(appraisals))
        return FORMATS[kind].download(content, f"proposals-{call.slug}")
