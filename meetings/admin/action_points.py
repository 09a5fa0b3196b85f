"""The action points of all meetings: what was reported, what is late. They are written in the
forms of their meetings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sscnet.core.i18n.labels import each_language

from ..afterwards import action_points
from ..models import ActionPoint
from ..office.waiting import WaitsFilter
from .chosen import SentAdmin


class ActionPointWaitsFilter(WaitsFilter):
    cases = {
        "decision": (
            _("a decision on its report"),
            lambda rows: rows.filter(pk__in=ActionPoint.objects.reported()),
        ),
        "report": (
            _("a report, and is late"),
            lambda rows: rows.filter(pk__in=ActionPoint.objects.late()),
        ),
    }


@admin.register(ActionPoint)
class ActionPointAdmin(SentAdmin):
    none_waits = _("None of them has a report waiting.")
    list_display = ["__str__", "meeting", "institution", "due_on", "state", "shown_report"]
    list_select_related = ["meeting", "institution"]
    list_filter = [
        ActionPointWaitsFilter,
        "state",
        ("meeting", admin.RelatedOnlyFieldListFilter),
        ("institution", admin.RelatedOnlyFieldListFilter),
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

    @admin.action(description=_("Done, as reported"), permissions=["release"])
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
