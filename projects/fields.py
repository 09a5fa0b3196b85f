"""The fields of a project, each once: the file of projects, imports, API, admin, completeness."""

from decimal import Decimal
from operator import attrgetter

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.lists import area_codes
from sscnet.core.records.basis import How, classified
from sscnet.core.records.completeness import (
    Requirement,
    chinese_is_older,
    chinese_title,
    missing,
    sourced,
)
from sscnet.exchange import (
    FieldList,
    KeyColumn,
    LinkColumn,
    PublicField,
    ShownColumn,
    for_officers,
    internal,
    publication_state,
    sources_field,
)

from .columns import (
    COUNTRIES,
    INSTITUTIONS,
    NUMBERS,
    SECTORS,
    FundNumbersColumn,
    GoalsColumn,
    ReasonsColumn,
    TargetsColumn,
)
from .models import Project, ProjectCountry, ProjectInstitution, ProjectSDG

SECTIONS = {
    "": None,
    "texts": _("Texts"),
    "approval": _("Approval and dates"),
    "amounts": _("Amounts"),
    "people": _("People reached"),
    "seldom": _("Seldom needed"),
    "staff": _("For staff"),
}
CountryRole = ProjectCountry.Role
Role = ProjectInstitution.Role


def of_role(role) -> dict:
    return {"role": role.value}


def is_confirmed(project):
    return project.classification_confirmed_on is not None


def how_countries_are_known(project):
    is_lead_alone = ProjectCountry.is_lead_alone(project.country_links)
    return How.OTHERS_NOT_STATED if is_lead_alone else None


SDG_REASONS = _("One line per goal: its number, a colon, the reason.")

