"""Files of the list a visitor sees, and the page that offers them."""

from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import SOURCES
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.exchange.writing.lists import ONE_ROW, SeveralRows, list_file

from .catalogue.filters import ProjectFilter
from .files.resources import ProjectResource
from .iati.activity import has_activities
from .iati.publisher import Publisher
from .models import Project

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
    listing = ProjectFilter.listing_of(request)
    several = PER_COUNTRY if request.GET.get("rows") == "country" else ONE_ROW
    return list_file(request, "projects", extension, listing, ProjectResource(), several)


def country_rows(listing):
    """Count the rows of a file with one row a project and country."""
    ids = list(listing.ids)
    projects = Project.objects.filter(pk__in=ids).order_by()
    counted = projects.aggregate(pairs=Count("project_countries"))["pairs"]
    return counted + projects.filter(project_countries=None).count()


def country_cells(project: Project) -> list[list]:
    links = ((link.country, link.role) for link in project.project_countries.all())
    cells = [[one.iso2, one.name, one.name_zh_hans, role] for one, role in links]
    return cells or [[None] * len(COUNTRY_COLUMNS)]


PER_COUNTRY = SeveralRows("by-country", COUNTRY_COLUMNS, country_cells)
