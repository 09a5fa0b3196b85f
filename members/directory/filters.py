"""The directory of institutions: what it is filtered by, its orders, how it is searched."""

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from sscnet.codelists.choices import Province
from sscnet.codelists.models import Sector
from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, WORDS
from sscnet.facets.filters import CHANGED, Order, ValuesFilter, choices_of, rows_of
from sscnet.facets.filterset import Group, ListFilterSet

from ..models import Institution, Membership, Service
from .page import list_reading


def standing():
    """Return in SQL what an institution is to the Network, as `Institution.standing` does."""
    own = Membership.objects.filter(institution=OuterRef("pk"))
    return Case(
        When(Exists(own.current().of_member()), then=Value("member")),
        When(Exists(own.current().filter(state=Membership.State.FORMER)), then=Value("former")),
        When(~Exists(own), then=Value("partner")),
        default=Value(""),
        output_field=CharField(),
    )


def words(**labels):
    return lambda: {code: str(label) for code, label in labels.items()}


def kinds():
    shown = choices_of(Institution.Kind)()
    return {code: label for code, label in shown.items() if code != Institution.Kind.SUPPORTER}


class InstitutionFilter(ListFilterSet):
    standing = ValuesFilter(
        standing(),
        label=_("Standing"),
        labels=words(member=_("members"), partner=_("partners"), former=_("former members")),
        phrase=pgettext_lazy("institutions …, standing", "that are %(values)s"),
        is_name=False,
    )
    sector = ValuesFilter(
        "institution_sectors__sector__slug",
        label=_("Expertise"),
        labels=rows_of(Sector, "slug", "name_i18n"),
        phrase=pgettext_lazy("institutions …, expertise", "with expertise in %(values)s"),
        is_name=False,
    )
    province = ValuesFilter(
        "province",
        label=_("Province"),
        labels=choices_of(Province),
        phrase=pgettext_lazy("institutions …, provinces", "in %(values)s"),
    )
    kind = ValuesFilter(
        "kind",
        label=_("Kind"),
        labels=kinds,
        phrase=pgettext_lazy("institutions …, kind", "of the kind “%(values)s”"),
    )
    service = ValuesFilter(
        "services__kind",
        label=_("Offers"),
        labels=choices_of(Service.Kind),
        phrase=pgettext_lazy("institutions …, services", "offering %(values)s"),
        is_name=False,
    )

    class Meta:
        model = Institution
        fields: list = []

    topics = (INSTITUTIONS, PROJECTS, WORDS)
    kind_found = "institution"
    orders = [
        Order("name", _("Name"), _("Name (Z to A)"), "name", is_translated=True, fallback="slug"),
        CHANGED,
    ]
    panel = [Group(name) for name in ("service", "sector", "province", "kind", "standing")]

    @classmethod
    def listed(cls):
        return Institution.objects.public().listed()

    @classmethod
    def read(cls, ids):
        return list_reading().of_ids(list(ids))

    @staticmethod
    def counted(n, is_described):
        if is_described:
            return ngettext("%(n)d institution %(phrases)s", "%(n)d institutions %(phrases)s", n)
        return ngettext("%(n)d institution", "%(n)d institutions", n)
