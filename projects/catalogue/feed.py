"""A list of the catalogue as a feed: the last changed first, unless an order is asked for."""

from django.db.models import Max
from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages import feeds
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.engine import of_request
from sscnet.facets.params import PAGE

from ..models import Project
from .filters import ProjectFilter

NEWEST_CHANGE = "changed"


@for_harvesters()
@require_safe
@keep_until_changed(*ProjectFilter.topics)
def project_feed(request):
    listing = feed_of(request.GET, of_request(request, ProjectFilter))
    page = listing.page(request.GET.get(PAGE), feeds.PER_PAGE)
    feed = feeds.ListFeed(
        title=listing.heading,
        path=reverse("projects:feed"),
        query=listing.query(),
        list_path=reverse("projects:list"),
        page=page,
        updated=last_change(listing),
    )
    for project in listing.records(page.object_list):
        codes = (link.country_id for link in project.rows("project_countries"))
        feed.add_record(
            project,
            key=reverse("projects:by_code", args=[project.code]),
            summary=project.summary_i18n or project.outcome_i18n or "",
            categories=[*codes, *(sector.slug for sector in project.rows("sectors"))],
        )
    return feed.response()


def feed_of(params, index):
    params = params.copy()
    for name in ("view", "columns"):
        params.pop(name, None)
    return ProjectFilter.listing(params, index, usual=NEWEST_CHANGE)


def last_change(listing):
    """Return when something in the list changed last; of an empty one, when any project did."""
    params = listing.params.sorted_by(NEWEST_CHANGE)
    newest = listing.matches.cut(params.order, 0, 1, downwards=params.is_downwards)
    projects = Project.objects.filter(pk__in=newest) if newest else Project.objects.public()
    return projects.aggregate(at=Max("updated_at"))["at"]
