"""Officers see how many addresses get new projects by mail, and remove one where they are asked."""

from django.contrib import admin

from sscnet.admin import RecordAdmin

from . import handling
from .models import Alert


@admin.register(Alert)
class AlertAdmin(RecordAdmin):
    list_display = ["email", "__str__", "language", "asked_at", "confirmed_at"]
    list_filter = [("confirmed_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def delete_model(self, request, obj):
        handling.stop(obj)

    def delete_queryset(self, request, queryset):
        handling.stop_all(queryset)
