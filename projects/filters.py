"""The list of projects, declared: what it is filtered by, and in which orders it can stand.

Page, figures, files, feed and landing pages read this. A new facet is one entry of `FACETS`. A new
table that a facet is read from wants its triggers too, so that a change is seen: see the migration
`log_of_changes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    FloatField,
    Func,
    Model,
    Q,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Extract
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.utils import build_localized_fieldname

from members.models import Institution
from sscnet.catalogue.collation import sort_key
from sscnet.catalogue.declaration import Facet, Order, choices_of, rows_of
from sscnet.codelists.choices import Province, Region, Subregion
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.records.labels import each_language

from ..models import Project, ProjectCountry, ProjectInstitution, ProjectSDG, ProjectSector


class IsAmong(Func):
    """Compare with an array: one parameter, however many ids it holds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True)
class Pairs:
    """Where a facet is read from: rows of a model, each a project and a code.

    A row with an empty code is no pair; a project without a pair is *not stated*.
    """

    model: type[Model]
    code: str
    where: Q = Q()  # noqa: RUF009 - never changed

    @property
    def project(self) -> str:
        return "pk" if self.model is Project else "project"

    @property
    def column(self) -> str:
        """Name the model's own column that the code is found by."""
        return self.model._meta.get_field(self.code.partition("__")[0]).attname

    @property
    def beyond(self) -> str:
        """Name the field of the related model that holds the code, if the model itself does not."""
        return self.code.partition("__")[2]

    def all_rows(self):
        return self.model._base_manager.order_by().filter(self.where)

    def rows(self, projects: list[int] | None = None):
        """Give the pairs of these projects or of all: the project as `of`, the code as `value`."""
        rows = self.all_rows().annotate(of=F(self.project), value=Cast(self.code, TextField()))
        rows = rows.filter(value__gt="")
        if projects is None:
            return rows
        return rows.filter(IsAmong(F(self.project), Value(projects, ArrayField(BigIntegerField()))))


def institutions():
    """Name those that the public may know of: with a page of their own, or part of a project."""
    known = Q(pk__in=Institution.objects.with_address()) | Q(
        pk__in=ProjectInstitution.objects.of_published().order_by().values("institution")
    )
    rows = Institution.objects.filter(known).only("slug", "name", "i18n")
    return {row.slug: str(row) for row in rows}


class Years(Mapping):
    """Every year is its own label."""

    def __getitem__(self, code):
        if len(code) == 4 and code.isascii() and code.isdigit():
            return code
        raise KeyError(code)

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


