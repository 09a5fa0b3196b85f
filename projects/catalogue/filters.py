"""The list of projects: what it is filtered by, in which orders it stands, how it is searched."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, FloatField, Func, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.codelists.choices import CountryGroup
from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, WORDS
from sscnet.facets.filters import (
    CHANGED,
    ArrayFilter,
    Order,
    ValuesFilter,
    YearFilter,
    by_title,
    choices_of,
)
from sscnet.facets.filterset import Group, ListFilterSet

from ..models import Project, ProjectInstitution, ProjectSDG
from .results import reading

STATED, EXACT, BOUNDED = "stated", "exact", "bounded"


def institutions():
    """Name those that the public may know of: with a page of their own, or part of a project."""
    known = Q(pk__in=Institution.objects.with_address()) | Q(
        pk__in=ProjectInstitution.objects.of_published().order_by().values("institution")
    )
    rows = Institution.objects.filter(known).only("slug", "name", "i18n")
    return {row.slug: str(row) for row in rows}


def stated(*names: str, label) -> ValuesFilter:
    """Make the filter of the projects that state all of these fields, and of those that do not."""
    is_stated = Q(*((f"{name}__isnull", False) for name in names))
    return ValuesFilter(
        Case(When(is_stated, then=Value(STATED)), output_field=CharField()),
        label=label,
        labels=lambda: {STATED: gettext("stated")},
    )


class GroupFilter(ArrayFilter):
    """The filter of the groups of the UN that the countries on a path belong to."""

    def __init__(self, country: str, **options):
        each = (
            Case(When(**{f"{country}__{code}": True}, then=Value(code)))
            for code in CountryGroup.values
        )
        array = "%(function)s[%(expressions)s]"
        field = ArrayField(TextField())
        super().__init__(
            Func(*each, function="ARRAY", template=array, output_field=field), **options
        )


def number_of(code: str) -> int | None:
    """Return the number that codes are sorted by: SSC-0042 by 42."""
    digits = code.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else None


class ProjectFilter(ListFilterSet):
    country = ValuesFilter(
        "project_countries__country_id",
        label=_("Country"),
        phrase=pgettext_lazy("projects …, countries", "in %(values)s"),
    )
    region = ValuesFilter(
        "project_countries__country__region",
        label=_("Region"),
        phrase=pgettext_lazy("projects …, regions", "in %(values)s"),
    )
    subregion = ValuesFilter(
        "project_countries__country__subregion",
        label=_("Sub-region"),
        phrase=pgettext_lazy("projects …, regions", "in %(values)s"),
    )
    group = GroupFilter(
        "project_countries__country",
        label=_("Group of countries"),
        labels=choices_of(CountryGroup),
        phrase=pgettext_lazy("projects …, regions", "in %(values)s"),
        is_name=False,
    )
    sector = ValuesFilter(
        "project_sectors__sector__slug",
        label=_("Sector"),
        phrase=pgettext_lazy("projects …, sectors", "about %(values)s"),
        is_name=False,
    )
    sdg = ValuesFilter(
        "project_sdgs__sdg_id",
        label=_("Goal (SDG)"),
        phrase=pgettext_lazy("projects …, goals", "towards %(values)s"),
    )
    sdg_primary = ValuesFilter(
        "project_sdgs__sdg_id",
        label=_("Primary goal (SDG)"),
        where=Q(project_sdgs__place=ProjectSDG.Place.PRIMARY),
        phrase=pgettext_lazy("projects …, primary goals", "mainly towards %(values)s"),
    )
    area = ValuesFilter(
        "area__slug",
        label=_("PGTF area"),
        phrase=pgettext_lazy("projects …, PGTF areas", "in the PGTF area “%(values)s”"),
    )
    status = ValuesFilter(
        "status",
        label=_("Status"),
        phrase=pgettext_lazy("projects …, status", "with the status “%(values)s”"),
    )
    programme = ValuesFilter(
        "programme",
        label=_("Programme"),
        phrase=pgettext_lazy("projects …, programme", "of the kind “%(values)s”"),
    )
    modality = ValuesFilter(
        "modality",
        label=_("Modality"),
        phrase=pgettext_lazy("projects …, modality", "[projects …, modality] through %(values)s"),
    )
    institution = ValuesFilter(
        "project_institutions__institution__slug",
        label=_("Institution"),
        labels=institutions,
        phrase=pgettext_lazy("projects …, institutions", "of %(values)s"),
    )
    role = ValuesFilter(
        "project_institutions__role",
        label=_("Role of the institution"),
        phrase=pgettext_lazy("projects …, role", "in the role “%(values)s”"),
        qualifies="institution",
    )
    province = ValuesFilter(
        "project_institutions__institution__province",
        label=_("Province of the lead institution"),
        where=Q(project_institutions__role=ProjectInstitution.Role.SUBMITTER),
        phrase=pgettext_lazy("projects …, provinces", "led from %(values)s"),
    )
    year = YearFilter(
        "year_approved",
        label=_("Year of approval"),
        phrase=pgettext_lazy("projects …, years", "approved in %(values)s"),
    )
    gender = ValuesFilter(
        "gender_marker",
        label=_("Gender marker"),
        phrase=pgettext_lazy("projects …, gender marker", "with the gender marker “%(values)s”"),
        order=int,
    )
    grant = stated("granted_usd", label=_("Grant"))
    inputs = stated("other_inputs_usd", label=_("Other inputs"))
    people = ValuesFilter(
        Case(
            When(beneficiaries_number=None, then=None),
            When(beneficiaries_bound="", then=Value(EXACT)),
            default=Value(BOUNDED),
            output_field=CharField(),
        ),
        label=_("Number of beneficiaries"),
        labels=lambda: {EXACT: gettext("exact"), BOUNDED: gettext("at least or about")},
    )
    women = stated(
        "beneficiaries_number",
        "women_beneficiaries_number",
        label=_("Women among the beneficiaries"),
    )

    topics = (PROJECTS, INSTITUTIONS, WORDS)
    kind_found = "project"
    reading = reading
    counted = ngettext_lazy("%(n)d project", "%(n)d projects", "n")
    described = ngettext_lazy("%(n)d project %(phrases)s", "%(n)d projects %(phrases)s", "n")
    orders = [
        Order("newest", _("Newest first"), _("Oldest first"), "year_approved", is_descending=True),
        by_title("code"),
        Order(
            "grant",
            _("Grant"),
            _("Grant (smallest first)"),
            Cast("granted_usd", FloatField()),
            is_descending=True,
        ),
        Order(
            "code", pgettext_lazy("of a project", "Code"), _("Code (Z to A)"), "code", key=number_of
        ),
        CHANGED,
    ]
    # Best match first, equal ones newest first.
    relevance = Order("relevance", _("Best match"), "", "year_approved", is_descending=True)
    views = {"": _("List"), "table": _("Table"), "map": _("Map")}
    panel = [
        Group("country", _("By region"), ("region", "subregion", "group")),
        Group("sector"),
        Group("sdg", _("Only as the primary goal"), ("sdg_primary",)),
        Group("status"),
        Group("institution", _("In which role"), ("role",)),
        Group("year"),
    ]
    rare = ("programme", "area", "modality", "gender", "province")

    @classmethod
    def listed(cls):
        return Project.objects.public()
