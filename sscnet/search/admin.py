"""The synonyms, which officers keep."""

from django.contrib import admin

from sscnet.admin import RecordAdmin

from .models import Synonym


@admin.register(Synonym)
class SynonymAdmin(RecordAdmin):
    list_display = ["words", "slug"]
    search_fields = ["words", "slug"]
    fields = ["slug", "words"]
