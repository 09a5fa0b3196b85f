"""How many were present at meetings, for the public where a meeting says so."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from ..models import Attendance, Delegate, Erasure, Meeting

PRESENT = Attendance.State.PRESENT
WOMAN = Delegate.Gender.WOMAN
# Of fewer nobody is told the gender: who knows the people would know whose it is.
LEAST = 5


@dataclass(frozen=True)
class MeetingNumbers:
    """`women` are of those `stated`; both are None where one of the groups is small."""

    people: int
    institutions: int
    countries: int
    women: int | None
    stated: int | None


def numbers_of_each(meetings: Collection[Meeting]) -> dict[int, MeetingNumbers]:
    """Return by their keys what was noted at the door of those meetings that have some to show.

    None has before its end, and where nobody was noted.
    """
    shown = [meeting.pk for meeting in meetings if meeting.shows_numbers and meeting.is_over]
    if not shown:
        return {}
    present = Attendance.objects.present().filter(meeting__in=shown).order_by().values("meeting")
    rows = present.annotate(
        people=Count("pk"),
        institutions=Count("delegate__delegation__institution", distinct=True),
        countries=Count("delegate__delegation__institution__country", distinct=True),
        women=Count("pk", filter=Q(delegate__gender=WOMAN)),
        stated=Count("pk", filter=Q(delegate__gender__gt="")),
    )
    numbers = {row.pop("meeting"): row for row in rows}
    for meeting, gender, n in erased_genders([*numbers]):
        numbers[meeting]["women"] += n if gender == WOMAN else 0
        numbers[meeting]["stated"] += n
    return {pk: MeetingNumbers(**without_few(row)) for pk, row in numbers.items()}


def people_of_each(meetings: Collection[Meeting]) -> dict[int, int]:
    """Return how many came to each, as noted at the door or else as its source states."""
    stated = {m.pk: n for m in meetings if (n := m.participants_number) is not None}
    return stated | {pk: one.people for pk, one in numbers_of_each(meetings).items()}


def without_few(numbers: dict) -> dict:
    """Leave the genders out where one of the groups is small."""
    if min(numbers["women"], numbers["stated"] - numbers["women"]) < LEAST:
        return numbers | {"women": None, "stated": None}
    return numbers


def erased_genders(meetings: list[int]) -> list[tuple[int, str, int]]:
    """Return the genders of those present whose rows know them no more, from the protocols."""
    protocols = Erasure.objects.filter(meeting__in=meetings).values_list("meeting", "genders")
    return [
        (meeting, gender, n)
        for meeting, genders in protocols
        for gender, _place, state, n in genders
        if gender and state == PRESENT
    ]
