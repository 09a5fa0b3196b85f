"""The names of the code lists, for the search."""

import re

from django.db import models

from sscnet.core.database.stamps import WORDS
from sscnet.search.documents import Documents, NumberPattern, in_each_language, register

from .aliases import names_besides, words_of_groups
from .models import SDG, Country, PGTFArea, Sector, Topic

GOAL = re.compile(r"(?<![^\W_])SDGs?[\s/._-]*(\d{1,2})(?![^\W_])", re.IGNORECASE)


class NameDocuments(Documents):
    topics = (WORDS,)
    is_dated = is_answer = False
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
        # Regions are no titles, or Africa would be the name of fifty countries.
        for words in words_of_groups(record):
            document.names.add(words, "D")


@register
class SectorDocuments(NameDocuments):
    kind = "sector"
    model = Sector


@register
class GoalDocuments(NameDocuments):
    kind = "sdg"
    model = SDG
    names = ("name", "full_name")
    numbers = (NumberPattern(GOAL, lambda match: str(int(match[1])), kind=kind),)

    def write(self, record, document):
        super().write(record, document)
        document.add_names(*names_besides(record))


@register
class AreaDocuments(NameDocuments):
    kind = "area"
    model = PGTFArea


@register
class TopicDocuments(NameDocuments):
    kind = "topic"
    model = Topic
    is_answer = True

    def write(self, record, document):
        super().write(record, document)
        document.add_texts(record.words, *in_each_language(record, "text"))
