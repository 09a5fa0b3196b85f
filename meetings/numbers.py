"""How many were present at a meeting, for its public page where the meeting says so."""

from dataclasses import dataclass

from django.db.models import Count, Q

from .models import Attendance, Delegate, Erasure, Meeting

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


def numbers_of(meeting: Meeting) -> MeetingNumbers | None:
    """Return what was noted at the door; None before the end, and where nobody was noted."""
    if not (meeting.shows_numbers and meeting.is_over):
        return None
    people = Attendance.objects.present().filter(meeting=meeting).count()
    if not people:
        return None
    delegates = Delegate.objects.filter(
        delegation__meeting=meeting, attendance__state=PRESENT
    ).aggregate(
        institutions=Count("delegation__institution", distinct=True),
        countries=Count("delegation__institution__country", distinct=True),
        women=Count("pk", filter=Q(gender=WOMAN)),
        stated=Count("pk", filter=~Q(gender="")),
    )
    for gender, n in erased_genders(meeting):
        delegates["women"] += n if gender == WOMAN else 0
        delegates["stated"] += n
    if min(delegates["women"], delegates["stated"] - delegates["women"]) < LEAST:
        delegates |= {"women": None, "stated": None}
    return MeetingNumbers(people, **delegates)


def erased_genders(meeting: Meeting) -> list[tuple[str, int]]:
    """Return the genders of those present whose rows know them no more, from the protocols."""
    protocols = Erasure.objects.filter(meeting=meeting).values_list("genders", flat=True)
    rows = [row for genders in protocols for row in genders]
    return [(gender, n) for gender, _place, state, n in rows if gender and state == PRESENT]
