"""The catalogue of projects."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from .filters import ProjectFilter
from .linked_data import describe
from .models import Project
from .related import related_to

PER_PAGE = 20


@require_safe
def project_list(request):
    projects = Project.objects.published().for_list()
    project_filter = ProjectFilter(request.GET, queryset=projects)
    page = Paginator(project_filter.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": project_filter, "page": page}
    return render(request, "projects/project_list.html", context)


@require_safe
def project_detail(request, slug):
    visible = Project.objects.visible_to(request.user)
    project = get_object_or_404(visible.for_slug(slug).for_page())
    if project.slug != slug:
        return redirect(project, permanent=True)
    is_staff = request.user.has_perm("projects.view_project")
    if project.is_withdrawn and not is_staff:
        return render(request, "projects/project_withdrawn.html", {"project": project})
    context = {
        "project": project,
        "is_staff": is_staff,
        "related": related_to(project),
        "linked_data": describe(project, request.build_absolute_uri()),
    }
    return render(request, "projects/project_detail.html", context)


@require_safe
def project_by_code(request, code):
    visible = Project.objects.visible_to(request.user)
    return redirect(get_object_or_404(visible, code=code))


@require_safe
def project_by_number(request, number):
    visible = Project.objects.visible_to(request.user)
    return redirect(get_object_or_404(visible, fund_numbers__number=number))
