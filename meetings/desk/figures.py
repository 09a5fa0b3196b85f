"""Figures of a meeting: people with a place by institution, country, role and gender."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.catalogue.collation import sort_key
from sscnet.codelists.models import Country

from ..models import Delegate, Meeting, PlaceState
from .people import turned


@dataclass(frozen=True)
class Figure:
    """A number, and the address of the list behind it; none where only the number was kept."""

    label: str
    count: int
    address: str


@dataclass(frozen=True)
class Table:
    title: Any
    figures: list[Figure]


def figures(meeting: Meeting) -> list[Table]:
    """Count the people with a confirmed place; erasing changes none of it."""
    return [
        Table(_("By institution"), by_record(meeting, "institution", Institution)),
        Table(_("By country"), by_record(meeting, "country", Country)),
        Table(_("By role"), by_role(meeting)),
        Table(_("By gender"), by_gender(meeting)),
    ]


def count_by(meeting: Meeting, field: str) -> Counter:
    people = Delegate.objects.filter(delegation__meeting=meeting, place=PlaceState.CONFIRMED)
    return Counter(dict(people.order_by().values_list(field).annotate(Count("pk"))))


def address(meeting: Meeting, **filters) -> str:
    page = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
    return f"{page}?{urlencode({'place': PlaceState.CONFIRMED, **filters})}"


def not_stated(meeting: Meeting, name: str, count: int) -> list[Figure]:
    without = {name: "yes", turned(name): "on"}
    return [Figure(gettext("not stated"), count, address(meeting, **without))] if count else []


def by_record(meeting: Meeting, name: str, model) -> list[Figure]:
    field = {"institution": "delegation__institution"}.get(name, f"delegation__institution__{name}")
    counts = count_by(meeting, field)
    records = model.objects.in_bulk([key for key in counts if key is not None])
    found = [
        Figure(str(record), counts[key], address(meeting, **{name: key}))
        for key, record in records.items()
    ]
    return by_number(found) + not_stated(meeting, f"with_{name}", counts[None])


def by_role(meeting: Meeting) -> list[Figure]:
    counts = count_by(meeting, "role")
    found = [Figure(role, n, address(meeting, role=role)) for role, n in counts.items() if role]
    return by_number(found) + not_stated(meeting, "with_role", counts[""])


def by_gender(meeting: Meeting) -> list[Figure]:
    """Count genders; of people whose data are erased the protocols know how many there were."""
    live = count_by(meeting, "gender")
    kept = Counter()
    for genders in meeting.erasures.values_list("genders", flat=True):
        for gender, place, _attendance, n in genders:
            if place == PlaceState.CONFIRMED:
                kept[gender] += n
    # Erased, a row states no gender any more.
    live[""] -= kept.total()
    return [
        Figure(
            str(gender.label),
            live[gender] + kept[gender],
            "" if kept[gender] else address(meeting, gender=gender or "not_stated"),
        )
        for gender in Delegate.Gender
        if live[gender] + kept[gender]
    ]


def by_number(found: list[Figure]) -> list[Figure]:
    return sorted(found, key=lambda figure: (-figure.count, sort_key(figure.label)))
