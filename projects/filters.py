"""Which parameters the catalogue takes; one filter set serves page, file and feed."""

from collections import defaultdict
from dataclasses import dataclass

import django_filters
from django.db.models import Count, F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import SDG, Country, PGTFArea, Sector

from .facets import NOT_STATED, Facet, FacetView
from .models import Project

MOST_SEARCH_CHARACTERS = 200


@dataclass(frozen=True)
class Active:
    """A filter in use: what it says and the query string without it."""

    name: str
    filter_label: str
    label: str
    query_without: str


class Sorting(django_filters.ChoiceFilter):
    ORDERS = {
        "newest": (_("Newest first"), [F("year_approved").desc(nulls_last=True), "-id"]),
        "title": (_("Title"), ["title_i18n", "id"]),
        "grant": (_("Grant"), [F("granted_usd").desc(nulls_last=True), "-id"]),
    }
    DEFAULT = "newest"

    def __init__(self):
        choices = [(key, label) for key, (label, _order) in self.ORDERS.items()]
        super().__init__(choices=choices, label=_("Sort by"))

    def filter(self, queryset, value):
        return queryset.order_by(*self.ORDERS[value or self.DEFAULT][1])


class ProjectFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search", max_length=MOST_SEARCH_CHARACTERS, label=_("Search")
    )
    country = Facet(
        "countries", lambda: Country.objects.values_list("iso2", "name_i18n"), label=_("Country")
    )
    sector = Facet(
        "sectors__slug", lambda: Sector.objects.values_list("slug", "name_i18n"), label=_("Sector")
    )
    sdg = Facet(
        "project_sdgs__sdg",
        lambda: SDG.objects.values_list("number", "name_i18n"),
        label=_("Goal (SDG)"),
    )
    area = Facet(
        "area__slug",
        lambda: PGTFArea.objects.values_list("slug", "name_i18n"),
        label=_("PGTF area"),
    )
    status = Facet("status", lambda: Project.Status.choices, nothing="", label=_("Status"))
    programme = Facet(
        "programme", lambda: Project.Programme.choices, nothing="", label=_("Programme")
    )
    sort = Sorting()

    class Meta:
        model = Project
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(pk__in=self.found)

    @cached_property
    def found(self):
        """Search once for a page: its list and the numbers beside all values build on this."""
        found = self.queryset.order_by().search(self.form.cleaned_data["q"])
        return list(found.values_list("pk", flat=True))

    @cached_property
    def given(self):
        """Give the values in use, by the filter's name; those not known are left out."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def matching(self, *, without=None):
        """Give the projects that match all filters but one."""
        queryset = self.queryset
        for name, value in self.given.items():
            if name not in (without, "sort"):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    # ---------------------------------------------------------------- what the page shows

    @cached_property
    def facets(self):
        facets = {name: f for name, f in self.filters.items() if isinstance(f, Facet)}
        counts = self.counts(facets)
        return [
            FacetView(name, facet.label, facet.values(counts[name], self.given.get(name, [])))
            for name, facet in facets.items()
        ]

    def counts(self, facets):
        """Count the projects of every value of every facet, in one query."""
        first, *rest = (
            self.matching(without=name).tally(name, facet.field_name)
            for name, facet in facets.items()
        )
        counts = defaultdict(dict)
        for name, value, count in first.union(*rest, all=True).order_by():
            counts[name][value or NOT_STATED] = count
        return counts

    @cached_property
    def unknown(self):
        """List the values that were left out, each with its filter's label."""
        self.form.is_valid()
        fields = self.form.fields
        found = [
            (fields[name].label, value)
            for name in fields
            for value in getattr(fields[name], "unknown", ())
        ]
        if "sort" in self.errors:
            found.append((fields["sort"].label, self.data["sort"]))
        return found

    @cached_property
    def active(self):
        """List the filters in use, a value each."""
        return [
            Active(name, self.filters[name].label, label, self.query(without=(name, key)))
            for name, given in self.given.items()
            if name != "sort"
            for key, label in self.labelled(name, given)
        ]

    def labelled(self, name, given):
        if isinstance(given, str):
            return [(given, f"“{given}”")]
        return [(key, self.filters[name].labels[key]) for key in given]

    @cached_property
    def ways_out(self):
        """List the filters in use with how many projects would match without each."""
        names = [name for name in self.given if name != "sort"]
        counts = self.queryset.order_by().aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=self.matching(without=name).values("pk")))
                for name in names
            }
        )
        return [
            {
                "label": self.filters[name].label,
                "count": count,
                "query": self.query(without=(name,)),
            }
            for name, count in counts.items()
            if count
        ]

    @property
    def sorts(self):
        now = self.given.get("sort", Sorting.DEFAULT)
        return [
            {"label": label, "query": self.query(sort=key), "is_current": key == now}
            for key, (label, _order) in Sorting.ORDERS.items()
        ]

    def query(self, *, without=(), sort=None):
        """Write the filters in use as a query string, without one filter or one value of it."""
        query = self.data.copy()
        query.clear()
        for name, given in self.given.items():
            values = [given] if isinstance(given, str) else given
            query.setlist(name, [v for v in values if without not in ((name,), (name, v))])
        if sort:
            query["sort"] = sort
        if query.get("sort") == Sorting.DEFAULT:
            del query["sort"]
        return f"?{query.urlencode()}" if any(query.values()) else ""
