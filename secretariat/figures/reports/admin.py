"""Yearly reports in the admin: sections and words, and the steps that make a report public."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from secretariat.models import ReportSection, YearlyReport
from sscnet.admin import PartInline, RecordAdmin
from sscnet.admin.pages import AdminPages, officer
from sscnet.core.i18n.labels import each_language
from sscnet.core.pages.views import ask_first

from . import freezing


class ReportSectionInline(PartInline, admin.StackedInline):
    model = ReportSection
    fields = ["section", each_language("words")]


class ReportPages(AdminPages):
    """The steps of a report, each asked about first."""

    def views(self):
        return [
            ("<int:pk>/publish/", self.publish_view, "publish"),
            ("<int:pk>/new-version/", self.new_version_view, "new_version"),
        ]

    @officer("secretariat.release_yearlyreport")
    def publish_view(self, request, pk):
        gone = gettext(
            "The words and figures are kept as they are now, and never change again. Everybody can"
            " read the report from then on; this cannot be undone."
        )
        words = gettext("Publish the report?"), gone, gettext("Publish the report")
        return self.step(request, pk, words, lambda report: freezing.publish(report, request.user))

    @officer("secretariat.add_yearlyreport")
    def new_version_view(self, request, pk):
        gone = gettext("A new version begins with the same words and the figures of now.")
        words = gettext("Make a new version?"), gone, gettext("Make a new version")
        return self.step(request, pk, words, freezing.new_version)

    def step(self, request, pk, words, work):
        report = get_object_or_404(YearlyReport, pk=pk)
        if asked := ask_first(request, *words, self.admin.change_url(report), about=report):
            return asked
        try:
            report = work(report) or report
        except ValidationError as error:
            self.admin.message_user(request, " ".join(error.messages), "WARNING")
        else:
            self.admin.message_user(request, gettext("Done."))
        return HttpResponseRedirect(self.admin.change_url(report))


@admin.register(YearlyReport)
class YearlyReportAdmin(RecordAdmin):
    """A report can be changed until it is published."""

    page_classes = [ReportPages]
    change_form_template = "admin/secretariat/report_form.html"
    list_display = ["__str__", "year", "version", "frozen_at"]
    list_filter = ["year"]
    fields = ["year", each_language("introduction"), "frozen_at"]
    readonly_fields = ["frozen_at"]
    inlines = [ReportSectionInline]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_frozen)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_frozen)
