"""The catalogue of projects."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.catalogue.declaration import SEARCH
from sscnet.catalogue.given import Unknown
from sscnet.catalogue.values import values_context

from . import tilemap
from .catalogue.selection import Selection
from .citation import cite
from .iati.publisher import Publisher
from .linked_data import describe
from .models import Project
from .page import read_page
from .panel import Panel
from .related import related_results
from .results import results, searched_for
from .search import exact
from .table import Table
from .unchanged import catalogue_of, until_changed

# The parameter of a project's page that holds the list it was reached from.
LIST = "list"
VIEWS = {"": _("List"), "table": _("Table"), "map": _("Map")}


@require_safe
@until_changed
def project_list(request):
    selection = Selection(request.GET, catalogue_of(request))
    if project := asked_for_by_number(request.GET, selection):
        return redirect(project)
    page = selection.page(request.GET.get("page"))
    back = way_back(selection, page)
    view, unknown = view_of(selection)
    context = {
        "selection": selection,
        "page": page,
        "panel": Panel(selection),
        "way_back": back,
        "view": view,
        "views": [(name, label, selection.query(view=name)) for name, label in VIEWS.items()],
    }
    if view == "map":
        drawn = {"map": tilemap.draw_selection(selection), "selection": selection}
        context["map"] = mark_safe(render_to_string("projects/components/map.html", drawn))
    elif view == "table":
        context["table"] = Table(selection, page.object_list)
        unknown += context["table"].unknown
    else:
        found = results(selection.engine, page.object_list, searched_for(selection))
        shown = {"results": found, "way_back": back}
        html = render_to_string("projects/components/results.html", shown)
        context["results"] = mark_safe(html)
    context["unknown"] = [*selection.unknown, *unknown]
    return render(request, "projects/project_list.html", context)


def asked_for_by_number(params, selection):
    """Give the project whose code or number of the Fund is all that was asked for."""
    given = [name for name, values in params.lists() if any(values)]
    if given != [SEARCH] or not selection.given.text:
        return None
    project_id = exact(selection.given.text)
    return Project.objects.filter(pk=project_id).first() if project_id else None


def view_of(selection):
    """Give the view asked for, or else the list, with what is not known as one."""
    asked = selection.given.shown_as.get("view", ())
    unknown = [Unknown("view", _("View"), name) for name in asked if name not in {*VIEWS, "list"}]
    known = [name for name in asked if name in VIEWS]
    return (known or [""])[-1], unknown


def way_back(selection, page):
    """Write the list into the address of a project, so that its page can lead back to it."""
    query = selection.query(page=page.number)
    return f"?{urlencode({LIST: query[1:]})}" if query else ""


@require_safe
def facet_values(request, name):
    """List all values of a filter, each a link that ticks it or takes it out."""
    selection = Selection(request.GET, catalogue_of(request))
    context = values_context(selection, "projects", name, request.GET.get("find", ""))
    return render(request, "projects/facet_values.html", context)


@require_safe
@vary_on_cookie
@until_changed
def project_detail(request, slug):
    is_staff = request.user.has_perm("projects.view_project")
    page = read_page(slug, is_staff=is_staff)
    if page is None:
        raise Http404
    project = page.project
    if project.slug != slug:
        return redirect(project, permanent=True)
    catalogue = catalogue_of(request)
    if project.is_withdrawn and not is_staff:
        return render(request, "projects/project_withdrawn.html", {"project": project})
    context = {
        "page": page,
        "project": project,
        "is_staff": is_staff,
        "before": list_before(request),
        "where": tilemap.of_project(page.countries, catalogue),
        "related": related_results(project.pk, catalogue),
        "citation": cite(project),
        "has_iati": Publisher.of_settings().is_set_up,
        "linked_data": describe(page, request.build_absolute_uri(request.path)),
    }
    return render(request, "projects/project_detail.html", context)


def list_before(request):
    """Give the list that the address says one came from: how many, and its query written anew."""
    if LIST not in request.GET:
        return None
    params = QueryDict(request.GET[LIST])
    selection = Selection(params, catalogue_of(request))
    query = selection.query(page=selection.page(params.get("page")).number)
    return {"count": selection.count, "query": query} if query else None


@require_safe
def project_by_code(request, code):
    visible = Project.objects.visible_to(request.user)
    return redirect(get_object_or_404(visible, code=code))


@require_safe
def project_by_number(request, number):
    visible = Project.objects.visible_to(request.user)
    return redirect(get_object_or_404(visible, fund_numbers__number=number))
