"""The site of the admin: its menu goes by task, and who is at the door arrives there."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meetings.office.coming import cards, check_ins_of_today
from sscnet.monitoring import status

from . import change_log, menu
from .handbook import handbook
from .leaving import leaving
from .today import what_waits

# What the start page shows; the rest stands on a page of its own.
FIRST_ROWS = 8
STATE = _("State of the portal")
FOCAL_POINTS = "admin:members_institution_focal_points"


class SecretariatSite(AdminSite):
    site_title = _("Secretariat")
    site_header = _("China South-South Cooperation Network")
    index_title = _("Today")
    index_template = "admin/secretariat/today.html"
    # The lists of a task stand below the menu: lists and forms have the whole width.
    enable_nav_sidebar = False

    def get_urls(self):
        pages = {"changes": change_log.changes, "waiting": self.waiting}
        pages |= {"settings": self.settings, "status": self.state}
        own = [path(f"{name}/", self.admin_view(view), name=name) for name, view in pages.items()]
        leaves = path("members/user/<int:pk>/leave/", self.admin_view(leaving), name="leaving")
        for route in ("help/", "help/<slug:page>/"):
            own.append(path(route, self.admin_view(self.handbook), name="handbook"))
        return [*own, leaves, *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        """Return the lists by task; those of one app, for its own page, as Django does."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        pages = {}
        if change_log.kinds_for(request):
            log = menu.page("changes", change_log.TITLE, reverse("admin:changes"))
            pages["today"] = [log]
        if request.user.has_perm("secretariat.view_yearlyreport"):
            title, address = _("The Network in figures"), reverse("secretariat:figures")
            pages["records"] = [menu.page("figures", title, address)]
        if request.user.has_perms(["members.view_affiliation", "members.add_invitation"]):
            title, address = _("Write to focal points"), reverse(FOCAL_POINTS)
            pages["mail"] = [menu.page("focal_points", title, address)]
        pages["settings"] = pages_of_settings(request)
        return menu.by_task(apps, request, pages)

    def index(self, request, extra_context=None):
        check_ins = check_ins_of_today(request.user)
        # They have nothing else to do here.
        if len(check_ins) == 1 and not request.user.has_perm("meetings.view_delegate"):
            return redirect("admin:meetings_meeting_desk_check_in", check_ins[0].pk)
        sections = what_waits(request)
        rows = [row for section, rows in sections if section.name != "gaps" for row in rows]
        context = {
            "subtitle": date_format(timezone.localdate()),
            "sees_changes": bool(change_log.kinds_for(request)),
            "check_ins": check_ins,
            "cards": cards(request.user),
            "sections": sections,
            "first_rows": sorted(rows, key=lambda row: (row.since is None, row.since))[:FIRST_ROWS],
        }
        return super().index(request, context | (extra_context or {}))

    def waiting(self, request):
        """Show all that waits, by task, with the gaps in records."""
        context = {"title": _("Everything that waits"), "sections": what_waits(request)}
        context |= self.each_context(request)
        return TemplateResponse(request, "admin/secretariat/waiting.html", context)

    def handbook(self, request, **page):
        return handbook(request, self.each_context(request), **page)

    def settings(self, request):
        groups = menu.settings(super().get_app_list(request), pages_of_settings(request))
        context = {"title": _("Settings"), "app_list": groups} | self.each_context(request)
        return TemplateResponse(request, "admin/secretariat/settings.html", context)

    def state(self, request):
        """Say how the portal is."""
        if not request.user.is_superuser:
            raise PermissionDenied
        context = {"title": STATE, "lines": list(status.lines())} | self.each_context(request)
        return TemplateResponse(request, "admin/monitoring/status.html", context)


def pages_of_settings(request) -> list[dict]:
    page = menu.page("status", STATE, reverse("admin:status"))
    return [page] if request.user.is_superuser else []
