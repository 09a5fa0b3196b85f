"""Exports of persons in the admin, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin

from ..models import PersonExport


@admin.register(PersonExport)
class PersonExportAdmin(RecordAdmin):
    """Who took which list of people: written by the pages alone."""

    is_read_only = True
    list_display = ["format", "meeting", "by", "at", "people", "columns"]
    list_select_related = ["meeting", "by"]
    list_filter = [("meeting", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["by__email"]
    search_help_text = _("Email of the person who exported it.")
