"""The addresses of IATI files: of a list, of one project, of the reporting organisation."""

from functools import wraps

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import SOURCES, WORDS
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.exchange.writing.formats import list_name

from ..catalogue.filters import ProjectFilter
from ..models import Project
from . import publisher
from .activity import LACKS, for_activities, lacking
from .files import organisation_file, stream_activities

CONTENT_TYPE = "application/xml; charset=utf-8"


def needs_publisher(view):
    """Answer 503 with what is missing until the settings name who reports."""

    @wraps(view)
    def answer(request, **kwargs):
        if problems := publisher.problems():
            context = {"problems": problems}
            return render(request, "projects/iati_not_set_up.html", context, status=503)
        return view(request, **kwargs)

    return answer


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
@needs_publisher
def iati_list(request):
    """Send exactly the list as IATI activities, in its order."""
    listing = ProjectFilter.listing_of(request)
    projects = listing.all_records(for_activities(Project.objects.published()))
    stream = stream_activities(projects, base_of(request))
    if stream is None:
        context = {"project": None, "listing": listing}
        return render(request, "projects/iati_nothing.html", context, status=404)
    response = StreamingHttpResponse(stream, content_type=CONTENT_TYPE)
    name = f"{list_name('projects', listing)}.iati.xml"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
@needs_publisher
def iati_project(request, slug):
    project = get_object_or_404(for_activities(Project.objects.public().for_slug(slug)))
    if project.slug != slug:
        return redirect("projects:iati_project", project.slug, permanent=True)
    stream = stream_activities([project], base_of(request))
    if stream is None:
        context = {"project": project, "lacks": [LACKS[name] for name in lacking(project)]}
        return render(request, "projects/iati_nothing.html", context, status=404)
    return HttpResponse(b"".join(stream), content_type=CONTENT_TYPE)


@for_harvesters(WORDS)
@require_safe
@needs_publisher
def iati_organisation(request):
    return HttpResponse(organisation_file(base_of(request)), content_type=CONTENT_TYPE)


def base_of(request):
    return request.build_absolute_uri("/").rstrip("/")
