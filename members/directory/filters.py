"""The directory of institutions: what it is filtered by, its orders, how it is searched."""

from functools import cache

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, WORDS
from sscnet.core.pages.statements import RecordReader, row, rows_of
from sscnet.facets.filters import CHANGED, Order, ValuesFilter, choices_of
from sscnet.facets.filterset import Group, ListFilterSet

from ..models import Institution, Membership


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


@cache
def reading() -> RecordReader[Institution]:
    """Write once what lists show of institutions."""
    rows = {
        "memberships": rows_of(Institution, "memberships").values_list(row("state", "until")),
        "names": rows_of(Institution, "names").values_list(row("name", "kind")),
        "sectors": rows_of(Institution, "sectors").values_list(row("slug", "name", "i18n")),
        "services": rows_of(Institution, "services").values_list(row("kind", "title", "i18n")),
    }
    return RecordReader.of(Institution.objects.published().listed(), rows)


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
        phrase=pgettext_lazy("institutions …, expertise", "with expertise in %(values)s"),
        is_name=False,
    )
    province = ValuesFilter(
        "province",
        label=_("Province"),
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
        phrase=pgettext_lazy("institutions …, services", "offering %(values)s"),
        is_name=False,
    )

    topics = (INSTITUTIONS, PROJECTS, WORDS)
    kind_found = "institution"
    reading = reading
    counted = ngettext_lazy("%(n)d institution", "%(n)d institutions", "n")
    described = ngettext_lazy(
        "%(n)d institution %(phrases)s", "%(n)d institutions %(phrases)s", "n"
    )
    orders = [
        Order("name", _("Name"), _("Name (Z to A)"), "name", is_translated=True, fallback="slug"),
        CHANGED,
    ]
    panel = [Group(name) for name in ("service", "sector", "province", "kind", "standing")]

    @classmethod
    def listed(cls):
        return Institution.objects.public().listed()
