"""Calls in the admin: all their rules, what hangs on them, and what is done with them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CompletenessFilter, PartInline, PublicRecordAdmin, SourceInline, Tab
from sscnet.core.i18n.dates import in_both_time_zones
from sscnet.core.i18n.labels import each_language
from sscnet.exchange.fields import parts_of_form

from ..handling.calls import has_sent_proposals
from ..models import Call, CallDocument, Criterion, RequiredPaper
from ..public.fields import FIELDS, SECTIONS
from .call_pages import CallPages
from .step_forms import DecisionPages

MAY_DECIDE = "calls.decide_proposal"
PARTS = parts_of_form(FIELDS, SECTIONS)
STAFF = (_("For staff"), {"fields": ["note"]})


class RequiredPaperInline(PartInline, admin.StackedInline):
    model = RequiredPaper
    fields = [
        each_language("name"),
        each_language("note"),
        ("kind", "of_whom"),
        ("each_country", "position"),
    ]


class CriterionInline(PartInline, admin.StackedInline):
    model = Criterion
    fields = [each_language("name"), each_language("note"), ("weight", "position")]


class CallDocumentInline(PartInline, admin.StackedInline):
    model = CallDocument
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]


@admin.register(Call)
class CallAdmin(PublicRecordAdmin):
    page_classes = [CallPages, DecisionPages]
    change_form_template = "admin/calls/call_form.html"
    list_display = ["shown_title", "programme", "year", "shown_closing", "state", "updated_at"]
    list_filter = [
        "state",
        CompletenessFilter,
        "programme",
        ("year", admin.AllValuesFieldListFilter),
        "is_sample",
    ]
    search_fields = [*each_language("title"), *each_language("summary")]
    search_help_text = _("Title or summary.")
    tabs = (
        Tab("basics", _("Basics"), (PARTS[""], SourceInline, PARTS["when"])),
        Tab("rules", _("Rules"), (PARTS["rules"],)),
        Tab("asked", _("Papers and criteria"), (RequiredPaperInline, CriterionInline)),
        Tab("papers", _("Documents"), (CallDocumentInline,)),
        Tab("publication", _("Publication"), (PARTS["reports"], STAFF, PARTS["publication"])),
        Tab("decisions", _("Decisions of the Committee"), page="decisions", right=MAY_DECIDE),
        Tab("comparison", _("Proposals compared"), page="comparison", right=MAY_DECIDE),
    )

    def get_tabs(self, request, obj=None):
        """Leave out pages of proposals before there can be any."""
        tabs = super().get_tabs(request, obj)
        return [tab for tab in tabs if not tab.page or obj.was_public]

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, call):
        return str(call)

    @admin.display(description=_("closes for the Network"), ordering="closes_at")
    def shown_closing(self, call):
        return in_both_time_zones(call.closes_at)

    def get_readonly_fields(self, request, obj=None):
        """Fix the closing of what is published: it is moved by extending, which tells everybody."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "closes_at", "fund_closes_at"] if obj and obj.was_public else fields

    def has_delete_permission(self, request, obj=None):
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and not (obj and has_sent_proposals(obj))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk:
            context["may_extend"] = obj.was_public and self.has_publish_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)
