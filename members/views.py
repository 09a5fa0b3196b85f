"""The directory of institutions."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from .filters import InstitutionFilter
from .linked_data import describe
from .models import Institution

PER_PAGE = 50


@require_safe
def institution_list(request):
    institutions = Institution.objects.published().listed().for_list().alphabetical()
    institution_filter = InstitutionFilter(request.GET, queryset=institutions)
    page = Paginator(institution_filter.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": institution_filter, "page": page}
    return render(request, "members/institution_list.html", context)


@require_safe
def institution_detail(request, slug):
    visible = Institution.objects.visible_to(request.user)
    institution = get_object_or_404(visible.for_slug(slug).for_page())
    if institution.slug != slug or institution.is_supporter:
        return redirect(institution, permanent=not institution.is_supporter)
    is_staff = request.user.has_perm("members.view_institution")
    if institution.is_withdrawn and not is_staff:
        return render(request, "members/institution_withdrawn.html", {"institution": institution})
    context = {
        "institution": institution,
        "parts": institution.project_institutions.of_published(),
        "affiliations": institution.affiliations.select_related("user") if is_staff else [],
        "linked_data": describe(institution, request.build_absolute_uri()),
    }
    return render(request, "members/institution_detail.html", context)
