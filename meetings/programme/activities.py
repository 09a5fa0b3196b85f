"""The list of activities: what institutions do for others, and the Network's own meetings."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from projects.catalogue.filters import institutions
from sscnet.codelists.choices import CHINA, Region
from sscnet.codelists.models import Country, Sector
from sscnet.codelists.regions import by_region
from sscnet.core.database.stamps import INSTITUTIONS
from sscnet.core.models import State
from sscnet.core.records import samples
from sscnet.facets.filters import (
    ArrayFilter,
    ComputedFilter,
    ValuesFilter,
    choices_of,
    rows_of,
)
from sscnet.facets.filterset import Group
from sscnet.facets.listing import Listing

from ..models import Meeting
from .filters import OF_PUBLISHED, PROJECT, MeetingFilter

INSTITUTION = "meeting_institutions__institution"
OF_PUBLISHED_INSTITUTION = Q(**{f"{INSTITUTION}__state": State.PUBLISHED}) & samples.beside(
    "", INSTITUTION
)


def on_any(*paths: tuple[str, Q]) -> Callable[[Iterable], dict[str, set[int]]]:
    """Return what gives the records of each code that stands on one of several paths."""

    def computed(meetings):
        found = defaultdict(set)
        ids = [meeting.pk for meeting in meetings]
        for path, where in paths:
            rows = Meeting.objects.filter(where, pk__in=ids).order_by().values_list(path, "pk")
            for code, pk in rows:
                if code:
                    found[str(code)].add(pk)
        return found

    return computed


def over_places(field: str) -> Callable[[Iterable], dict[str, set[int]]]:
    """Return what gives the records by the countries of participants, place and projects."""
    return on_any(
        (f"meeting_countries__country__{field}", Q()),
        (f"country__{field}", Q()),
        (f"{PROJECT}__project_countries__country__{field}", OF_PUBLISHED),
    )


class ActivityFilter(MeetingFilter):
    country = ComputedFilter(
        over_places("iso2"),
        label=_("Country"),
        labels=rows_of(Country),
        phrase=pgettext_lazy("activities …, countries", "with %(values)s"),
    )
    region = ComputedFilter(
        over_places("region"),
        label=_("Region"),
        labels=choices_of(Region),
        phrase=pgettext_lazy("activities …, regions", "with countries of %(values)s"),
    )
    sector = ComputedFilter(
        on_any(
            (f"{PROJECT}__project_sectors__sector__slug", OF_PUBLISHED),
            (f"{INSTITUTION}__sectors__slug", OF_PUBLISHED_INSTITUTION),
        ),
        label=_("Sector"),
        labels=rows_of(Sector, "slug"),
        phrase=pgettext_lazy("activities …, sectors", "about %(values)s"),
        is_name=False,
    )
    sdg = ValuesFilter(
        f"{PROJECT}__project_sdgs__sdg_id",
        label=_("Goal (SDG)"),
        where=OF_PUBLISHED,
        phrase=pgettext_lazy("activities …, goals of their projects", "towards %(values)s"),
    )
    institution = ValuesFilter(
        f"{INSTITUTION}__slug",
        label=_("Institution"),
        labels=institutions,
        where=OF_PUBLISHED_INSTITUTION,
        phrase=pgettext_lazy("activities …, institutions", "of %(values)s"),
    )
    language = ArrayFilter(
        "languages",
        label=_("Working language"),
        phrase=pgettext_lazy("activities …, languages", "in %(values)s"),
    )

    topics = (*MeetingFilter.topics, INSTITUTIONS)
    counted = ngettext_lazy("%(n)d activity", "%(n)d activities", "n")
    described = ngettext_lazy("%(n)d activity %(phrases)s", "%(n)d activities %(phrases)s", "n")
    panel = [
        *(Group("status"), Group("kind"), Group("year")),
        Group("country", _("By region"), ("region",)),
        *(Group("institution"), Group("sector")),
    ]
    rare = ("sdg", "language", "numbers")

    @classmethod
    def listed(cls):
        return Meeting.objects.public()


def regions_of(listing: Listing) -> list[tuple[str, list]]:
    """Return the countries of the listed activities by region, each with how many; not China."""
    carried = listing.matches.carried(ActivityFilter.base_filters["country"])
    countries = Country.objects.filter(pk__in=carried).exclude(pk=CHINA)
    return by_region((country, len(carried[country.pk])) for country in countries)
