"""Why an institution is in a list of the directory, or is not."""

from sscnet.facets.addresses import parameters_of
from sscnet.facets.explain_admin import ExplainPages

from .filters import InstitutionFilter
from .search import Question, names_of

LISTS = {"members:list", "members:file", "members:feed", "members:values"}


class InstitutionExplainPages(ExplainPages):
    filterset = InstitutionFilter
    list_view = "members:list"

    def list_parameters(self, address):
        return parameters_of(address, LISTS)

    def found_where(self, institution, text):
        """Return the names that hold a word asked for, else all of them."""
        names = names_of([institution.pk])[institution.pk]
        questions = [Question(word) for word in text.split()]
        return [name for name in names if any(q.finds([name]) for q in questions)] or names
