"""What host and guests wrote of exchange visits, to be released or given back."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sscnet.admin import UsedFilter
from sscnet.core.i18n.labels import each_language

from ..afterwards import visits
from ..models import VisitStatement
from ..office.waiting import WaitsFilter
from .chosen import SentAdmin


class StatementWaitsFilter(WaitsFilter):
    cases = {
        "release": (_("release"), lambda rows: rows.filter(pk__in=VisitStatement.objects.waiting()))
    }


@admin.register(VisitStatement)
class VisitStatementAdmin(SentAdmin):
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
