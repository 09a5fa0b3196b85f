"""Pages of a country, an area and a goal: the catalogue with one filter set, and what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, Count, QuerySet, Sum
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members.models import Institution
from sscnet.codelists.choices import CHINA, CountryGroup, Region, Subregion
from sscnet.codelists.models import SDG, Country
from sscnet.codelists.regions import by_region
from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import MEETINGS, NEEDS
from sscnet.core.i18n.collation import sort_key
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.engine import Index, of_request
from sscnet.facets.listing import Listing
from sscnet.facets.params import NOT_STATED
from sscnet.figures.section import FigureTable

from ..catalogue import tilemap
from ..catalogue.bars import bars
from ..catalogue.filters import ProjectFilter
from ..catalogue.results import Result, results
from ..models import Project

IN_SIGHT = 10
COUNTRIES = _("Countries")


@dataclass(frozen=True)
class Subject:
    """What the projects of a page have in common: the filter, its kind of records, its words."""

    parameter: str
    model: type
    name: Any
    plural: Any = COUNTRIES
    # The name of the address that lists them all.
    index: str = "countries"
    # The facets that say more about these projects.
    others: tuple[str, ...] = ("country", "sector")

    def records(self, codes: Iterable[str]) -> Iterable:
        if issubclass(self.model, Choices):
            return [AREAS[code] for code in self.model.values if code in codes]
        return self.model.objects.filter(pk__in=codes)


COUNTRY = Subject("country", Country, _("Country"), others=("sector", "sdg"))
GOAL = Subject("sdg", SDG, _("Goal (SDG)"), _("Goals (SDGs)"), "sdgs")
REGION = Subject("region", Region, _("Region"))
SUBREGION = Subject("subregion", Subregion, _("Sub-region"))
GROUP = Subject("group", CountryGroup, _("Group of countries"))
SUBJECTS = (COUNTRY, GOAL, REGION, SUBREGION, GROUP)


@dataclass(frozen=True)
class Area:
    """A region or sub-region of the UN's M49 list, or a group of countries that the UN lists."""

    subject: Subject
    pk: str

    def __str__(self):
        return str(self.subject.model(self.pk).label)

    def get_absolute_url(self):
        return reverse("landing:area", args=[self.pk])

    @property
    def countries(self) -> QuerySet[Country]:
        field = {self.pk: True} if self.subject is GROUP else {self.subject.parameter: self.pk}
        return Country.objects.filter(**field)


AREAS = {
    code: Area(subject, code)
    for subject in (REGION, SUBREGION, GROUP)
    for code in subject.model.values
}

COUNTED = {
    "institution": _("Institutions"),
    "country": COUNTRIES,
    "sector": _("Sectors"),
    "sdg": _("Goals (SDGs)"),
}


class Landing:
    """One record and the list of its projects."""

    def __init__(self, subject: Subject, record, index: Index):
        self.subject = subject
        self.record = record
        self.code = str(record.pk)
        query = QueryDict(mutable=True)
        query[subject.parameter] = self.code
        self.listing = ProjectFilter.listing(query, index)

    @cached_property
    def projects(self) -> list[Result]:
        return results(self.listing.page(size=IN_SIGHT).object_list)

    @cached_property
    def map(self) -> tilemap.TileMap:
        """Draw where these projects are; on a country's page, where the country is."""
        if self.subject is COUNTRY:
            everything = ProjectFilter.listing(QueryDict(), self.listing.index)
            return tilemap.of_countries(everything, self.code)
        return tilemap.draw_listing(self.listing)

    @cached_property
    def countries(self) -> list[tuple[Country, int]]:
        """Return the countries of an area with their projects; of a country its neighbours."""
        everything = ProjectFilter.listing(QueryDict(), self.listing.index)
        counts = {country.pk: n for country, n in with_projects(COUNTRY, everything)}
        if self.subject is COUNTRY:
            beside = Country.objects.filter(subregion=self.record.subregion, pk__in=counts)
            found = beside.exclude(subregion="").exclude(pk=self.code)
        else:
            found = self.record.countries
        by_name = sorted(found, key=lambda country: sort_key(str(country)))
        return [(country, counts.get(country.pk, 0)) for country in by_name]

    @property
    def areas(self) -> list[Area]:
        """Return the areas a country belongs to."""
        groups = [code for code in CountryGroup.values if getattr(self.record, code)]
        codes = [self.record.region, self.record.subregion, *groups]
        return [AREAS[code] for code in codes if code]

    @cached_property
    def charts(self) -> list[FigureTable]:
        return [bars(self.listing, name) for name in self.subject.others]

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """Count how many institutions, countries, sectors and goals these projects have."""
        return [
            (label, len(self.listing.facet(name).counts.keys() - {NOT_STATED}))
            for name, label in COUNTED.items()
            if name != self.subject.parameter
        ]

    @cached_property
    def money(self) -> dict:
        """Add up what the Fund granted, and say for how many projects that is stated."""
        these = IsAmong.ids(list(self.listing.matches.result))
        projects = Project.objects.filter(these).order_by()
        return projects.aggregate(granted=Sum("granted_usd"), stated=Count("granted_usd"))

    @cached_property
    def by_institution(self) -> FigureTable:
        return bars(self.listing, "institution", most=IN_SIGHT)

    @cached_property
    def institutions(self) -> list[tuple[Institution, int]]:
        """Return the institutions with the number of these projects they have; the most first."""
        numbers = [figure.number for figure in self.by_institution.in_sight]
        counts = {number.key: number.value for number in numbers}
        found = Institution.objects.public().in_bulk(list(counts), field_name="slug")
        return [(found[slug], count) for slug, count in counts.items() if slug in found]


def with_projects(subject: Subject, listing: Listing) -> list[tuple[Any, int]]:
    """List the records that projects of a list have, with how many do."""
    carried = listing.matches.carried(ProjectFilter.base_filters[subject.parameter])
    records = subject.records(carried.keys() - {NOT_STATED})
    return [(record, len(carried[str(record.pk)])) for record in records]


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS, NEEDS)
def country(request, iso2):
    if iso2 != iso2.upper():
        return redirect("landing:country", iso2=iso2.upper(), permanent=True)
    return show(request, COUNTRY, get_object_or_404(Country, iso2=iso2))


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS)
def area(request, slug):
    if slug not in AREAS:
        raise Http404
    return show(request, AREAS[slug].subject, AREAS[slug])


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS)
def sdg(request, number):
    return show(request, GOAL, get_object_or_404(SDG, number=number))


def show(request, subject, record):
    landing = Landing(subject, record, of_request(request, ProjectFilter))
    question = gettext("Country or region: %(place)s. We would like to know …")
    context = {
        "landing": landing,
        "record": record,
        "question": question % {"place": record},
        "up": reverse(f"landing:{subject.index}"),
    }
    return render(request, "projects/landing.html", context)


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS)
def index(request, subject):
    """List the countries of projects by name, the goals by number."""
    listing = ProjectFilter.listing_of(request)
    records = with_projects(subject, listing)
    areas = (with_projects(one, listing) for one in (REGION, SUBREGION, GROUP))
    has_map = subject is COUNTRY and records and not listing.is_filtered
    context = {
        "subject": subject,
        "listing": listing,
        "count": sum(record.pk != CHINA for record, _count in records),
        "areas": [item for one in areas for item in one] if subject is COUNTRY else [],
        "groups": by_region(records) if subject is COUNTRY else [("", records)],
        "map": tilemap.of_countries(listing) if has_map else None,
    }
    return render(request, "projects/landing_index.html", context)
