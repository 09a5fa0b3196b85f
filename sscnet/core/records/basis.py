"""How the values of a record are known, and from which of its sources.

A field that a source states needs no more than its value. `How` names the other ways; a field's
declaration gives the usual one, and a source may say otherwise (docs/open-data.md).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# What sources of a kind of record may be for: the names of its public columns, with their labels.
NAMES: dict[str, dict[str, Any]] = {}
# A source may be for all texts in one language, as who translated them is.
LANGUAGES = {"en": _("all texts in English"), "zh": _("all texts in Chinese")}
NAME_OR_BASIS = _("Write a name, or choose how it is known and tick what it is for.")


class Basis(StrEnum):
    STATED = "stated"
    DERIVED = "derived"
    OURS = "ours"
    NOT_STATED = "not_stated"


class How(models.TextChoices):
    """How a value is known; the codes stand in files and the API, and stay."""

    GIVEN = "given", _("given by the institution")
    FROM_NUMBER = "from_number", _("derived from the number")
    FROM_TITLE = "from_title", _("derived from the title")
    FROM_LIST = "from_list", _("derived from the list that names it")
    FROM_DAMAGED_COPY = "from_damaged_copy", _("derived from a damaged copy")
    FROM_DAYS_AS_STATED = "from_days_as_stated", _("derived from the dates in the source")
    ADDED_UP = "added_up", _("derived: added up")
    IN_OUR_WORDS = "in_our_words", _("in our words, from the source")
    TRANSLATED = "translated", _("translated by us")
    ASSESSED = "assessed", _("our own assessment")
    PROPOSED = "proposed", _("our classification")
    CONFIRMED = "confirmed", _("confirmed by the Secretariat")
    OTHERS_NOT_STATED = "others_not_stated", _("other participants not stated")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed")


CLASSIFICATIONS = (How.PROPOSED, How.CONFIRMED, How.ASSESSED)
BASES = {
    **dict.fromkeys(How, Basis.DERIVED),
    **dict.fromkeys((How.TRANSLATED, *CLASSIFICATIONS), Basis.OURS),
    **dict.fromkeys((How.OTHERS_NOT_STATED, How.NOT_CONFIRMED), Basis.NOT_STATED),
    **dict.fromkeys((None, How.GIVEN), Basis.STATED),
}
# What a source may say of the values it is for; the others follow from the record.
OF_SOURCES = [
    (how.value, how.label)
    for how in How
    if how not in (How.ADDED_UP, How.PROPOSED, How.OTHERS_NOT_STATED, How.NOT_CONFIRMED)
]


@dataclass(frozen=True)
class Fact:
    """A value of a record, how it is known (None: a source states it), its sources' numbers."""

    value: Any
    basis: Basis
    how: How | None = None
    sources: tuple[int, ...] = ()

    @classmethod
    def of(cls, value, how: How | None, sources: tuple[int, ...] = ()) -> "Fact":
        if is_blank(value):
            return cls(None, Basis.NOT_STATED)
        return cls(value, BASES[how], how, sources)

    def words(self, how: str | None = None, source: str = "source") -> list[str]:
        """Return how it is known, in a code unless words are given, and its sources."""
        hows = [how or self.how.value] if self.how else []
        return [*hows, *(f"{source} {number}" for number in self.sources)]

    @property
    def is_explained_below(self) -> bool:
        """Return whether a page says how it is known with the sources, not beside the value."""
        return self.how in (*CLASSIFICATIONS, How.IN_OUR_WORDS)


class NumberedSources:
    """The sources of a record by the names they are for; `rest` are those that name none."""

    def __init__(self, record: models.Model):
        # Dated figures have sources, and no rows that a page reads at once.
        read = getattr(record, "rows_read", {})
        sources = read["sources"] if "sources" in read else record.sources.all()
        self.by_name: dict[str, list] = {}
        self.rest: list = []
        for number, source in enumerate(sources, 1):
            for name in source.fields:
                self.by_name.setdefault(name, []).append((number, source.how))
            if not source.fields:
                self.rest.append((number, source.how))
        self.rest_numbers = tuple(number for number, _how in self.rest)

    def known(self, name: str, usual: How | None) -> tuple[How | None, tuple[int, ...]]:
        """Return how the value of a name is known, and the numbers of its sources.

        A source that names a field of our classification states it, unless it says otherwise.
        """
        is_ours = usual in CLASSIFICATIONS
        named = self.by_name.get(name) or (
            not is_ours and self.by_name.get(name.rpartition("_")[2])
        )
        if not named and is_ours:
            return usual, ()
        sources = named or self.rest
        how = next((How(how) for _number, how in sources if how), None)
        return how or (None if named and is_ours else usual), tuple(n for n, _how in sources)


def is_blank(value) -> bool:
    """Return whether a value is not stated; zero and "no" are values."""
    return value is None or value == "" or value == []


def classified(record) -> How:
    """Return how a classification of ours is known: whether the Secretariat has confirmed it."""
    return How.CONFIRMED if record.classification_confirmed_on else How.PROPOSED


def register(model: type[models.Model], names: dict[str, Any]) -> None:
    NAMES[model._meta.label] = names


def names_of(model: type[models.Model] | None) -> dict[str, Any]:
    return NAMES.get(model._meta.label, {}) if model else {}
