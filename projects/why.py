"""Why a project is in a list of the catalogue, or is not."""

from sscnet.catalogue import why
from sscnet.catalogue.why_admin import WhyMixin

from . import found_in
from .catalogue.reference import QueryMatches, Reference
from .catalogue.selection import Selection
from .catalogue_export import parameters_of
from .models import Project


class Why(why.Why):
    """Asks SQL, which knows drafts too, and says the same as the bitmaps."""

    def __init__(self, selection, record):
        super().__init__(selection, record)
        self.sql = QueryMatches(Reference(selection.engine.facets), selection.given)

    def holds(self, facet):
        projects = Project.objects.order_by().filter(pk=self.record.pk)
        return projects.filter(self.sql.condition(facet)).exists()

    def codes(self, facet):
        rows = facet.pairs.rows([self.record.pk])
        return list(rows.values_list("value", flat=True).distinct().order_by("value"))

    def found_where(self):
        lines = found_in.lines([self.record.pk], self.given.text).values()
        return [str(line) for line in lines if line]


class ProjectWhyMixin(WhyMixin):
    why_class, selection_class = Why, Selection
    list_view = "projects:list"

    def list_parameters(self, address):
        return parameters_of(address)

    def name_in_address(self, project):
        return project.code

    def record_of(self, text):
        return Project.objects.filter(code__iexact=text).first() or super().record_of(text)
