"""The directory, declared: what it is filtered by, and in which orders it can stand.

Page, numbers and files read this. A new facet is one entry of `FACETS`.
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.catalogue.declaration import Facet, Order, choices_of, rows_of
from sscnet.codelists.choices import Province
from sscnet.codelists.models import Sector
from sscnet.records.languages import Language
from sscnet.records.models import State

from ..models import Institution, InstitutionSector, Service

# Where a facet is read from: pairs of an institution and a code, of all institutions. An empty code
# is none; an institution without a pair is *not stated*.
Pairs = Callable[[], Iterable[tuple[int, str]]]


def own(field: str) -> Pairs:
    return lambda: Institution.objects.order_by().values_list("pk", field)


def linked(model, code: str) -> Pairs:
    return lambda: model.objects.order_by().values_list("institution", code)


def languages():
    rows = Institution.objects.order_by().values_list("pk", "working_languages")
    return [(pk, language) for pk, several in rows for language in several]


def standings():
    """Members, suspended ones included, and former ones; who never was one is a partner."""
    institutions = Institution.objects.order_by().only("pk").prefetch_related("memberships")
    return [(institution.pk, institution.standing) for institution in institutions]


def with_projects():
    """Say of each institution whether the public can read of a project it took part in."""
    taking_part = set(
        Institution.objects.order_by()
        .filter(project_institutions__project__state=State.PUBLISHED)
        .values_list("pk", flat=True)
    )
    everybody = Institution.objects.order_by().values_list("pk", flat=True)
    return [(pk, "yes" if pk in taking_part else "no") for pk in everybody]


def words(**labels):
    return lambda: {code: str(label) for code, label in labels.items()}


def kinds():
    shown = choices_of(Institution.Kind)()
    return {code: label for code, label in shown.items() if code != Institution.Kind.SUPPORTER}


FACETS = [
    Facet(
        "standing",
        _("Standing"),
        standings,
        words(member=_("members"), partner=_("partners"), former=_("former members")),
        phrase=pgettext_lazy("institutions …, standing", "that are %(values)s"),
        is_name=False,
    ),
    Facet(
        "sector",
        _("Expertise"),
        linked(InstitutionSector, "sector__slug"),
        rows_of(Sector, "slug", "name_i18n"),
        phrase=pgettext_lazy("institutions …, expertise", "with expertise in %(values)s"),
        is_name=False,
    ),
    Facet(
        "province",
        _("Province"),
        own("province"),
        choices_of(Province),
        phrase=pgettext_lazy("institutions …, provinces", "in %(values)s"),
    ),
    Facet(
        "kind",
        _("Kind"),
        own("kind"),
        kinds,
        phrase=pgettext_lazy("institutions …, kind", "of the kind “%(values)s”"),
    ),
    Facet(
        "service",
        _("Offers"),
        linked(Service, "kind"),
        choices_of(Service.Kind),
        phrase=pgettext_lazy("institutions …, services", "offering %(values)s"),
        is_name=False,
    ),
    Facet(
        "language",
        _("Working language"),
        languages,
        choices_of(Language),
        phrase=pgettext_lazy("institutions …, languages", "working in %(values)s"),
    ),
    Facet(
        "projects",
        _("Projects"),
        with_projects,
        words(yes=_("with projects on record"), no=_("without projects on record")),
        phrase=pgettext_lazy("institutions …, projects", "%(values)s"),
        is_name=False,
    ),
]
ORDERS = [
    Order("name", _("Name"), _("Name, backwards"), "name", is_translated=True),
    Order("changed", _("Recently changed"), _("Longest unchanged"), "changed", is_descending=True),
]
