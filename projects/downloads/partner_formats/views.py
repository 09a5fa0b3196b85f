"""A project in the fields of others, as a page to print or copy and as JSON."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from sscnet.core.database.stamps import SOURCES
from sscnet.core.i18n.texts import language_tag
from sscnet.core.pages.harvesting import for_harvesters

from .fields import G77, GALAXY, fill

SHEETS = {
    "g77": (_("Fields of the Fund’s project pages (G77)"), G77),
    "galaxy": (_("Fields of South-South Galaxy"), GALAXY),
}


@require_safe
def sheet(request, slug, kind):
    project = published(slug)
    if project.slug != slug:
        return redirect("projects:sheet", project.slug, kind, permanent=True)
    title, fields = SHEETS[kind]
    filled = fill(fields, project, base_of(request))
    missing = [field for field in filled if field.is_missing]
    context = {
        "project": project,
        "kind": kind,
        "title": title,
        "fields": filled,
        "missing": missing,
        "others": [(name, label) for name, (label, _fields) in SHEETS.items() if name != kind],
    }
    return render(request, "projects/project_sheet.html", context)


@for_harvesters(*ProjectFilter.topics, SOURCES)
@require_safe
def sheet_json(request, slug, kind):
    project = published(slug)
    if project.slug != slug:
        return redirect("projects:sheet_json", project.slug, kind, permanent=True)
    filled = fill(SHEETS[kind][1], project, base_of(request))
    content = {
        "sheet": kind,
        "project": project.code,
        "language": language_tag(get_language()),
        "fields": {field.key: field.value or None for field in filled},
        "labels": {field.key: field.label for field in filled},
        "missing": [field.key for field in filled if field.is_missing],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})


def published(slug):
    projects = Project.objects.published().with_links("documents", "pictures")
    return get_object_or_404(projects.for_slug(slug))


def base_of(request):
    return request.build_absolute_uri("/").rstrip("/")