FACETS = [
    Facet(
        "country",
        _("Country"),
        Pairs(ProjectCountry, "country_id"),
        rows_of(Country, "iso2", "name_i18n"),
        phrase=pgettext_lazy("projects …, countries", "in %(values)s"),
    ),
    Facet(
        "region",
        _("Region"),
        Pairs(ProjectCountry, "country__region"),
        choices_of(Region),
        phrase=pgettext_lazy("projects …, regions", "in %(values)s"),
    ),
    Facet(
        "subregion",
        _("Sub-region"),
        Pairs(ProjectCountry, "country__subregion"),
        choices_of(Subregion),
        phrase=pgettext_lazy("projects …, regions", "in %(values)s"),
    ),
    Facet(
        "sector",
        _("Sector"),
        Pairs(ProjectSector, "sector__slug"),
        rows_of(Sector, "slug", "name_i18n"),
        phrase=pgettext_lazy("projects …, sectors", "about %(values)s"),
        is_name=False,
    ),
    Facet(
        "sdg",
        _("Goal (SDG)"),
        Pairs(ProjectSDG, "sdg_id"),
        rows_of(SDG, "number", "name_i18n"),
        phrase=pgettext_lazy("projects …, goals", "about %(values)s"),
    ),
    Facet(
        "sdg_primary",
        _("Primary goal (SDG)"),
        Pairs(ProjectSDG, "sdg_id", Q(place=ProjectSDG.Place.PRIMARY)),
        rows_of(SDG, "number", "name_i18n"),
        phrase=pgettext_lazy("projects …, primary goals", "mainly about %(values)s"),
    ),
    Facet(
        "area",
        _("PGTF area"),
        Pairs(Project, "area__slug"),
        rows_of(PGTFArea, "slug", "name_i18n"),
        phrase=pgettext_lazy("projects …, PGTF areas", "in the PGTF area “%(values)s”"),
    ),
    Facet(
        "status",
        _("Status"),
        Pairs(Project, "status"),
        choices_of(Project.Status),
        phrase=pgettext_lazy("projects …, status", "with the status “%(values)s”"),
    ),
    Facet(
        "programme",
        _("Programme"),
        Pairs(Project, "programme"),
        choices_of(Project.Programme),
        phrase=pgettext_lazy("projects …, programme", "of the kind “%(values)s”"),
    ),
    Facet(
        "modality",
        _("Modality"),
        Pairs(Project, "modality"),
        choices_of(Project.Modality),
        phrase=pgettext_lazy("projects …, modality", "by way of %(values)s"),
    ),
    Facet(
        "institution",
        _("Institution"),
        Pairs(ProjectInstitution, "institution__slug"),
        institutions,
        phrase=pgettext_lazy("projects …, institutions", "of %(values)s"),
    ),
    Facet(
        "role",
        _("Role of the institution"),
        Pairs(ProjectInstitution, "role"),
        choices_of(ProjectInstitution.Role),
        phrase=pgettext_lazy("projects …, role", "in the role “%(values)s”"),
        qualifies="institution",
    ),
    Facet(
        "province",
        _("Province of the lead institution"),
        Pairs(
            ProjectInstitution,
            "institution__province",
            Q(role=ProjectInstitution.Role.SUBMITTER),
        ),
        choices_of(Province),
        phrase=pgettext_lazy("projects …, provinces", "led from %(values)s"),
    ),
    Facet(
        "year",
        _("Year of approval"),
        Pairs(Project, "year_approved"),
        Years,
        phrase=pgettext_lazy("projects …, years", "approved in %(values)s"),
        order=lambda year: -int(year),
        ranged=True,
    ),
    Facet(
        "gender",
        _("Gender marker"),
        Pairs(Project, "gender_marker"),
        choices_of(Project.GenderMarker),
        phrase=pgettext_lazy("projects …, gender marker", "with the gender marker “%(values)s”"),
        order=int,
    ),
]


# ---------------------------------------------------------------- orders


ORDERS = [
    Order("newest", _("Newest first"), _("Oldest first"), "year", is_descending=True),
    Order("title", _("Title"), _("Title, backwards"), "title", is_translated=True),
    Order("grant", _("Grant"), _("Grant, smallest first"), "grant", is_descending=True),
    Order("code", _("Code"), _("Code, backwards"), "code"),
    Order("changed", _("Recently changed"), _("Longest unchanged"), "changed", is_descending=True),
]

# What the orders compare: the fields that are read, and what is made of them.
SORT_FIELDS: list[str | Combinable] = [
    "pk",
    "year_approved",
    Cast("granted_usd", FloatField()),
    "code",
    Cast(Extract("updated_at", "epoch"), FloatField()),
    "title",
    *(KT(f"i18n__{name}") for name in each_language("title")[1:]),
]
# The order of a search, unless another is asked for: best match first, equal ones newest first.
RELEVANCE = Order("relevance", _("Best match"), "", ORDERS[0].column, is_descending=True)
# Of these columns, the ones that hold text; the others hold numbers.
TITLES = tuple(build_localized_fieldname("title", code) for code, _name in settings.LANGUAGES)
SORT_COLUMNS = ("year", "grant", "code", "changed", *TITLES)


def sort_keys(year, grant, code, changed, *titles) -> tuple:
    """Give what stands in each of the columns, or None."""
    digits = code.rpartition("-")[2]
    number = int(digits) if digits.isascii() and digits.isdigit() else None
    # In a language without a title of its own the project stands by another one.
    instead = next(filter(None, titles), code)
    keys = {title: sort_key(title or instead) for title in {*titles}}
    return year, grant, number, changed, *(keys[title] for title in titles)
