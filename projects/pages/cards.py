"""The drawings of projects, countries and goals, and their cards for sharing."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.codelists import tiles
from sscnet.codelists.cards import Card
from sscnet.codelists.models import SDG
from sscnet.core.database import stamps as changes
from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, WORDS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.engine import of_request
from sscnet.facets.params import NOT_STATED

from ..catalogue.filters import ProjectFilter
from ..models import ProjectInstitution
from .landing import COUNTRY, GOAL, Landing
from .project import ProjectPage, read_page


@require_safe
@keep_until_changed(PROJECTS, INSTITUTIONS, WORDS)
def project_card(request, slug):
    page = read_page(slug, is_staff=False)
    if page is None or not page.project.is_published:
        raise Http404
    project, lead = page.project, ProjectInstitution.Role.SUBMITTER
    line = [str(link.institution) for link in page.institutions if link.role == lead]
    if project.year_approved:
        line.append(gettext("Approved in %(year)s") % {"year": project.year_approved})
    picture = page.pictures[0].image.name if page.pictures else ""
    cover = cover_of(page, changes.of_request(request))
    return Card(project.code, str(project), " · ".join(line), cover, picture).answer()


def cover_of(page: ProjectPage, stamps: dict[str, str]) -> tiles.Cover | None:
    """Draw the countries of a project in the colours of its goals."""
    codes = [link.country_id for link in page.countries]
    return tiles.cover(stamps[WORDS], codes, [link.sdg.color for link in page.goals])


@require_safe
@keep_until_changed(*ProjectFilter.topics)
def landing_card(request, subject, **key):
    record = get_object_or_404(subject.model, **key)
    landing = Landing(subject, record, of_request(request, ProjectFilter))
    countries = [record.iso2] if subject is COUNTRY else landing.listing.facet("country").counts
    colours = [record.color] if subject is GOAL else colours_of_goals(landing)
    cover = tiles.cover(changes.of_request(request)[WORDS], countries, colours)
    return Card(str(subject.name), str(record), landing.listing.heading, cover).answer()


def colours_of_goals(landing: Landing) -> list[str]:
    """Return the colours of the goals of its projects, the commonest first."""
    codes = [value.code for value in landing.listing.facet("sdg").values]
    goals = SDG.objects.in_bulk([int(code) for code in codes if code != NOT_STATED])
    return [goal.color for goal in goals.values()]
