"""The list of versions of all kinds of records; each is decided on beside its record."""

from itertools import islice

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter, RecordAdmin
from sscnet.admin.version_pages import address_of_version
from sscnet.core.models import ProposedVersion

from .today import RECORDS


class VersionStateFilter(admin.SimpleListFilter):
    """What waits is shown unless another state is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*ProposedVersion.State.choices, ("all", _("All"))]

    def choices(self, changelist):
        # Without the first, which is Django's word for all.
        return islice(super().choices(changelist), 1, None)

    def value(self):
        return super().value() or ProposedVersion.State.WAITING

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class RecordKindFilter(CaseFilter):
    title = _("kind of record")
    parameter_name = "kind"
    cases = {
        model._meta.label_lower: (
            model._meta.verbose_name_plural,
            lambda rows, model=model: rows.of_kind(model),
        )
        for model in RECORDS
    }


class TimeFilter(CaseFilter):
    title = _("time of release")
    parameter_name = "time"
    cases = {
        "set": (_("set"), lambda rows: rows.exclude(release_at=None)),
        "missed": (_("not released at the time set"), lambda rows: rows.exclude(obstacle="")),
    }


@admin.register(ProposedVersion)
class ProposedVersionAdmin(RecordAdmin):
    is_read_only = True
    list_display = [
        *("__str__", "shown_record", "shown_kind", "state", "origin"),
        *("made_by", "made_at", "release_at", "decided_by"),
    ]
    list_select_related = ["content_type", "made_by", "decided_by"]
    list_filter = [VersionStateFilter, RecordKindFilter, "origin", TimeFilter]
    ordering = ["id"]

    def for_list(self, queryset):
        return queryset.prefetch_related("record")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        version = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        if version is None:
            return redirect("admin:core_proposedversion_changelist")
        return redirect(address_of_version(version))

    @admin.display(description=_("record"))
    def shown_record(self, version):
        return version.record

    @admin.display(description=_("kind of record"), ordering="content_type")
    def shown_kind(self, version):
        return capfirst(version.content_type.model_class()._meta.verbose_name)
