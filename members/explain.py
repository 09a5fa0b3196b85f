"""Why an institution is in a list of the directory, or is not."""

from sscnet.facets.addresses import parameters_of
from sscnet.facets.explain_admin import ExplainPages
from sscnet.search import highlights

from .filters import InstitutionFilter

LISTS = {"members:list", "members:file", "members:feed", "members:values"}


class InstitutionExplainPages(ExplainPages):
    filterset = InstitutionFilter
    list_view = "members:list"

    def list_parameters(self, address):
        return parameters_of(address, LISTS)

    def found_where(self, institution, text):
        """Return the names that hold a word asked for, else all of them."""
        others = institution.names.order_by("pk").values_list("name", flat=True)
        names = [*filter(None, (institution.name, institution.name_zh_hans)), *others]
        return [name for name in names if is_marked(name, text)] or names


def is_marked(name, text):
    return any(is_asked_for for _piece, is_asked_for in highlights(name, text, is_name=True))
