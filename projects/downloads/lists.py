"""Files of the list a visitor sees, and the page that offers them."""

from django.db.models import Count
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import SOURCES
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.exchange.writing.rows import STREAMS, sheet, stream_json

from ..catalogue.filters import ProjectFilter
from ..files.lists import file_name, projects_of
from ..files.rows import PER_COUNTRY, about, headers, rows
from ..iati.activity import has_activities
from ..iati.publisher import Publisher
from ..models import Project


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
    """Send exactly the list as a file, row by row, in its order."""
    listing = ProjectFilter.listing(request.GET)
    rows_of = PER_COUNTRY if request.GET.get("rows") == PER_COUNTRY else ""
    base = request.build_absolute_uri("/").rstrip("/")
    projects = projects_of(listing, Project.objects.published().with_links("sources"))
    names, content = headers(base, rows_of), rows(projects, base, rows_of)
    name = file_name(listing, rows_of)
    if extension in STREAMS:
        return sheet(name, extension, names, content)
    stream = stream_json(names, content, about(base, listing.count))
    response = StreamingHttpResponse(stream, content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.json")
    return response


def country_rows(listing):
    """Count the rows of a file with one row a project and country."""
    ids = list(listing.ids)
    projects = Project.objects.filter(pk__in=ids).order_by()
    counted = projects.aggregate(pairs=Count("project_countries"))["pairs"]
    return counted + projects.filter(project_countries=None).count()
