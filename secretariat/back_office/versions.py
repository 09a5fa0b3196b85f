"""The list of versions of all kinds of records; each is decided on beside its record."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.models import Project
from sscnet.admin import CaseFilter, RecordAdmin
from sscnet.admin.version_pages import address_of_version
from sscnet.core.models import ProposedVersion

from ..models import Page

KINDS = {model._meta.label_lower: model for model in (Project, Institution, Meeting, Call, Page)}


class VersionStateFilter(admin.SimpleListFilter):
    """What waits is shown unless another state is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        states = [s for s in ProposedVersion.State if s != ProposedVersion.State.WAITING]
        return [("all", _("All")), *((state.value, state.label) for state in states)]

    def choices(self, changelist):
        for choice in super().choices(changelist):
            is_default = not choice["query_string"].count("state=")
            yield choice | ({"display": pgettext("version", "waiting")} if is_default else {})

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or ProposedVersion.State.WAITING)


class RecordKindFilter(admin.SimpleListFilter):
    title = _("kind of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(name, model._meta.verbose_name_plural) for name, model in KINDS.items()]

    def queryset(self, request, queryset):
        model = KINDS.get(self.value())
        return queryset.of_kind(model) if model else queryset


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
