"""The names of the code lists, for the search."""

from django.db import models

from sscnet.core.database.stamps import WORDS
from sscnet.search.documents import Documents, in_each_language, register

from .aliases import names_besides
from .models import SDG, Country, PGTFArea, Sector


class NameDocuments(Documents):
    topics = (WORDS,)
    is_dated = False
    model: type[models.Model]
    names = ("name",)

    def records(self):
        return self.model.objects.all()

    def write(self, record, document):
        document.add_names(*in_each_language(record, *self.names))


@register
class CountryDocuments(NameDocuments):
    kind = "country"
    key = str
    model = Country

    def write(self, record, document):
        super().write(record, document)
        document.add_names(*names_besides(record))


@register
class SectorDocuments(NameDocuments):
    kind = "sector"
    model = Sector


@register
class GoalDocuments(NameDocuments):
    kind = "sdg"
    model = SDG
    names = ("name", "full_name")

    def write(self, record, document):
        super().write(record, document)
        document.add_names(*names_besides(record))


@register
class AreaDocuments(NameDocuments):
    kind = "area"
    model = PGTFArea
