"""The directory as a feed: the institutions of a list, the last changed ones first."""

from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages import feeds
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed

from ..models import Institution
from .filters import InstitutionFilter


@for_harvesters()
@require_safe
@keep_until_changed(*InstitutionFilter.topics)
def institution_feed(request):
    listing = InstitutionFilter.listing_of(request)
    ids = list(listing.ids)
    institutions = Institution.objects.published().listed().filter(pk__in=ids)
    institutions = institutions.prefetch_related("sectors").order_by("-updated_at", "-pk")
    page = Paginator(institutions, feeds.PER_PAGE).get_page(request.GET.get("page"))
    feed = feeds.ListFeed(
        title=listing.heading,
        path=reverse("members:feed"),
        query=listing.query(),
        list_path=reverse("members:list"),
        page=page,
        updated=institutions.aggregate(at=Max("updated_at"))["at"],
    )
    for institution in page:
        feed.add_record(
            institution,
            key=f"{reverse('members:list')}#{institution.pk}",
            summary=institution.description_i18n or "",
            categories=[sector.slug for sector in institution.sectors.all()],
        )
    return feed.response()
