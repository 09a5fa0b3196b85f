"""By what the list of proposals is filtered. The figures of a round open it with these."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter
from sscnet.codelists.models import Country

from ..handling.reports import overdue
from ..models import ProposalCountry, ProposalStep, ReportDue
from ..public.rounds import NONE


class ProposalStatusFilter(CaseFilter):
    title = _("standing")
    parameter_name = "standing"
    cases = {
        "sent": (_("sent and not withdrawn"), lambda rows: rows.sent()),
        "awarded": (_("approved, or later"), lambda rows: rows.awarded()),
    }


class ProposalCountryFilter(admin.SimpleListFilter):
    title = _("participating country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        rows = ProposalCountry.objects.exclude(role=ProposalCountry.Role.BENEFICIARY)
        seen = rows.filter(proposal__in=model_admin.get_queryset(request)).order_by()
        countries = Country.objects.filter(pk__in=seen.values("country"))
        return [(country.pk, str(country)) for country in countries.order_by("name_i18n")]

    def queryset(self, request, queryset):
        if self.value() == NONE:
            return queryset.without_country()
        return queryset.taking_part(self.value()) if self.value() else queryset


class GroundFilter(admin.SimpleListFilter):
    title = _("reason for the refusal")
    parameter_name = "ground"

    def lookups(self, request, model_admin):
        return [(one.value, one.label) for one in ProposalStep.Ground if one]

    def queryset(self, request, queryset):
        return queryset.refused_for(self.value()) if self.value() else queryset


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
