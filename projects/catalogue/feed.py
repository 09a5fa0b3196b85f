"""The catalogue as a feed."""

from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.feeds import feed

from .filters import ProjectFilter


@require_safe
@keep_until_changed(*ProjectFilter.topics)
def project_feed(request):
    return feed(request, ProjectFilter, "projects", entry)


def entry(project) -> dict:
    codes = (link.country_id for link in project.rows("project_countries"))
    return {
        "key": reverse("projects:by_code", args=[project.code]),
        "summary": project.summary_i18n or project.outcome_i18n or "",
        "categories": [*codes, *(sector.slug for sector in project.rows("sectors"))],
    }
