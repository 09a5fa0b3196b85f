"""Up to four projects side by side, as a page and as a file."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sscnet.core.i18n.texts import translated
from sscnet.core.pagecache import keep_until_changed
from sscnet.exchange.writers import sheet
from sscnet.facets.compare import Comparison
from sscnet.facets.table import Column

from .export import for_file, headers, rows
from .filters import ProjectFilter
from .models import Project
from .table import ALL

TEXTS = [
    Column("summary", _("In short"), lambda p: translated(p, "summary") or "", kind="text"),
    Column("outcome", _("What came of it"), lambda p: translated(p, "outcome") or "", kind="text"),
]


@require_safe
@keep_until_changed(*ProjectFilter.topics)
def compare(request):
    comparison = Comparison(request.GET, ProjectFilter, "code")
    context = {"comparison": comparison, "rows": comparison.rows([*TEXTS, *ALL])}
    return render(request, "projects/project_compare.html", context)


@require_safe
def compare_file(request, extension):
    keys = Comparison(request.GET, ProjectFilter, "code").keys
    base = request.build_absolute_uri("/").rstrip("/")
    loaded = for_file(Project.objects.all()).in_bulk(keys, field_name="code")
    projects = [loaded[key] for key in keys]
    name = "-".join(["projects", *keys]) if len(keys) == 1 else "projects-compared"
    return sheet(name, extension, headers(base), rows(projects, base))
