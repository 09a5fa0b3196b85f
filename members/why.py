"""Why an institution is in a list of the directory, or is not."""

from functools import cached_property

from sscnet.catalogue import why
from sscnet.catalogue.addresses import parameters_of
from sscnet.catalogue.why_admin import WhyMixin

from .engine import Engine
from .search import Question
from .selection import Selection

LISTS = {"members:list", "members:file", "members:feed", "members:values"}


class EngineWith(Engine):
    """The directory as it would be if it had one institution more."""

    def __init__(self, facets, institution):
        super().__init__(facets)
        self.institution = institution

    @cached_property
    def institutions(self):
        return super().institutions | {self.institution.pk: self.institution}


class Why(why.Why):
    def __init__(self, selection, record):
        super().__init__(selection, record)
        self.engine = EngineWith(selection.engine.facets, record)

    def holds(self, facet):
        return self.record.pk in self.engine.select(self.given).matching(facet)

    def codes(self, facet):
        return sorted({code for pk, code in facet.pairs() if pk == self.record.pk and code})

    def found_where(self):
        words = self.given.text.split()
        names = self.engine.names[self.record.pk]
        found = [name for name in names if any(Question(word).finds([name]) for word in words)]
        return found or names


class InstitutionWhyMixin(WhyMixin):
    why_class, selection_class = Why, Selection
    list_view = "members:list"

    def list_parameters(self, address):
        return parameters_of(address, LISTS)
