"""The catalogue of projects."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.core.database.stamps import INSTITUTIONS, MEETINGS, PROJECTS, SOURCES, WORDS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.facets.engine import of_request
from sscnet.facets.params import SEARCH
from sscnet.facets.table import Table
from sscnet.facets.views import values_view

from .catalogue import tilemap
from .catalogue.filters import ProjectFilter
from .catalogue.results import results, searched_for
from .catalogue.table import COLUMNS
from .iati.publisher import Publisher
from .models import Project
from .pages import citation
from .pages.project import read_page
from .pages.related import related_results

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
        context["table"] = Table(listing, page.object_list, COLUMNS)
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
        "citation": citation.line(project),
        "has_iati": Publisher.of_settings().is_set_up and page.is_activity,
    }
    return render(request, "projects/project_detail.html", context)


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
