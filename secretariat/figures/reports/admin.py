"""Yearly reports in the admin: sections and words, and the steps that make a report public."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from secretariat.models import ReportSection, YearlyReport
from sscnet.admin import PartInline, RecordAdmin
from sscnet.admin.pages import AdminPages, admin_page
from sscnet.core.i18n.labels import each_language

from . import freezing


class ReportSectionInline(PartInline, admin.StackedInline):
    model = ReportSection
    fields = ["section", each_language("words")]


class ReportPages(AdminPages):
    """The steps of a report, each asked about first."""

    steps = {
        "publish": (
            _("Publish the report"),
            _(
                "The words and figures are kept as they are now, and never change again. Everybody"
                " can read the report from then on; this cannot be undone."
            ),
            "release_yearlyreport",
            freezing.publish,
        ),
        "new-version": (
            _("Make a new version"),
            _("A new version begins with the same words and the figures of now."),
            "add_yearlyreport",
            lambda report, user: freezing.new_version(report),
        ),
    }

    def views(self):
        return [("<int:pk>/step/<str:name>/", self.step_view, "step")]

    def possible(self, user, report) -> list[tuple[str, str]]:
        """Return the steps that this person may take with the report as it is."""
        name = "new-version" if report.is_frozen else "publish"
        return [(name, self.steps[name][0])] if self.may(user, name) else []

    def may(self, user, name) -> bool:
        return user.has_perm(f"secretariat.{self.steps[name][2]}")

    def step_view(self, request, pk, name):
        if name not in self.steps:
            raise Http404
        if not self.may(request.user, name):
            raise PermissionDenied
        report = get_object_or_404(YearlyReport, pk=pk)
        label, effect, _permission, work = self.steps[name]
        if request.method == "POST":
            return self.take(request, report, work)
        context = {"effect": effect, "original": report, "back": self.admin.change_url(report)}
        return admin_page(self.admin, request, "secretariat/report_step", label, **context)

    def take(self, request, report, work):
        try:
            made = work(report, request.user)
        except ValidationError as error:
            self.admin.message_user(request, " ".join(error.messages), "WARNING")
            made = None
        else:
            self.admin.message_user(request, _("Done."))
        return HttpResponseRedirect(self.admin.change_url(made or report))


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

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["steps"] = ReportPages(self).possible(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)