FIELDS = FieldList(
    Project,
    [
        PublicField(
            "code",
            columns=KeyColumn(
                "code",
                how=_(
                    "The code of the project the row is about. Leave it empty for a new project."
                ),
            ),
            in_lists=True,
            description="Never changes",
            is_fact=False,
        ),
        internal("slug", columns=KeyColumn("slug"), section=None),
        PublicField(
            "fund_numbers",
            kind=list[str],
            columns=FundNumbersColumn(
                NUMBERS, label=_("numbers of the Fund"), example="INT/25/K99; INT/26/K99"
            ),
            in_lists=True,
            requires=[missing(_("It has no number from the Fund."), "fund_numbers")],
        ),
        PublicField(
            "title",
            example=("Sample: biogas for mountain villages", "示例：山村沼气"),
            also_called={"title_zh": ("标题", "项目名称", "项目标题")},
            in_lists=True,
            description="Where neither language has one, it is not known: the code stands for it",
            requires=[
                # Without either nobody could tell which project it is.
                missing(
                    _("It has neither a title nor a number from the Fund."),
                    *("title", "title_zh_hans", "fund_numbers"),
                    blocks=True,
                ),
                missing(
                    _("The title is not known: the public sees the code instead."),
                    *("title", "title_zh_hans"),
                    given=("fund_numbers",),
                ),
                missing(_("The English title is missing."), "title", given=("title_zh_hans",)),
                chinese_title(_("Projects without a Chinese title")),
            ],
        ),
        PublicField("subtitle"),
        PublicField(
            "programme",
            example="pgtf",
            in_lists=True,
            own_line=True,
            requires=[missing(_("The programme is not stated."), "programme")],
        ),
        PublicField(
            "area", codes=area_codes, example=None, in_lists=True, beside=True, own_line=True
        ),
        PublicField(
            "status",
            example="ongoing",
            also_called={"status": ("项目状态",)},
            in_lists=True,
            requires=[missing(_("The status is not stated."), "status")],
        ),
        PublicField("status_declared_on", example="2026-06-30", beside=True),
        PublicField(
            "year_approved",
            example="2025",
            in_lists=True,
            section="approval",
            requires=[missing(_("The year of approval is not stated."), "year_approved")],
        ),
        PublicField("approved_on", example="2025-09-26", section="approval", beside=True),
        PublicField(
            "approval_meeting",
            example=("49th Annual Ministerial Meeting of the Group of 77", ""),
            section="approval",
        ),
        PublicField("planned_start_on", example="2026-01-01", section="approval"),
        PublicField("planned_end_on", example="2027-12-31", section="approval", beside=True),
        PublicField("actual_start_on", section="approval"),
        PublicField("actual_end_on", section="approval", beside=True),
        PublicField("duration_as_stated", example=("24 months", "24个月"), section="seldom"),
        PublicField(
            "final_report_on",
            section="approval",
            description="A day, a month or a year",
            requires=[
                missing(
                    _("The date of the final report is missing."),
                    "final_report_on",
                    name="final_report",
                    label=_("no date of the final report"),
                    title=_("Projects without a final report’s date"),
                )
            ],
        ),
        PublicField(
            "lead_country",
            columns=LinkColumn(
                COUNTRIES,
                of_role(CountryRole.LEAD),
                is_several=False,
                label=_("lead country"),
                example="CN",
            ),
        ),
        PublicField(
            "countries",
            how=how_countries_are_known,
            also_called={"participating_countries": ("国家", "国别", "参与国家")},
            columns={
                "participating_countries": LinkColumn(
                    COUNTRIES,
                    of_role(CountryRole.PARTICIPATING),
                    label=_("participating countries"),
                    example="LA; LK; VN",
                ),
                "beneficiary_countries": LinkColumn(
                    COUNTRIES, of_role(CountryRole.BENEFICIARY), label=_("beneficiary countries")
                ),
                "countries": LinkColumn(
                    COUNTRIES, label=_("countries of all roles"), readonly=True
                ),
            },
            requires=[
                missing(
                    _("No country is stated."),
                    "project_countries",
                    name="countries",
                    label=_("no country"),
                    title=_("Projects without a country"),
                )
            ],
        ),
        PublicField("participants_as_stated", example="4", section="seldom"),
        PublicField(
            "lead_institution",
            label=_("lead institution"),
            value=attrgetter("submitter"),
            columns={
                "submitter": LinkColumn(
                    INSTITUTIONS, of_role(Role.SUBMITTER), label=_("submitted by"), example=None
                )
            },
        ),
        PublicField(
            "other_institutions",
            label=_("other institutions"),
            columns={
                name: LinkColumn(INSTITUTIONS, of_role(role), label=label)
                for name, role, label in (
                    ("co_implementers", Role.CO_IMPLEMENTER, _("co-implementers")),
                    ("subcontractors", Role.SUBCONTRACTOR, _("subcontractors")),
                    ("supporters", Role.SUPPORTER, _("supporters")),
                )
            },
            requires=[missing(_("No institution is stated."), "project_institutions")],
        ),
        PublicField(
            "sectors",
            kind=list[Model],
            value=lambda project: project.rows("sectors"),
            columns=LinkColumn(SECTORS, label=_("sectors"), example=None),
            in_lists=True,
            requires=[missing(_("No sector is stated."), "project_sectors")],
            how=classified,
        ),
        PublicField(
            "primary_sdg",
            how=classified,
            columns=GoalsColumn(is_primary=True, label=_("primary goal (SDG)"), example="7"),
            requires=[missing(_("No goal (SDG) is stated."), "project_sdgs")],
        ),
        PublicField(
            "secondary_sdgs",
            how=classified,
            columns=GoalsColumn(is_primary=False, label=_("other goals (SDGs)"), example="13; 17"),
        ),
        PublicField(
            "sdg_reasons",
            columns={
                "sdg_reasons_en": ReasonsColumn(
                    "reason",
                    label=_("why these goals (English)"),
                    how=SDG_REASONS,
                    example="7: Clean household energy.\n13: Methane is captured.",
                ),
                "sdg_reasons_zh": ReasonsColumn(
                    "reason_zh_hans",
                    label=_("why these goals (Chinese)"),
                    how=SDG_REASONS,
                    example="7: 清洁的家庭能源。\n13: 收集甲烷。",
                ),
                "sdg_targets": TargetsColumn(
                    "target",
                    label=_("targets of the goals"),
                    how=_("At most one target per goal, separated by “;”."),
                    example="7.1",
                ),
            },
            is_fact=False,
            requires=[
                Requirement(
                    name="reason",
                    label=_("a goal (SDG) without a reason"),
                    title=_("Projects with a goal and no reason for it"),
                    condition=Q(
                        Exists(ProjectSDG.objects.filter(project=OuterRef("pk"), reason=""))
                    ),
                )
            ],
        ),
        PublicField(
            "classification_confirmed",
            kind=bool,
            value=is_confirmed,
            columns=ShownColumn(is_confirmed, type="boolean", label=_("classification confirmed")),
            is_fact=False,
            requires=[
                missing(
                    _("The Secretariat has not confirmed sectors and goals."),
                    "classification_confirmed_on",
                    field="classification",
                    name="classification",
                    label=_("classification not confirmed"),
                    title=_("Projects whose classification is not confirmed"),
                )
            ],
        ),
        PublicField(
            "modality", example="south-south", section="approval", beside=True, own_line=True
        ),
        PublicField("gender_marker", example="1", section="people", how=How.ASSESSED),
        PublicField("gender_evidence", section="people"),
        PublicField("beneficiaries", example=("Farming families", "农户"), section="people"),
        PublicField("beneficiaries_number", example="200", section="people"),
        PublicField("beneficiaries_bound", section="people", beside=True, is_fact=False),
        PublicField("women_beneficiaries_number", example="110", section="people", beside=True),
        PublicField(
            "granted_usd",
            example="29000",
            in_lists=True,
            section="amounts",
            requires=[missing(_("The grant is not stated."), "granted_usd")],
        ),
        PublicField("other_inputs_usd", example="56000", section="amounts", beside=True),
        PublicField("other_cash_usd", example="20000", section="amounts"),
        PublicField("other_kind_usd", example="36000", section="amounts", beside=True),
        PublicField(
            "total_usd",
            kind=Decimal,
            how=How.ADDED_UP,
            columns=ShownColumn(
                lambda project: project.total_usd, type="number", label=_("total, US$")
            ),
            section="amounts",
            form_field="shown_total",
            beside=True,
        ),
        PublicField(
            "summary",
            section="texts",
            how=How.IN_OUR_WORDS,
            requires=[missing(_("The summary is missing."), "summary")],
        ),
        PublicField("challenge", section="texts", how=How.IN_OUR_WORDS),
        PublicField("approach", section="texts", how=How.IN_OUR_WORDS),
        PublicField(
            "outcome",
            section="texts",
            how=How.IN_OUR_WORDS,
            requires=[
                missing(
                    _("The outcome is missing."),
                    "outcome",
                    name="outcome",
                    label=_("no outcome"),
                    title=_("Projects without an outcome"),
                ),
                missing(_("The Chinese outcome is missing."), "outcome_zh_hans"),
                chinese_is_older(
                    _("Projects whose Chinese is older than the English"),
                    Project,
                    *("title", "subtitle", "summary", "challenge", "approach", "outcome"),
                ),
            ],
        ),
        sources_field(sourced(), example="Project document of 2025 | https://example.org/document"),
        for_officers("contact", columns={}, section="staff"),
        for_officers("note", example="Sample, to be replaced.", section="staff"),
        publication_state(),
    ],
    page="projects:detail",
    sheet=(
        *("code", "fund_numbers", "title_en", "title_zh", "programme", "area", "status"),
        *("year_approved", "lead_country", "participating_countries", "submitter", "sectors"),
        *("primary_sdg", "granted_usd", "page_{}"),
    ),
)
