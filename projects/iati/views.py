"""IATI files, written piece by piece while they are sent: a list, a project, who reports."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import wraps
from itertools import batched, chain

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import SOURCES, WORDS
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.parsing.xml import writable
from sscnet.exchange.writing.formats import list_name

from ..catalogue.filters import ProjectFilter
from ..models import Project
from . import publisher, words
from .activity import LACKS, activity, document_link, for_activities, lacking
from .shares import reverse_in_english

CONTENT_TYPE = "application/xml; charset=utf-8"
VERSION = "2.03"
AT_ONCE = 50
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


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


# ------------------------------------------------------------------ the files


def stream_activities(projects: Iterable[Project], base: str) -> Iterator[bytes] | None:
    """Write the projects as activities, in their order; None when no project can be one.

    In place of a project that is no activity stands a comment that says what it lacks.
    """
    parts = parts_of(projects, base)
    before = []
    for is_activity, part in parts:
        before.append(part)
        if is_activity:
            return framed(chain(before, (part for _is_activity, part in parts)))
    return None


def parts_of(projects, base) -> Iterator[tuple[bool, str]]:
    for project in projects:
        if lacks := lacking(project):
            yield False, f"<!-- {left_out(project, lacks)} -->\n"
        else:
            yield True, activity(project, base) + "\n"


def left_out(project: Project, lacks: list[str]) -> str:
    with override("en"):
        return f"{project.code} is left out. Not stated: {'; '.join(str(LACKS[n]) for n in lacks)}."


def framed(parts: Iterable[str]) -> Iterator[bytes]:
    moment = timezone.now().astimezone(UTC).replace(microsecond=0).isoformat()
    start = f'<iati-activities version="{VERSION}" generated-datetime="{moment}">\n'
    yield (DECLARATION + start).encode()
    for some in batched(parts, AT_ONCE):
        yield "".join(some).encode()
    yield b"</iati-activities>\n"


def organisation_file(base: str) -> str:
    """Return who reports. Budgets and spending of the organisation are not known here."""
    page = f"{base}{reverse_in_english('secretariat:about')}"
    about = document_link(page, words.ABOUT, words.ORGANISATION_PAGE, language="en")
    context = {"version": VERSION, "about": about}
    return writable(render_to_string("projects/iati/organisation.xml", context))
