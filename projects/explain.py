"""Why a project is in a list of the catalogue, or is not."""

from sscnet.facets.explain_admin import ExplainPages

from . import found_in
from .catalogue_export import parameters_of
from .filters import ProjectFilter
from .models import Project


class ProjectExplainPages(ExplainPages):
    filterset = ProjectFilter
    list_view = "projects:list"

    def list_parameters(self, address):
        return parameters_of(address)

    def name_in_address(self, project):
        return project.code

    def record_of(self, text):
        return Project.objects.filter(code__iexact=text).first() or super().record_of(text)

    def found_where(self, project, text):
        return found_in.in_words(project.pk, text)
