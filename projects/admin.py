"""How the Secretariat works with projects."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.records.admin import PublicRecordAdmin, SourceInline

from .models import Project


@admin.register(Project)
class ProjectAdmin(PublicRecordAdmin, admin.ModelAdmin):
    list_display = ["code", "title_i18n", "state", "programme", "year_approved", "updated_at"]
    list_display_links = ["code", "title_i18n"]
    list_filter = ["state", "programme", "status", "area"]
    search_fields = ["code", "title", "i18n__title_zh_hans", "fund_numbers__number"]
    readonly_fields = ["code", *PublicRecordAdmin.readonly_fields]
    autocomplete_fields = []
    fieldsets = [
        (None, {"fields": ["code", ("title", "title_zh_hans"), "programme"]}),
        (_("Publication"), {"fields": ["slug", *PublicRecordAdmin.readonly_fields]}),
    ]
    inlines = [SourceInline]
