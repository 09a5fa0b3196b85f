"""The catalogue of projects: the list with its files and feed, and the page of each."""

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import INSTITUTIONS, MEETINGS, PROJECTS, SOURCES, WORDS
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.exchange.writing.formats import list_file
from sscnet.facets.engine import of_request
from sscnet.facets.params import SEARCH
from sscnet.facets.views import feed_view, values_view

from .catalogue import tilemap
from .catalogue.filters import ProjectFilter
from .catalogue.results import results, searched_for
from .catalogue.table import COLUMNS
from .iati import publisher
from .iati.activity import has_activities
from .models import Project
from .pages.project import read_page
from .pages.related import related_results
from .resources import ProjectResource

# The parameter of a project's page that holds the list it was reached from.
LIST = "list"


@require_safe
@keep_until_changed(*ProjectFilter.topics)
def project_list(request):
    listing = ProjectFilter.listing_of(request)
    if project := asked_for_by_number(request.GET, listing):
        return redirect(project)
    page = listing.page(request.GET.get("page"))
    context = {
        "listing": listing,
        "page": page,
        "way_back": way_back(listing, page),
    }
    if listing.params.view == "map":
        context["map"] = tilemap.draw_listing(listing)
    elif listing.params.view == "table":
        context |= {"columns": COLUMNS, "records": listing.records(page.object_list)}
    else:
        context["results"] = results(page.object_list, searched_for(listing))
    return render(request, "projects/project_list.html", context)


def asked_for_by_number(params, listing):
    """Return the project whose code or number of the Fund is all that was asked for."""
    given = {name for name, values in params.lists() if any(values)} - {samples.SAMPLES}
    if given != {SEARCH} or not listing.params.text:
        return None
    found = Project.objects.with_address().numbered(listing.params.text)
    return (found if samples.are_shown() else found.filter(is_sample=False)).first()


def way_back(listing, page):
    """Write the list into the address of a project, so that its page can lead back to it."""
    query = listing.query(page=page.number)
    return f"?{urlencode({LIST: query[1:]})}" if query else ""


facet_values = values_view(ProjectFilter, "projects")


@require_safe
def project_download(request):
    """Offer the files of a list."""
    listing = ProjectFilter.listing(request.GET)
    listed = Project.objects.filter(IsAmong.ids(list(listing.ids)))
    context = {
        "listing": listing,
        "has_iati": publisher.is_set_up() and has_activities(listed),
    }
    return render(request, "projects/project_download.html", context)


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
def project_file(request, extension):
    listing = ProjectFilter.listing_of(request)
    return list_file(request, "projects", extension, listing, ProjectResource())


def feed_entry(project) -> dict:
    codes = (link.country_id for link in project.rows("project_countries"))
    return {
        "key": reverse("projects:by_code", args=[project.code]),
        "summary": project.summary_i18n or project.outcome_i18n or "",
        "categories": [*codes, *(sector.slug for sector in project.rows("sectors"))],
    }


project_feed = feed_view(ProjectFilter, "projects", feed_entry)


# ------------------------------------------------------------------ a project


@require_safe
@vary_on_cookie
@keep_until_changed(PROJECTS, INSTITUTIONS, MEETINGS, SOURCES, WORDS)
def project_detail(request, slug):
    is_staff = request.user.has_perm("projects.view_project")
    page = read_page(slug, is_staff=is_staff)
    if page is None:
        return project_by_number(request, slug)
    project = page.project
    if project.slug != slug:
        return redirect(project, permanent=True)
    if project.is_sample:
        samples.show()
    index = of_request(request, ProjectFilter)
    if project.is_withdrawn and not is_staff:
        return withdrawn(request, "projects/project_withdrawn.html", project, "project")
    context = {
        "page": page,
        "project": project,
        "is_staff": is_staff,
        "before": list_before(request),
        "where": tilemap.of_project(page.countries, index),
        "related": related_results(project.pk, index),
        "citation": citation(project),
        "has_iati": publisher.is_set_up() and page.is_activity,
    }
    return render(request, "projects/project_detail.html", context)


def citation(project) -> str:
    """Say how to cite a project, with its address by code, which goes on working for ever."""
    text = gettext("%(network)s: %(title)s (%(code)s). As of %(day)s. %(address)s")
    return text % {
        "network": gettext("China South-South Cooperation Network"),
        "title": " ".join(str(project).split()),
        "code": project.code,
        "day": timezone.localdate(project.updated_at),
        "address": settings.PORTAL_ADDRESS + reverse("projects:by_code", args=[project.code]),
    }


def list_before(request):
    """Return the list that the address says one came from: how many, and its query written anew."""
    if LIST not in request.GET:
        return None
    params = QueryDict(request.GET[LIST])
    with samples.shown(samples.are_asked_for(params)):
        index = of_request(request, ProjectFilter)
    listing = ProjectFilter.listing(params, index)
    query = listing.query(page=listing.page(params.get("page")).number)
    return {"count": listing.count, "query": query} if query else None


@require_safe
def project_by_number(request, number):
    """Lead to the project with this code or number of the Fund, as the search box does."""
    return redirect(get_object_or_404(Project.objects.visible_to(request.user).numbered(number)))
