"""What host and guests wrote of exchange visits, to be released or given back."""

from django.contrib import admin, messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin, UsedFilter
from sscnet.core.i18n.labels import each_language

from ..afterwards import visits
from ..models import VisitStatement


class StatementWaitsFilter(admin.SimpleListFilter):
    title = _("waiting for")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("release", _("release"))]

    def queryset(self, request, queryset):
        if self.value() == "release":
            return queryset.filter(pk__in=VisitStatement.objects.waiting())
        return queryset


@admin.register(VisitStatement)
class VisitStatementAdmin(RecordAdmin):
    is_read_only = True
    list_display = ["__str__", "meeting", "institution", "sent_at", "shown_state"]
    list_select_related = ["meeting", "institution"]
    list_filter = [StatementWaitsFilter, ("institution", UsedFilter)]
    search_fields = [*each_language("meeting__title"), *each_language("institution__name")]
    search_help_text = _("Exchange visit or institution.")
    fields = [
        "meeting",
        "institution",
        *each_language("text"),
        "sent_by",
        "sent_at",
        "released_at",
        "returned_at",
    ]
    actions = ["release", "give_back"]

    @admin.display(description=_("state"))
    def shown_state(self, statement):
        if statement.released_at:
            return _("public")
        return _("returned") if statement.returned_at else _("waiting for release")

    def has_release_permission(self, request):
        """What is published changes by those who publish."""
        return request.user.has_perm("meetings.publish_meeting")

    def has_give_back_permission(self, request):
        return request.user.has_perm("meetings.change_visitstatement")

    @admin.action(description=_("Release"), permissions=["release"])
    def release(self, request, queryset):
        n = sum(visits.release(row) for row in queryset)
        text = ngettext("%(n)d text is now public.", "%(n)d texts are now public.", n)
        self.say(request, text, n)

    @admin.action(description=_("Return to the institution"), permissions=["give_back"])
    def give_back(self, request, queryset):
        rows = queryset.select_related("meeting", "institution")
        n = sum(visits.give_back(row) for row in rows)
        text = ngettext("%(n)d text was returned.", "%(n)d texts were returned.", n)
        self.say(request, text, n)

    def say(self, request, text, n):
        if n:
            self.message_user(request, text % {"n": n})
        else:
            self.message_user(request, gettext("None of them is waiting."), messages.WARNING)
