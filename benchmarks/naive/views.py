"""NAIVE: a page of twenty rows, and one GROUP BY a facet."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from benchmarks.naive.filters import NaiveProjectFilter
from projects.models import Project

PER_PAGE = 20
FACETS = {
    "country": "countries__name",
    "sector": "sectors__name",
    "sdg": "project_sdgs__sdg__name",
    "area": "area__name",
    "status": "status",
    "programme": "programme",
    "modality": "modality",
    "institution": "institutions__name",
    "year_approved": "year_approved",
}


@require_safe
def project_list(request):
    published = Project.objects.filter(state="published").order_by("-year_approved", "-id")
    found = NaiveProjectFilter(request.GET, queryset=published).qs
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = page.object_list.select_related("area").prefetch_related(
        "countries", "sectors", "institutions", "fund_numbers", "project_sdgs__sdg"
    )
    matching = Project.objects.filter(pk__in=found.order_by().values("pk")).order_by()
    facets = {
        name: matching.values_list(field).annotate(n=Count("pk", distinct=True)).order_by("-n")
        for name, field in FACETS.items()
    }
    return render(request, "naive/project_list.html", {"page": page, "facets": facets})
