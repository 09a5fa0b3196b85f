"""The action points of all meetings. They are written in the forms of their meetings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin
from sscnet.core.i18n.labels import each_language

from ..models import ActionPoint
from ..office.waiting import WaitsFilter


class ActionPointWaitsFilter(WaitsFilter):
    cases = {
        "institution": (
            _("its institution, and is late"),
            lambda rows: rows.filter(pk__in=ActionPoint.objects.late()),
        )
    }


@admin.register(ActionPoint)
class ActionPointAdmin(RecordAdmin):
    is_read_only = True
    list_display = ["__str__", "meeting", "institution", "due_on", "state"]
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
    ]
