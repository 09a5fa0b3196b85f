"""How the Secretariat works with institutions and accounts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.records.admin import PublicRecordAdmin, SourceInline

from .models import Institution


@admin.register(Institution)
class InstitutionAdmin(PublicRecordAdmin, admin.ModelAdmin):
    list_display = ["name_i18n", "kind", "state", "updated_at"]
    list_filter = ["state", "kind"]
    search_fields = ["name", "i18n__name_zh_hans", "names__name"]
    readonly_fields = PublicRecordAdmin.readonly_fields
    fieldsets = [
        (None, {"fields": [("name", "name_zh_hans"), "kind"]}),
        (_("Publication"), {"fields": ["slug", *PublicRecordAdmin.readonly_fields]}),
    ]
    inlines = [SourceInline]
