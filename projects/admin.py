"""How the Secretariat works with projects."""

from django.contrib import admin
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from sscnet.core.admin import PartInline, PublicRecordAdmin, SourceInline, UsedFilter
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import in_a_row

from .catalogue_export import CatalogueExportMixin
from .explain import ProjectExplainMixin
from .lacks import ProjectLackFilter
from .models import (
    Document,
    FundNumber,
    Picture,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from .partner_files import OtherFilesMixin
from .resources import ProjectResource

COUNTRIES_SHOWN = 3


class FundNumberInline(PartInline, admin.TabularInline):
    model = FundNumber
    fields = ["number"]


class CountryInline(PartInline, admin.TabularInline):
    model = ProjectCountry
    fields = ["country", "role"]
    autocomplete_fields = ["country"]


class ProjectInstitutionInline(PartInline, admin.TabularInline):
    model = ProjectInstitution
    fields = ["institution", "role"]
    autocomplete_fields = ["institution"]
    addable = ["institution"]


class ProjectSectorInline(PartInline, admin.TabularInline):
    model = ProjectSector
    fields = ["sector"]


class SDGInline(PartInline, admin.TabularInline):
    model = ProjectSDG
    fields = ["place", "sdg", *each_language("reason"), "target"]


class ProjectDocumentInline(PartInline, admin.StackedInline):
    model = Document
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]


class ProjectPictureInline(PartInline, admin.StackedInline):
    model = Picture
    fields = [("image", "is_cover"), each_language("alt"), each_language("caption")]


@admin.register(Project)
class ProjectAdmin(
    OtherFilesMixin, CatalogueExportMixin, ProjectExplainMixin, PublicRecordAdmin, admin.ModelAdmin
):
    resource_classes = [ProjectResource]
    has_classification = True
    list_display = [
        "code",
        "shown_title",
        "state",
        "year_approved",
        "shown_countries",
        "shown_institutions",
        "status",
        "updated_at",
    ]
    list_display_links = ["code", "shown_title"]
    list_filter = [
        "state",
        ProjectLackFilter,
        "programme",
        "status",
        ("area", UsedFilter),
        ("year_approved", admin.AllValuesFieldListFilter),
        ("project_sdgs__sdg", UsedFilter),
        ("project_sectors__sector", UsedFilter),
        ("classification_confirmed_on", admin.EmptyFieldListFilter),
        "is_sample",
        ("project_countries__country", UsedFilter),
    ]
    search_fields = [
        "code",
        *each_language("title"),
        "fund_numbers__number",
        *each_language("project_institutions__institution__name"),
        *each_language("project_countries__country__name"),
    ]
    search_help_text = _("Code, number of the Fund, title, institution or country.")
    autocomplete_fields = ["contact"]
    readonly_fields = [
        "code",
        "shown_total",
        "classification_confirmed_on",
        "classification_confirmed_by",
        *PublicRecordAdmin.readonly_fields,
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "code",
                    each_language("title"),
                    each_language("subtitle"),
                    ("programme", "area"),
                    ("status", "status_declared_on"),
                ]
            },
        ),
        (
            _("Texts"),
            {
                "fields": [
                    each_language("summary"),
                    each_language("challenge"),
                    each_language("approach"),
                    each_language("outcome"),
                ]
            },
        ),
        (
            _("Approval and dates"),
            {
                "fields": [
                    each_language("approval_meeting"),
                    ("approved_on", "year_approved", "year_basis"),
                    ("planned_start_on", "planned_end_on"),
                    ("actual_start_on", "actual_end_on"),
                    each_language("duration_as_stated"),
                    ("final_report_on", "participants_as_stated", "modality"),
                ]
            },
        ),
        (
            _("Amounts"),
            {
                "fields": [
                    ("granted_usd", "other_inputs_usd", "shown_total"),
                    ("other_cash_usd", "other_kind_usd"),
                ]
            },
        ),
        (
            _("People reached"),
            {
                "fields": [
                    each_language("beneficiaries"),
                    ("beneficiaries_number", "women_beneficiaries_number"),
                    "gender_marker",
                    each_language("gender_evidence"),
                ]
            },
        ),
        (_("For staff"), {"fields": ["contact", "note"]}),
        (
            _("Publication"),
            {
                "fields": [
                    ("state", "updated_at", "is_sample"),
                    ("published_at", "withdrawn_at"),
                    ("classification_confirmed_on", "classification_confirmed_by"),
                    "slug",
                ]
            },
        ),
    ]
    inlines = [
        FundNumberInline,
        CountryInline,
        ProjectInstitutionInline,
        ProjectSectorInline,
        SDGInline,
        ProjectDocumentInline,
        ProjectPictureInline,
        SourceInline,
    ]

    def for_list(self, queryset):
        return queryset.with_links()

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, project):
        return str(project)

    @admin.display(description=_("countries"))
    def shown_countries(self, project):
        links = sorted(
            project.project_countries.all(), key=lambda link: link.role != link.Role.LEAD
        )
        shown = in_a_row(link.country for link in links[:COUNTRIES_SHOWN])
        more = len(links) - COUNTRIES_SHOWN
        return shown if more <= 0 else f"{shown} +{more}"

    @admin.display(description=_("submitted by"))
    def shown_institutions(self, project):
        return project.submitter

    @admin.display(description=_("total, US$"))
    def shown_total(self, project):
        total = project.total_usd
        return "–" if total is None else number_format(total, use_l10n=True, force_grouping=True)
