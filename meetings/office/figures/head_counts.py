"""Counting people with a confirmed place, for the figures of a meeting.

Queries do not grow with the people, and erasing changes no number.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from meetings.models import Attendance, Delegate, Erasure, Meeting, PlaceState
from members.models import Institution
from sscnet.codelists.models import Country

CONFIRMED = PlaceState.CONFIRMED
PRESENT = Attendance.State.PRESENT


@dataclass(frozen=True)
class Division:
    """What people are divided by: the filter of lists, the field that holds it, its words."""

    name: str
    field: str
    title: Any
    heading: Any
    # Give the values met the words they are shown by.
    words: Callable[[set], dict]

    def filters(self, key) -> dict:
        """Return the filters of a list that keeps these people."""
        if self is GENDER:
            return {"gender": key or "not_stated"}
        if key:
            return {self.name: key}
        return {f"with_{self.name}": "no"}


def words_of_records(model) -> Callable[[set], dict]:
    return lambda keys: {key: str(record) for key, record in model.objects.in_bulk(keys).items()}


INSTITUTION = Division(
    "institution",
    "delegation__institution",
    _("By institution"),
    _("Institution"),
    words_of_records(Institution),
)
COUNTRY = Division(
    "country",
    "delegation__institution__country",
    _("By country"),
    _("Country"),
    words_of_records(Country),
)
GENDER = Division(
    "gender",
    "gender",
    _("By gender"),
    _("Gender"),
    lambda keys: {one.value: str(one.label) for one in Delegate.Gender if one in keys},
)
DIVISIONS = [INSTITUTION, COUNTRY, GENDER]


class Counts:
    """How many people of a meeting have a place, by one value of theirs, and how many of them came.

    The gender of an erased person is not known any more; how many there were is taken from the
    protocols of erasing and is `kept`.
    """

    def __init__(self, meeting: Meeting, division: Division):
        self.people, self.present, self.kept = Counter(), Counter(), Counter()
        people = Delegate.objects.filter(delegation__meeting=meeting, place=CONFIRMED)
        if division is GENDER:
            people = people.filter(erased_at=None)
            self.add_protocols(meeting)
        rows = people.order_by().values_list(division.field, "attendance__state")
        for key, state, n in rows.annotate(Count("pk")):
            self.add(key or "", state, n)

    def add(self, key, state: str | None, n: int) -> None:
        self.people[key] += n
        if state == PRESENT:
            self.present[key] += n

    def add_protocols(self, meeting: Meeting) -> None:
        protocols = Erasure.objects.filter(meeting=meeting)
        for genders in protocols.values_list("genders", flat=True):
            for gender, place, state, n in genders:
                if place == CONFIRMED:
                    self.add(gender, state, n)
                    self.kept[gender] += n
                    # Erased, a row states no gender: the list of such rows has these people too.
                    self.kept[""] += n


class CheckIn:
    """How many were noted at the door, by place and state; of a walk-in the place is None.

    `erased` says of how many of these no name is left.
    """

    def __init__(self, meeting: Meeting):
        self.noted, self.erased = Counter(), Counter()
        rows = meeting.attendances.exclude(delegate__place="").order_by()
        rows = rows.values_list("delegate__place", "state")
        for *key, n, erased in rows.annotate(Count("pk"), Count("erased_at")):
            self.noted[tuple(key)], self.erased[tuple(key)] = n, erased

    def __bool__(self):
        return bool(self.noted)

    @property
    def without_place(self) -> int:
        """How many came without a confirmed place; they had asked for one."""
        present = [(place, n) for (place, state), n in self.noted.items() if state == PRESENT]
        return sum(n for place, n in present if place not in (None, CONFIRMED))
