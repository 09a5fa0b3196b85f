"""The synonyms, which officers keep."""

from django.contrib import admin

from sscnet.admin import RecordAdmin

from .models import Synonym, UnmetWord


@admin.register(Synonym)
class SynonymAdmin(RecordAdmin):
    list_display = ["words", "slug", "says_nothing"]
    list_filter = ["says_nothing"]
    search_fields = ["words", "slug"]
    fields = ["slug", "words", "says_nothing"]


@admin.register(UnmetWord)
class UnmetWordAdmin(RecordAdmin):
    """What people asked for and did not find; it is only read."""

    is_read_only = True
    # Django would take the one of the app's folder, which is for public records.
    change_form_template = "admin/change_form.html"
    list_display = ["word", "count", "day"]
    search_fields = ["word"]
    date_hierarchy = "day"
    actions = None
    fields = readonly_fields = ["word", "count", "day"]
