"""The list of publications, and where other pages show them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import INSTITUTIONS, PROJECTS, SOURCES
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples

from ..fields import PUBLICATIONS
from ..models import Publication


@require_safe
@keep_until_changed(PROJECTS, INSTITUTIONS, SOURCES)
def publication_list(request):
    found = Publication.objects.public().select_related("project")
    found = found.prefetch_related("institutions", "sources")
    context = {"publications": [(one, PUBLICATIONS.shown_facts(one)) for one in found]}
    return render(request, "secretariat/publication_list.html", context | {"fields": PUBLICATIONS})


def of_institution(institution):
    theirs = samples.beside("publication_institutions__institution", "")
    named = Publication.objects.published().filter(theirs, institutions=institution)
    return named.order_by("-dated", "id")


def of_project(project):
    return Publication.objects.published().filter(samples.beside("project", ""), project=project)
