"""Projects to and from files: which columns there are, and how a row finds its project."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.lists import institution_codes
from sscnet.codelists.lists import area_codes, country_codes, sdg_codes, sector_codes
from sscnet.exchange import (
    AmountColumn,
    ChoiceColumn,
    CodeList,
    DateColumn,
    KeyColumn,
    LinkColumn,
    NumberColumn,
    PartialDateColumn,
    RecordResource,
    RelationColumn,
    SourcesColumn,
    TextColumn,
    line,
)
from sscnet.exchange.columns import LIST_SEPARATOR
from sscnet.exchange.sheets import as_text, is_blank

from .columns import (
    COUNTRIES,
    INSTITUTIONS,
    NUMBERS,
    SDGS,
    SECTORS,
    FundNumbersColumn,
    GoalsColumn,
    LeadCountryColumn,
    ParticipatingCountriesColumn,
    ReasonsColumn,
    TargetsColumn,
    fund_number,
)
from .models import FundNumber, Project, ProjectCountry, ProjectInstitution

Role = ProjectInstitution.Role


def with_role(role, label, **kwargs):
    fixed = {"role": role.value}
    return LinkColumn(INSTITUTIONS, "institution_id", fixed, "institutions", label=label, **kwargs)


class ProjectResource(RecordResource):
    code = KeyColumn(
        "code",
        how=_("The code of the project the row is about. Leave it empty for a new project."),
        example="",
    )
    fund_numbers = FundNumbersColumn(
        label=_("numbers of the Fund"), example="INT/25/K99; INT/26/K99"
    )
    title_en = TextColumn("title", example="Sample: biogas for mountain villages")
    title_zh_hans = TextColumn("title_zh_hans", example="示例：山村沼气")
    subtitle_en = TextColumn("subtitle")
    subtitle_zh_hans = TextColumn("subtitle_zh_hans")
    summary_en = TextColumn("summary")
    summary_zh_hans = TextColumn("summary_zh_hans")
    challenge_en = TextColumn("challenge")
    challenge_zh_hans = TextColumn("challenge_zh_hans")
    approach_en = TextColumn("approach")
    approach_zh_hans = TextColumn("approach_zh_hans")
    outcome_en = TextColumn("outcome")
    outcome_zh_hans = TextColumn("outcome_zh_hans")
    programme = ChoiceColumn("programme", "programmes", example="pgtf")
    area = RelationColumn("area_id", "areas", example=None)
    status = ChoiceColumn("status", "statuses", example="ongoing")
    status_declared_on = DateColumn("status_declared_on", example="2026-06-30")
    approval_meeting_en = TextColumn(
        "approval_meeting", example="49th Annual Ministerial Meeting of the Group of 77"
    )
    approval_meeting_zh_hans = TextColumn("approval_meeting_zh_hans")
    approved_on = DateColumn("approved_on", example="2025-09-26")
    year_approved = NumberColumn("year_approved", example="2025")
    year_basis = ChoiceColumn("year_basis", "year_bases", example="stated")
    planned_start_on = DateColumn("planned_start_on", example="2026-01-01")
    planned_end_on = DateColumn("planned_end_on", example="2027-12-31")
    actual_start_on = DateColumn("actual_start_on")
    actual_end_on = DateColumn("actual_end_on")
    duration_en = TextColumn("duration_as_stated", example="24 months")
    duration_zh_hans = TextColumn("duration_as_stated_zh_hans", example="24个月")
    final_report_on = PartialDateColumn("final_report_on")
    participants_as_stated = NumberColumn("participants_as_stated", example="4")
    modality = ChoiceColumn("modality", "modalities", example="south-south")
    gender_marker = ChoiceColumn("gender_marker", "gender_markers", example="1")
    gender_evidence_en = TextColumn("gender_evidence")
    gender_evidence_zh_hans = TextColumn("gender_evidence_zh_hans")
    beneficiaries_en = TextColumn("beneficiaries", example="Farming families")
    beneficiaries_zh_hans = TextColumn("beneficiaries_zh_hans", example="农户")
    beneficiaries_number = NumberColumn("beneficiaries_number", example="200")
    women_beneficiaries_number = NumberColumn("women_beneficiaries_number", example="110")
    granted_usd = AmountColumn("granted_usd", example="29000")
    other_inputs_usd = AmountColumn("other_inputs_usd", example="56000")
    other_cash_usd = AmountColumn("other_cash_usd", example="20000")
    other_kind_usd = AmountColumn("other_kind_usd", example="36000")
    lead_country = LeadCountryColumn(label=_("lead country"), example="CN")
    participating_countries = ParticipatingCountriesColumn(
        label=_("participating countries"), example="LA; LK; VN"
    )
    beneficiary_countries = LinkColumn(
        COUNTRIES,
        "country_id",
        {"role": ProjectCountry.Role.BENEFICIARY.value},
        "countries",
        label=_("beneficiary countries"),
    )
    sectors = LinkColumn(SECTORS, "sector_id", codes="sectors", label=_("sectors"), example=None)
    primary_sdg = GoalsColumn(is_primary=True, label=_("primary goal (SDG)"), example="7")
    secondary_sdgs = GoalsColumn(is_primary=False, label=_("other goals (SDGs)"), example="13; 17")
    sdg_reasons_en = ReasonsColumn(
        "reason",
        label=_("why these goals (English)"),
        how=_("One line a goal: its number, a colon, the reason."),
        example="7: Clean household energy.\n13: Methane is captured.",
    )
    sdg_reasons_zh_hans = ReasonsColumn(
        "reason_zh_hans",
        label=_("why these goals (Chinese)"),
        how=_("One line a goal: its number, a colon, the reason."),
        example="7: 清洁的家庭能源。\n13: 收集甲烷。",
    )
    sdg_targets = TargetsColumn(
        "target",
        label=_("targets of the goals"),
        how=_("At most one target a goal, with “;” between them."),
        example="7.1",
    )
    submitter = with_role(Role.SUBMITTER, _("submitted by"), example=None)
    co_implementers = with_role(Role.CO_IMPLEMENTER, _("co-implementers"))
    subcontractors = with_role(Role.SUBCONTRACTOR, _("subcontractors"))
    supporters = with_role(Role.SUPPORTER, _("supporters"))
    sources = SourcesColumn(
        label=_("sources"), example="Project document of 2025 | https://example.org/document"
    )
    note = TextColumn("note", example="Sample, to be replaced.")
    state = ChoiceColumn("state", "states", readonly=True)

    class Meta(RecordResource.Meta):
        model = Project

    def load_lists(self):
        lists = {name: CodeList.of_choices(*choices) for name, choices in CHOICES.items()}
        return lists | {
            "countries": country_codes(),
            "sectors": sector_codes(),
            "areas": area_codes(),
            "sdgs": sdg_codes(),
            "institutions": institution_codes(),
        }

    # -------------------------------------------------------------- finding the project

    def keys_of(self, row):
        code = line(row.get("code"))
        keys = [("code", code.upper())] if code else []
        return keys + [("fund_numbers", number) for number in numbers_in(row.get("fund_numbers"))]

    def load_records(self, keys, queryset):
        codes = {value for column, value in keys if column == "code"}
        numbers = {value for column, value in keys if column == "fund_numbers"}
        owners = dict(
            FundNumber.objects.filter(number__in=numbers).values_list("number", "project_id")
        )
        found = queryset.filter(Q(code__in=codes) | Q(pk__in=owners.values()))
        by_pk = {project.pk: project for project in found}
        records = {("code", project.code): project for project in by_pk.values()}
        self.owners = {number: by_pk[pk] for number, pk in owners.items()}
        return records | {("fund_numbers", n): project for n, project in self.owners.items()}

    def find(self, row):
        keys = self.keys_of(row)
        if keys and keys[0][0] == "code":
            return self.of_code(keys[0])
        found = {self.records[key].pk: self.records[key] for key in keys if key in self.records}
        if len(found) > 1:
            codes = ", ".join(sorted(project.code for project in found.values()))
            text = gettext("These numbers belong to several projects: %(codes)s. Give the code.")
            raise ValidationError({"fund_numbers": text % {"codes": codes}})
        if not keys and is_blank(row.get("title_en")) and is_blank(row.get("title_zh_hans")):
            text = gettext(
                "The row names no project: give a code, a number of the Fund or a title."
            )
            raise ValidationError({"title_en": text})
        return next(iter(found.values()), None)

    def of_code(self, key):
        if key in self.records:
            return self.records[key]
        text = gettext(
            "No project has this code. Leave the cell empty for a new project: the portal gives"
            " the code."
        )
        raise ValidationError({"code": text})

    # -------------------------------------------------------------- what the columns say together

    def settle(self, draft):
        yield from self.numbers_of_others(draft)
        yield from self.countries_twice(draft)
        for column, numbers in draft.wishes.items():
            if numbers:
                text = gettext("The project does not have these goals: %(numbers)s.")
                yield column, text % {"numbers": ", ".join(map(str, numbers))}
        if len(draft.changed_links.get(SDGS, ())) > 5:
            yield (
                "secondary_sdgs",
                gettext("A project has one primary goal and at most four others."),
            )

    def numbers_of_others(self, draft):
        if self.is_refused("fund_numbers"):
            return
        for entry in draft.changed_links.get(NUMBERS, ()):
            owner = self.owners.get(entry["number"])
            if owner and owner.pk != draft.instance.pk:
                text = gettext("%(number)s is the number of %(code)s. Take it out of the cell.")
                yield "fund_numbers", text % {"number": entry["number"], "code": owner.code}

    def countries_twice(self, draft):
        codes = [entry["country_id"] for entry in draft.changed_links.get(COUNTRIES, ())]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            text = gettext("These countries stand in two columns: %(codes)s. Keep each in one.")
            yield "beneficiary_countries", text % {"codes": ", ".join(twice)}

    def title_of(self, draft):
        project = draft.instance
        numbers = "; ".join(entry["number"] for entry in draft.entries(NUMBERS))
        return project.title_i18n or numbers or gettext("Project without a title")

    def warnings_of(self, draft):
        countries = [
            self.lists["countries"].records[entry["country_id"]]
            for entry in draft.entries(COUNTRIES)
        ]
        warnings = [str(warning) for warning in draft.instance.warnings(countries)]
        if not draft.entries(NUMBERS):
            warnings.append(gettext("It has no number of the Fund."))
        return warnings


def numbers_in(cell) -> list[str]:
    """Give the numbers of the Fund in a cell, whatever else is in it."""
    numbers = []
    for word in LIST_SEPARATOR.split(as_text(cell)):
        try:
            numbers.append(fund_number(line(word)))
        except ValidationError:
            continue
    return numbers


# ------------------------------------------------------------------ lists

CHOICES = {
    "programmes": (
        Project.Programme,
        _("“%(value)s” is no programme. Write pgtf or demonstration."),
    ),
    "statuses": (
        Project.Status,
        _("“%(value)s” is no status. Write pipeline, ongoing, completed or cancelled."),
    ),
    "year_bases": (
        Project.YearBasis,
        _("“%(value)s” does not say how the year is known. Write stated or from_number."),
    ),
    "modalities": (
        Project.Modality,
        _("“%(value)s” is no modality. Write south-south or triangular."),
    ),
    "gender_markers": (
        Project.GenderMarker,
        _("“%(value)s” is no gender marker. Write 0, 1 or 2."),
    ),
    "states": (Project.State, _("“%(value)s” is no state of publication.")),
}
