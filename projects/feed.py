"""A list of the catalogue as a feed: the last changed first, unless an order is asked for."""

from django.db.models import Max
from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.catalogue.declaration import PAGE
from sscnet.records import atom

from .catalogue.given import Given
from .catalogue.selection import Selection
from .models import Project
from .unchanged import catalogue_of, until_changed

NEWEST_CHANGE = "changed"


class FeedGiven(Given):
    """What is given of a feed: its addresses name an order only where it is another one."""

    @property
    def default_sort(self):
        return NEWEST_CHANGE


class FeedSelection(Selection):
    given_class = FeedGiven


@require_safe
@until_changed
def project_feed(request):
    selection = feed_of(request.GET, catalogue_of(request))
    page = selection.page(request.GET.get(PAGE), atom.PER_PAGE)
    feed = atom.Feed(
        title=selection.heading,
        path=reverse("projects:feed"),
        query=selection.query(),
        list_path=reverse("projects:list"),
        page=page,
        updated=last_change(selection),
    )
    projects = selection.projects(page.object_list)
    return atom.answer(request, feed, map(entry, projects))


def feed_of(params, engine):
    params = params.copy()
    for name in ("view", "columns"):
        params.pop(name, None)
    return FeedSelection(params, engine)


def last_change(selection):
    """Tell when something in the list changed last; of an empty one, when any project did."""
    given = selection.given.sorted_by(NEWEST_CHANGE)
    newest = selection.matches.cut(given.order, 0, 1, downwards=given.is_downwards)
    projects = Project.objects.filter(pk__in=newest) if newest else Project.objects.published()
    return projects.aggregate(at=Max("updated_at"))["at"]


def entry(project):
    listed = project.listed
    return atom.Entry(
        key=reverse("projects:by_code", args=[project.code]),
        address=project.get_absolute_url(),
        title=str(project),
        summary=project.summary_i18n or project.outcome_i18n or "",
        published=project.published_at,
        updated=project.updated_at,
        categories=(*(c.iso2 for c in listed["countries"]), *(s.slug for s in listed["sectors"])),
    )
