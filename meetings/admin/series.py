"""Series of meetings in the admin."""

from django.contrib import admin

from sscnet.admin import RecordAdmin
from sscnet.core.i18n.labels import each_language

from ..models import MeetingSeries


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(RecordAdmin):
    fields = [each_language("name")]
    search_fields = each_language("name")
