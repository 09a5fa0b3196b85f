"""What the words of a file may stand for: projects by code, address, the Fund's number or title."""

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.exchange import CodeList, names_of

from ..models import Project


def project_codes(projects: QuerySet | None = None) -> CodeList:
    """Return how files name projects: all of them, if not said which."""
    codes = CodeList(_("“%(value)s” is not a project we know. Write its code, such as SSC-0001."))
    projects = Project.objects.all() if projects is None else projects
    for project in projects.prefetch_related("fund_numbers"):
        numbers = [one.number for one in project.fund_numbers.all()]
        names = [*names_of(project, "title"), project.slug, *numbers]
        # Public files name those of which there is a page.
        title = format_lazy("{}", project) if project.is_published else None
        codes.add(project.pk, project.code, names, title)
    return codes
