"""The action points of all meetings: what was reported, what is late. They are written in the
forms of their meetings."""

from django.contrib import admin, messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin, UsedFilter
from sscnet.core.i18n.labels import each_language

from ..afterwards import action_points
from ..models import ActionPoint


class ActionPointWaitsFilter(admin.SimpleListFilter):
    title = _("waiting for")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("decision", _("a decision on its report")), ("report", _("a report, and is late"))]

    def queryset(self, request, queryset):
        if self.value() == "decision":
            return queryset.filter(pk__in=ActionPoint.objects.reported())
        if self.value() == "report":
            return queryset.filter(pk__in=ActionPoint.objects.late())
        return queryset


@admin.register(ActionPoint)
class ActionPointAdmin(RecordAdmin):
    is_read_only = True
    show_facets = admin.ShowFacets.ALLOW
    list_display = ["__str__", "meeting", "institution", "due_on", "state", "shown_report"]
    list_select_related = ["meeting", "institution"]
    list_filter = [
        ActionPointWaitsFilter,
        "state",
        ("meeting", UsedFilter),
        ("institution", UsedFilter),
    ]
    search_fields = [*each_language("text"), *each_language("institution__name")]
    search_help_text = _("What is to be done, or institution.")
    fields = [
        "meeting",
        *each_language("text"),
        "institution",
        "due_on",
        "state",
        *each_language("outcome"),
        "shown_report",
    ]
    actions = ["close", "give_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("reports")

    @admin.display(description=_("reported by the institution"))
    def shown_report(self, action_point):
        return action_point.report and action_point.report.words

    def has_close_permission(self, request):
        """What is published changes by those who publish."""
        return request.user.has_perm("meetings.publish_meeting")

    def has_give_back_permission(self, request):
        return request.user.has_perm("meetings.change_actionpoint")

    @admin.action(description=_("Done, as reported"), permissions=["close"])
    def close(self, request, queryset):
        n = sum(action_points.close(row) for row in queryset)
        text = ngettext("%(n)d action point is done.", "%(n)d action points are done.", n)
        self.say(request, text, n)

    @admin.action(
        description=_("Not done yet: ask the institution again"), permissions=["give_back"]
    )
    def give_back(self, request, queryset):
        n = sum(action_points.give_back(row) for row in queryset.select_related("meeting"))
        text = ngettext("%(n)d report was returned.", "%(n)d reports were returned.", n)
        self.say(request, text, n)

    def say(self, request, text, n):
        if n:
            self.message_user(request, text % {"n": n})
        else:
            text = gettext("None of them has a report waiting.")
            self.message_user(request, text, messages.WARNING)
