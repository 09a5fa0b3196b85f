"""The directory of institutions: the list with its files and feed, and the page of each."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.codelists.regions import by_region
from sscnet.core.database.stamps import (
    INSTITUTIONS,
    MEETINGS,
    PROJECTS,
    REGISTRATIONS,
    SOURCES,
    WORDS,
)
from sscnet.core.i18n.collation import sort_key
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.exchange.writing.formats import list_file
from sscnet.facets.views import feed_view, values_view

from ..fields import FIELDS
from ..resources import InstitutionResource
from .filters import InstitutionFilter
from .page import read_page
from .topics import topics_of_institutions

PER_PAGE = 50


@require_safe
@keep_until_changed(*InstitutionFilter.topics, SOURCES)
def institution_list(request):
    listing = InstitutionFilter.listing_of(request)
    page = listing.page(request.GET.get("page"), PER_PAGE)
    context = {
        "listing": listing,
        "page": page,
        "may_see_people": request.user.has_perm("members.view_affiliation"),
        "institutions": InstitutionFilter.read(page.object_list),
        "service_words": listing.index.labels(InstitutionFilter.base_filters["service"]),
        "topics": topics_of_institutions(request),
    }
    return render(request, "members/institution_list.html", context)


@for_harvesters(*InstitutionFilter.topics, SOURCES)
@require_safe
def institution_file(request, extension):
    listing = InstitutionFilter.listing_of(request)
    return list_file(request, "institutions", extension, listing, InstitutionResource())


facet_values = values_view(InstitutionFilter, "members")


def feed_entry(institution) -> dict:
    return {
        "key": f"{reverse('members:list')}#{institution.pk}",
        "summary": institution.summary_i18n or institution.description_i18n or "",
        "categories": [
            *(sector.slug for sector in institution.rows("sectors")),
            *dict.fromkeys(service.kind for service in institution.rows("services")),
        ],
    }


institution_feed = feed_view(InstitutionFilter, "members", feed_entry)


@require_safe
@vary_on_cookie
@keep_until_changed(INSTITUTIONS, PROJECTS, MEETINGS, REGISTRATIONS, SOURCES, WORDS)
def institution_detail(request, slug):
    is_staff = request.user.has_perm("members.view_institution")
    institution = read_page(slug, is_staff=is_staff)
    if institution is None:
        raise Http404
    if institution.merged_into:
        return redirect(institution.merged_into, permanent=True)
    if institution.slug != slug or institution.is_supporter:
        return redirect(institution, permanent=not institution.is_supporter)
    if institution.is_withdrawn and not is_staff:
        return withdrawn(request, "members/institution_withdrawn.html", institution, "institution")
    if institution.is_sample:
        samples.show()
    abroad = (one for one in institution.rows("countries") if one != institution.country)
    partners = sorted(institution.rows("partners"), key=lambda i: (-i.shared, sort_key(str(i))))
    context = {
        "institution": institution,
        "known": FIELDS.shown_facts(institution),
        "fields": FIELDS,
        "topics": topics_of_institutions(request).get(institution.pk, []),
        "partners": partners,
        "more_partners": partners[0].of - len(partners) if partners else 0,
        "regions": by_region((one, one.shared) for one in abroad),
        "affiliations": institution.affiliations.select_related("user") if is_staff else [],
    }
    return render(request, "members/institution_detail.html", context)
