"""Files of the list a visitor sees, and the page that offers them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import SOURCES
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.exchange.writing.lists import list_file

from .catalogue.filters import ProjectFilter
from .files.resources import ProjectResource
from .iati.activity import has_activities
from .iati.publisher import Publisher
from .models import Project


@require_safe
def project_download(request):
    """Offer the files of a list."""
    listing = ProjectFilter.listing(request.GET)
    listed = Project.objects.filter(IsAmong.ids(list(listing.ids)))
    context = {
        "listing": listing,
        "has_iati": Publisher.of_settings().is_set_up and has_activities(listed),
    }
    return render(request, "projects/project_download.html", context)


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
def project_file(request, extension):
    listing = ProjectFilter.listing_of(request)
    return list_file(request, "projects", extension, listing, ProjectResource())
