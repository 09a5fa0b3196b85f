"""How the facts of a record are known: stated by a source, derived, classified by us, not stated.

A field that a source states needs no more than its value. `How` names the other ways; a field's
declaration gives the usual one, and a record may say otherwise (docs/open-data.md).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(StrEnum):
    STATED = "stated"
    DERIVED = "derived"
    OURS = "ours"
    NOT_STATED = "not_stated"


class How(models.TextChoices):
    """How a value is known; the codes stand in files and the API, and stay."""

    STATED = "stated", _("stated by a source")
    FROM_NUMBER = "from_number", _("derived from the number")
    FROM_TITLE = "from_title", _("derived from the title")
    FROM_LIST = "from_list", _("derived from the list that names it")
    FROM_DAMAGED_COPY = "from_damaged_copy", _("derived from a damaged copy")
    FROM_DAYS_AS_STATED = "from_days_as_stated", _("derived from the dates in the source")
    ADDED_UP = "added_up", _("derived: added up")
    ASSESSED = "assessed", _("our own assessment")
    PROPOSED = "proposed", _("our classification, not yet confirmed by the Secretariat")
    CONFIRMED = "confirmed", _("our classification, confirmed by the Secretariat")
    OTHERS_NOT_STATED = "others_not_stated", _("other participants not stated")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed")


BASES = {
    How.STATED: Basis.STATED,
    How.FROM_NUMBER: Basis.DERIVED,
    How.FROM_TITLE: Basis.DERIVED,
    How.FROM_LIST: Basis.DERIVED,
    How.FROM_DAMAGED_COPY: Basis.DERIVED,
    How.FROM_DAYS_AS_STATED: Basis.DERIVED,
    How.ADDED_UP: Basis.DERIVED,
    How.ASSESSED: Basis.OURS,
    How.PROPOSED: Basis.OURS,
    How.CONFIRMED: Basis.OURS,
    How.OTHERS_NOT_STATED: Basis.NOT_STATED,
    How.NOT_CONFIRMED: Basis.NOT_STATED,
}


@dataclass(frozen=True)
class Fact:
    """A value of a record and how it is known; of a value that a source states `how` is None."""

    value: Any
    basis: Basis
    how: How | None = None

    @classmethod
    def of(cls, value, how: How | None) -> "Fact":
        if is_blank(value):
            return cls(None, Basis.NOT_STATED)
        if how in (None, How.STATED):
            return cls(value, Basis.STATED)
        return cls(value, BASES[how], how)


def is_blank(value) -> bool:
    """Return whether a value is not stated; zero and "no" are values."""
    return value is None or value == "" or value == []


def classified(record) -> How:
    """Return how a classification of ours is known: whether the Secretariat has confirmed it."""
    return How.CONFIRMED if record.classification_confirmed_on else How.PROPOSED
