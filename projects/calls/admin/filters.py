"""By what the list of proposals is filtered."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter

from ..handling.reports import overdue
from ..models import ReportDue


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
