"""The list of publications, and where other pages show them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from sscnet.core.database.sql import run
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
    return run(that_name_institution, institution.pk)


def of_project(project):
    return run(that_belong_to_project, project.pk)


def that_name_institution(institution_id: int):
    theirs = samples.beside("publication_institutions__institution", "")
    named = Publication.objects.published().filter(theirs, institutions=institution_id)
    return named.order_by("-dated", "id")


def that_belong_to_project(project_id: int):
    return Publication.objects.published().filter(samples.beside("project", ""), project=project_id)
