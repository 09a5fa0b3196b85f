"""The pages of figures: those of now, and the yearly reports."""

from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.catalogue.filters import ProjectFilter
from sscnet.core.database.stamps import (
    INSTITUTIONS,
    MEETINGS,
    PAGES,
    PROJECTS,
    REGISTRATIONS,
    SOURCES,
    WORDS,
)
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.engine import of_request
from sscnet.figures.files import answer

from ..models import SectionName, YearlyReport
from .network import NetworkFigures

TOPICS = (PROJECTS, INSTITUTIONS, MEETINGS, REGISTRATIONS, SOURCES, WORDS, PAGES)
FILTERS = ("country", "region", "area", "sector", "sdg", "institution", "programme")


def figures_of(request) -> NetworkFigures:
    return NetworkFigures(request.GET, of_request(request, ProjectFilter))


@require_safe
@keep_until_changed(*TOPICS)
def figures(request):
    found = figures_of(request)
    everything = ProjectFilter.listing(QueryDict(), found.listing.index)
    sees_needs = request.user.has_perm("secretariat.view_introduction")
    of_officers = [found.section(SectionName.NEEDS)] if sees_needs else []
    context = {
        "figures": found,
        "listing": found.listing,
        "sections": found.sections() + of_officers,
        "years": found.listing.facet("year").range,
        "facets": [everything.facet(name) for name in FILTERS],
        "ticked": found.listing.params.ticked,
        "carried_along": carried_along(found.listing.params),
        "reports": YearlyReport.objects.newest(),
    }
    return render(request, "secretariat/figures.html", context)


def carried_along(params) -> list[tuple[str, str]]:
    """Return what the form must send besides: a box to choose from holds one value."""
    ranges = ("year_from", "year_to")
    first = {(name, codes[0]) for name, codes in params.ticked.items() if name in FILTERS}
    return [
        (name, v) for name, v in params.pairs() if name not in ranges and (name, v) not in first
    ]


@for_harvesters(*TOPICS)
@require_safe
def figures_file(request, kind):
    name = f"figures-{timezone.localdate().isoformat()}"
    return answer(request, name, kind, figures_of(request).sections())
