"""The directory as a feed."""

from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.feeds import feed

from .filters import InstitutionFilter


@require_safe
@keep_until_changed(*InstitutionFilter.topics)
def institution_feed(request):
    return feed(request, InstitutionFilter, "members", entry)


def entry(institution) -> dict:
    return {
        "key": f"{reverse('members:list')}#{institution.pk}",
        "summary": institution.description_i18n or "",
        "categories": [sector.slug for sector in institution.rows("sectors")],
    }
