"""For rows that pages and `places` write, and the admin only shows."""

from django.contrib import admin

from sscnet.admin import visible_fieldsets


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def get_fieldsets(self, request, obj=None):
        return visible_fieldsets(request, self.model, super().get_fieldsets(request, obj))

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
