"""Pages of a call for officers: the figures of its round, all proposals compared, one sheet."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from sscnet.core.pages.views import DO_NOT_KEEP
from sscnet.core.personal_data.security_log import log_security
from sscnet.core.uploads import CSV, XLSX
from sscnet.exchange.sheets import write_csv
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx

from ..handling.readings import appraisal
from ..models import Call, Proposal
from ..rounds import NONE, Round, headers, rows_of
from .asking import AskingPages
from .sheet import SheetForm, headers_of, sheet_rows

LINKED = {"area": "area__id__exact", "country": "country"}


class RoundPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/round/", self.round_view, "round"),
            ("<int:pk>/round.csv", self.round_file_view, "round_file"),
            ("<int:pk>/comparison/", self.comparison_view, "comparison"),
            ("<int:pk>/sheet/", self.sheet_view, "sheet"),
        ]

    def call_of_round(self, request, pk):
        if not request.user.has_perm("calls.decide_proposal"):
            raise PermissionDenied
        return get_object_or_404(Call, pk=pk)

    def round_of(self, request, call):
        return Round(call, Proposal.objects.handled_by(request.user))

    # -------------------------------------------------------------- figures

    def round_view(self, request, pk):
        call = self.call_of_round(request, pk)
        found = self.round_of(request, call)
        context = {
            "round": found,
            "total": with_addresses(call, found.total),
            "tables": [
                (table, [with_addresses(call, line, table.name) for line in table.lines])
                for table in found.tables
            ],
            "states": [(line, listed(call, state__exact=line.key)) for line in found.by_state],
            "grounds": [(line, listed(call, ground=line.ground.value)) for line in found.grounds],
            "durations": [(one, listed(call, passed=one.interval.name)) for one in found.durations],
        }
        return self.show_or_print(request, call, "round", gettext("The round in figures"), context)

    def show_or_print(self, request, call, name, title, context):
        """Show a page within the admin, or alone, as it is printed."""
        if "print" in request.GET:
            context |= {"title": title, "call": call, "is_printed": True}
            return TemplateResponse(request, f"admin/calls/print_{name}.html", context)
        return self.show(request, call, name, title, **context)

    def round_file_view(self, request, pk):
        call = self.call_of_round(request, pk)
        rows = list(rows_of(self.round_of(request, call)))
        return file_of("csv", f"round-{call.slug}", headers(), rows)

    # -------------------------------------------------------------- proposals side by side

    def compared(self, request, call):
        """Return all proposals of the call that the officer handles, with what they score."""
        rows = Proposal.objects.handled_by(request.user).filter(call=call).sent()
        rows = rows.with_amounts().with_readings().select_related("institution", "area")
        rows = rows.prefetch_related("proposal_countries__country").order_by("reference")
        criteria = list(call.criteria.all())
        return criteria, [appraisal(proposal, criteria) for proposal in rows]

    def comparison_view(self, request, pk):
        call = self.call_of_round(request, pk)
        criteria, appraisals = self.compared(request, call)
        context = {"criteria": criteria, "appraisals": appraisals}
        title = gettext("All proposals compared")
        return self.show_or_print(request, call, "comparison", title, context)

    def sheet_view(self, request, pk):
        """Choose columns, then take the sheet away."""
        call = self.call_of_round(request, pk)
        criteria, appraisals = self.compared(request, call)
        form = SheetForm(request.POST or None, criteria=criteria)
        if form.is_valid():
            kind, columns = form.cleaned_data["format"], form.chosen
            log_security("proposals_exported", call=call.pk, format=kind, rows=len(appraisals))
            rows = sheet_rows(appraisals, columns)
            return file_of(kind, f"proposals-{call.slug}", headers_of(columns), rows)
        title = gettext("One sheet of all proposals")
        return self.show(request, call, "sheet", title, form=form, count=len(appraisals))


def listed(call, **filters) -> str:
    """Return the address of the list of proposals behind a figure."""
    query = urlencode({"call__id__exact": call.pk} | filters)
    return f"{reverse('admin:calls_proposal_changelist')}?{query}"


def with_addresses(call, line, table=""):
    """Return a line with the addresses of the lists behind its two counts."""
    filters = {}
    if table and line.key == NONE:
        filters = {f"{table}__isnull": "True"} if table == "area" else {table: NONE}
    elif table:
        filters = {LINKED[table]: line.key}
    return (
        line,
        listed(call, standing="sent", **filters),
        listed(call, standing="awarded", **filters),
    )


def file_of(kind, name, columns, rows):
    if kind not in ("csv", "xlsx"):
        raise Http404
    if kind == "csv":
        content, content_type = write_csv(columns, rows), CSV.content_type
    else:
        sheet = WorkbookSheet(gettext("Proposals"), columns, rows)
        content, content_type = write_xlsx(sheet), XLSX.content_type
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["Cache-Control"] = DO_NOT_KEEP
    return response
