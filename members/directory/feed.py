"""The directory as a feed."""

from django.urls import reverse

from sscnet.facets.feeds import feed_view

from .filters import InstitutionFilter


def entry(institution) -> dict:
    return {
        "key": f"{reverse('members:list')}#{institution.pk}",
        "summary": institution.summary_i18n or institution.description_i18n or "",
        "categories": [
            *(sector.slug for sector in institution.rows("sectors")),
            *dict.fromkeys(service.kind for service in institution.rows("services")),
        ],
    }


institution_feed = feed_view(InstitutionFilter, "members", entry)
