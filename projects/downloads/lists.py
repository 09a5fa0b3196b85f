"""Files of the list a visitor sees, and the page that offers them."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import SOURCES
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.exchange.writing.formats import is_for_readers, sheet
from sscnet.exchange.writing.lists import about

from ..catalogue.filters import ProjectFilter
from ..files.lists import file_name
from ..files.resources import ProjectResource
from ..iati.activity import has_activities
from ..iati.publisher import Publisher
from ..models import Project

PER_COUNTRY = "country"
COUNTRY_COLUMNS = ["country", "country_en", "country_zh", "country_role"]


@require_safe
def project_download(request):
    """Offer the files of a list, with the number of rows each will have."""
    listing = ProjectFilter.listing(request.GET)
    listed = Project.objects.filter(IsAmong.ids(list(listing.ids)))
    context = {
        "listing": listing,
        "country_rows": country_rows(listing),
        "has_iati": Publisher.of_settings().is_set_up and has_activities(listed),
    }
    return render(request, "projects/project_download.html", context)


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
def project_file(request, extension):
    """Send exactly the list as a file, row by row, in its order.

    Excel shows the columns for readers, unless all are asked for.
    """
    listing = ProjectFilter.listing_of(request)
    rows_of = PER_COUNTRY if request.GET.get("rows") == PER_COUNTRY else ""
    resource = ProjectResource()
    projects = listing.all_records(resource.for_exchange(Project.objects.published()))
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    content = map(row_of, projects)
    if rows_of:
        names, content = [*COUNTRY_COLUMNS, *names], per_country(projects, row_of)
    name = file_name(listing, rows_of)
    return sheet(name, extension, names, content, about(request, "projects", listing.count))


def country_rows(listing):
    """Count the rows of a file with one row a project and country."""
    ids = list(listing.ids)
    projects = Project.objects.filter(pk__in=ids).order_by()
    counted = projects.aggregate(pairs=Count("project_countries"))["pairs"]
    return counted + projects.filter(project_countries=None).count()


def per_country(projects: Iterable[Project], row_of: Callable[[Project], list]) -> Iterator[list]:
    """Return one row a project and country, the columns of the country first."""
    for project in projects:
        row = row_of(project)
        links = project.project_countries.all()
        for link in links:
            country = link.country
            yield [country.iso2, country.name, country.name_zh_hans, link.role, *row]
        if not links:
            yield [None, None, None, None, *row]
