"""The directory of institutions."""

from collections import Counter

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.facets.views import values_context, view_of
from sscnet.records.changes import INSTITUTIONS, MEETINGS, PROJECTS, REGISTRATIONS, SOURCES, WORDS
from sscnet.records.collation import sort_key
from sscnet.records.pagecache import keep_until_changed

from . import files
from .filters import InstitutionFilter
from .linked_data import describe
from .models import Institution
from .results import results, words
from .table import Table

PER_PAGE = 50
VIEWS = {"": _("List"), "table": _("Table")}


@require_safe
@vary_on_cookie
@keep_until_changed(*InstitutionFilter.topics)
def institution_list(request):
    listing = InstitutionFilter.listing_of(request)
    page = listing.page(request.GET.get("page"), PER_PAGE)
    view, unknown = view_of(listing, VIEWS)
    context = {
        "listing": listing,
        "page": page,
        "view": view,
        "may_see_people": request.user.has_perm("members.view_affiliation"),
        "views": [(name, label, listing.query(view=name)) for name, label in VIEWS.items()],
    }
    if view == "table":
        context["table"] = Table(listing, page.object_list)
        unknown += context["table"].unknown
    else:
        context["institutions"] = results(page.object_list)
        context["words"] = words(listing.index)
    context["unknown"] = [*listing.unknown, *unknown]
    return render(request, "members/institution_list.html", context)


@require_safe
def institution_file(request, extension):
    base = request.build_absolute_uri("/").rstrip("/")
    return files.file(InstitutionFilter.listing(request.GET), extension, base)


@require_safe
@keep_until_changed(*InstitutionFilter.topics)
def facet_values(request, name):
    listing = InstitutionFilter.listing_of(request)
    context = values_context(listing, "members", name, request.GET.get("find", ""))
    return render(request, "members/facet_values.html", context)


@require_safe
@vary_on_cookie
@keep_until_changed(INSTITUTIONS, PROJECTS, MEETINGS, REGISTRATIONS, SOURCES, WORDS)
def institution_detail(request, slug):
    visible = Institution.objects.visible_to(request.user)
    institution = get_object_or_404(visible.for_slug(slug).for_page())
    if institution.merged_into:
        return redirect(institution.merged_into, permanent=True)
    if institution.slug != slug or institution.is_supporter:
        return redirect(institution, permanent=not institution.is_supporter)
    is_staff = request.user.has_perm("members.view_institution")
    if institution.is_withdrawn and not is_staff:
        return render(request, "members/institution_withdrawn.html", {"institution": institution})
    parts = institution.project_institutions.of_published()
    parts = parts.prefetch_related(
        "project__project_countries__country", "project__project_institutions__institution"
    )
    context = {
        "institution": institution,
        "logo": institution.logos.filter(is_current=True).first(),
        "roles": parts_by_role(parts),
        "partners": partners_of(parts, institution),
        "countries": countries_of(parts, institution),
        "gaps": institution.profile_gaps(),
        "affiliations": institution.affiliations.select_related("user") if is_staff else [],
        "linked_data": describe(institution, request.build_absolute_uri()),
    }
    return render(request, "members/institution_detail.html", context)


def parts_by_role(parts):
    """Give the parts in projects under each role, those it leads first."""
    roles = {}
    for part in parts:
        roles.setdefault(part.role, []).append(part)
    ordered = sorted(roles.values(), key=lambda several: several[0].role != "submitter")
    return [(several[0].part, several) for several in ordered]


def partners_of(parts, institution):
    """Give the other institutions of its projects with how many they share, the most first."""
    return counted(
        {link.institution for link in project.project_institutions.all()} - {institution}
        for project in projects_of(parts)
    )


def countries_of(parts, institution):
    """Give the other countries of its projects with how many those are, the commonest first."""
    return counted(
        {link.country for link in project.project_countries.all()} - {institution.country}
        for project in projects_of(parts)
    )


def projects_of(parts):
    """Give each project once, whatever parts the institution has in it."""
    return {part.project_id: part.project for part in parts}.values()


def counted(several):
    """Count in how many of the sets each record is; the commonest first, equal ones by name."""
    counts = Counter(record for records in several for record in records)
    return sorted(counts.items(), key=lambda item: (-item[1], sort_key(str(item[0]))))
