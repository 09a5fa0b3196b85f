"""The catalogue as a feed."""

from django.urls import reverse

from sscnet.facets.feeds import feed_view

from .filters import ProjectFilter


def entry(project) -> dict:
    codes = (link.country_id for link in project.rows("project_countries"))
    return {
        "key": reverse("projects:by_code", args=[project.code]),
        "summary": project.summary_i18n or project.outcome_i18n or "",
        "categories": [*codes, *(sector.slug for sector in project.rows("sectors"))],
    }


project_feed = feed_view(ProjectFilter, "projects", entry)
