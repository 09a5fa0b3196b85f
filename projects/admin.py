"""How the Secretariat works with projects."""

from django.contrib import admin
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CompletenessFilter, PartInline, PublicRecordAdmin, SourceInline, Tab
from sscnet.core.forms.formsets import RecordForm, RowFormSet
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.texts import comma_separated
from sscnet.exchange.admin.records import ExchangeMixin
from sscnet.exchange.fields import CONFIRMATION, parts_of_form

from .fields import FIELDS, SECTIONS
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
from .resources import ProjectResource

COUNTRIES_SHOWN = 3
PARTS = parts_of_form(FIELDS, SECTIONS, [CONFIRMATION])


class FundNumberInline(PartInline, admin.TabularInline):
    model = FundNumber
    rows_at_first = 1
    fields = ["number"]


class CountryInline(PartInline, admin.TabularInline):
    model = ProjectCountry
    rows_at_first = 3
    first_row = {"role": ProjectCountry.Role.LEAD}
    fields = ["country", "role"]
    radio_fields = {"role": admin.HORIZONTAL}
    autocomplete_fields = ["country"]


class ProjectInstitutionInline(PartInline, admin.TabularInline):
    model = ProjectInstitution
    rows_at_first = 1
    first_row = {"role": ProjectInstitution.Role.SUBMITTER}
    fields = ["institution", "role"]
    radio_fields = {"role": admin.HORIZONTAL}
    autocomplete_fields = ["institution"]
    addable = ["institution"]


class ProjectSectorInline(PartInline, admin.TabularInline):
    model = ProjectSector
    rows_at_first = 1
    fields = ["sector"]


class SDGFormSet(RowFormSet):
    """Goals without a place take the free ones in their order, the primary one first."""

    def clean(self):
        places = [form.instance.place for form in self.remaining_forms()]
        free = [place for place in ProjectSDG.Place.values if place not in places]
        for form in self.remaining_forms():
            if form.instance.place is None and free:
                form.instance.place = free.pop(0)
            elif form.instance.place is None:
                text = _("A project has one primary goal and at most four others.")
                form.add_error("place", text)
        super().clean()


class SDGInline(PartInline, admin.StackedInline):
    model = ProjectSDG
    formset = SDGFormSet
    fields = [("sdg", "place", "target"), each_language("reason")]
    rows_at_first = 2

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "place":
            field.required, field.empty_value = False, None
            field.help_text = _("Empty: the next one that is free.")
        if db_field.name in each_language("reason"):
            field.widget = admin.widgets.AdminTextareaWidget(attrs={"rows": 3})
        return field


class ProjectDocumentInline(PartInline, admin.StackedInline):
    model = Document
    fields = [("file", "kind"), each_language("title"), ("language", "dated")]


class ProjectPictureInline(PartInline, admin.StackedInline):
    model = Picture
    fields = [
        ("image", "is_cover"),
        each_language("alt"),
        each_language("caption"),
        ("credit", "licence"),
    ]


class ProjectForm(RecordForm):
    """Says what to write into each field."""

    class Meta:
        help_texts = {
            "title": _("As the source gives it."),
            "status": _("What the source says, on the day it says so."),
            "summary": _(
                "Two or three sentences: who did what, where and for whom. The first stands in"
                " lists."
            ),
            "challenge": _("The problem that the project set out to solve."),
            "approach": _("What was done, and how knowledge was shared."),
            "outcome": _("What came of it, as a source says."),
            "year_approved": _("Lists are filtered and sorted by it."),
            "approved_on": _("Write the date as 2019-05-12."),
            "approval_meeting": _("The meeting of the Group of 77, as the source names it."),
            "planned_start_on": _("As the proposal says."),
            "actual_start_on": _("Only if a source says so, as also the end."),
            "duration_as_stated": _("In the words of the source."),
            "participants_as_stated": _("In the words of the source."),
            "granted_usd": _("From the Fund, in US dollars. You may write 35,000."),
            "other_inputs_usd": _("What all others gave, in cash and in kind, in US dollars."),
            "gender_marker": _("The OECD-DAC marker of gender equality."),
            "gender_evidence": _("The sentence of the source that the marker rests on."),
            "beneficiaries": _("Who they were, in words."),
            "beneficiaries_number": _("Only if a source gives a number."),
            "women_beneficiaries_number": _("Of the number of beneficiaries."),
        }


@admin.register(Project)
class ProjectAdmin(ExchangeMixin, PublicRecordAdmin):
    form = ProjectForm
    resource_class = ProjectResource
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
        CompletenessFilter,
        "programme",
        "status",
        ("area", admin.RelatedOnlyFieldListFilter),
        ("year_approved", admin.AllValuesFieldListFilter),
        ("project_sdgs__sdg", admin.RelatedOnlyFieldListFilter),
        ("project_sectors__sector", admin.RelatedOnlyFieldListFilter),
        ("classification_confirmed_on", admin.EmptyFieldListFilter),
        "is_sample",
        ("project_countries__country", admin.RelatedOnlyFieldListFilter),
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
    # To choose one is a single click.
    radio_fields = {
        "programme": admin.HORIZONTAL,
        "status": admin.HORIZONTAL,
        "modality": admin.HORIZONTAL,
    }
    readonly_fields = [
        "code",
        "shown_total",
        "classification_confirmed_on",
        "classification_confirmed_by",
        *PublicRecordAdmin.readonly_fields,
    ]
    tabs = (
        Tab("basics", _("Basics"), (PARTS[""], SourceInline, FundNumberInline)),
        Tab(
            "partners",
            _("Partners and goals"),
            (CountryInline, ProjectInstitutionInline, ProjectSectorInline, SDGInline),
        ),
        Tab("money", _("Dates and money"), (PARTS["approval"], PARTS["amounts"], PARTS["seldom"])),
        Tab("texts", _("Texts"), (PARTS["texts"],)),
        Tab("people", SECTIONS["people"], (PARTS["people"],)),
        Tab("papers", _("Papers and pictures"), (ProjectDocumentInline, ProjectPictureInline)),
        Tab("publication", _("Publication"), (PARTS["staff"], PARTS["publication"])),
    )

    def for_list(self, queryset):
        return queryset.with_links()

    # -------------------------------------------------------------- the list

    @admin.display(description=_("title"), ordering="title_i18n")
    def shown_title(self, project):
        return str(project)

    @admin.display(description=_("countries"))
    def shown_countries(self, project):
        links = sorted(
            project.project_countries.all(), key=lambda link: link.role != link.Role.LEAD
        )
        shown = comma_separated(link.country for link in links[:COUNTRIES_SHOWN])
        more = len(links) - COUNTRIES_SHOWN
        return shown if more <= 0 else f"{shown} +{more}"

    @admin.display(description=_("submitted by"))
    def shown_institutions(self, project):
        return project.submitter

    @admin.display(description=_("total, US$"))
    def shown_total(self, project):
        total = project.total_usd
        return "–" if total is None else number_format(total, use_l10n=True, force_grouping=True)
