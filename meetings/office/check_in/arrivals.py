"""Check-in: who came, who did not, and who came unannounced; each is noted once.

Two people at the door may note the same at the same moment: the database keeps one row a person.
Rows are written in the order of their people, or two who note many would lock each other out.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from meetings.models import Attendance, Delegate, Delegation, Meeting, PlaceState
from sscnet.core.i18n.collation import sort_key

State = Attendance.State
MAY_NOTE = "meetings.change_attendance"
# Who comes the evening before is noted too.
DAYS_BEFORE = 1


def opens_on(meeting: Meeting) -> date | None:
    """Return the first day on which people can be noted; None where the days are not known."""
    return meeting.starts_on and meeting.starts_on - timedelta(days=DAYS_BEFORE)


def is_open(meeting: Meeting) -> bool:
    first = opens_on(meeting)
    return not meeting.is_cancelled and (first is None or first <= timezone.localdate())


def held_now() -> QuerySet[Meeting]:
    """Return the meetings at which people are noted today, with how many are there."""
    today = timezone.localdate()
    meetings = Meeting.objects.filter(capacity__isnull=False, cancelled_at=None)
    meetings = meetings.filter(
        starts_on__lte=today + timedelta(days=DAYS_BEFORE), ends_on__gte=today
    )
    here = Count("attendances", filter=Q(attendances__state=State.PRESENT))
    return meetings.annotate(here=here).order_by("starts_on", "pk")


# ------------------------------------------------------------------ noting


def note_delegation(delegation: Delegation, by) -> int:
    """Note that a delegation came: all with a confirmed place, unless noted already.

    Who was noted as absent stays so. Return how many were noted now.
    """
    people = delegation.delegates.filter(
        place=PlaceState.CONFIRMED, attendance=None, erased_at=None
    )
    meeting, now = delegation.meeting_id, timezone.now()
    rows = [
        Attendance(meeting_id=meeting, delegate=one, noted_by=by, noted_at=now)
        for one in people.order_by("pk")
    ]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def may_check_in(delegate: Delegate) -> bool:
    """Return whether a person may check in: with a place, of a delegation that was sent."""
    is_sent = delegate.delegation.state == Delegation.State.SUBMITTED
    return is_sent and delegate.place == PlaceState.CONFIRMED and not delegate.erased_at


def note_oneself(delegate: Delegate) -> None:
    """Note who typed the code of the door, unless an officer or the person did so before."""
    noted = {"meeting_id": delegate.delegation.meeting_id, "by_self": True}
    Attendance.objects.get_or_create(delegate=delegate, defaults=noted)


def note(delegate: Delegate, state: str, by) -> None:
    """Note that a delegate is present or absent; the last note counts."""
    noted = {"state": state, "noted_by": by, "noted_at": timezone.now(), "by_self": False}
    noted["meeting_id"] = delegate.delegation.meeting_id
    Attendance.objects.update_or_create(delegate=delegate, defaults=noted)


def note_walk_in(meeting: Meeting, name: str, institution: str, by) -> bool:
    """Note a person who came unannounced, and agreed to it; return False where it was noted."""
    now = timezone.now()
    stated = {"name": name, "institution_as_stated": institution}
    _row, is_new = Attendance.objects.get_or_create(
        meeting=meeting,
        delegate=None,
        erased_at=None,
        **{f"{field}__iexact": words for field, words in stated.items()},
        defaults=stated | {"noted_by": by, "noted_at": now, "consented_at": now},
    )
    return is_new


# ------------------------------------------------------------------ taking back


@transaction.atomic
def take_back(noted: QuerySet[Attendance]) -> None:
    """Delete what was noted; a certificate of a walk-in is then no longer on record."""
    keys = list(noted.select_for_update().values_list("pk", flat=True))
    Attendance.objects.filter(pk__in=keys).delete()


# ------------------------------------------------------------------ whom it is about


@dataclass(frozen=True)
class ExpectedDelegation:
    """A delegation with its people by name, as the door shows them."""

    delegation: Delegation
    people: list[Delegate]

    @property
    def expected(self) -> list[Delegate]:
        return [one for one in self.people if one.is_confirmed]

    @property
    def here(self) -> int:
        return sum(state_of(one) == State.PRESENT for one in self.people)

    @property
    def is_noted(self) -> bool:
        return all(state_of(one) for one in self.expected)

    def matches(self, words: str) -> bool:
        """Return whether the words stand in a name or the reference."""
        institution = self.delegation.institution
        texts = [str(institution), institution.name, self.delegation.reference]
        texts += [
            f"{one.name} {one.family_name} {one.given_names} {one.chinese_name}"
            for one in self.people
        ]
        return any(words.casefold() in text.casefold() for text in texts)


def state_of(delegate: Delegate) -> str:
    attendance = getattr(delegate, "attendance", None)
    return attendance.state if attendance else ""


def people_to_check_in(meeting: Meeting) -> QuerySet[Delegate]:
    """Return the people whose attendance may be noted."""
    people = Delegate.objects.active().filter(delegation__meeting=meeting, erased_at=None)
    people = people.filter(delegation__state=Delegation.State.SUBMITTED)
    return people.select_related("delegation__institution", "attendance")


def expected_delegations(meeting: Meeting, words: str = "") -> list[ExpectedDelegation]:
    """Return the delegations by name; only those searched for, if any."""
    people = sorted(people_to_check_in(meeting), key=by_family)
    grouped = groupby(people, key=lambda one: one.delegation)
    found = [ExpectedDelegation(delegation, list(group)) for delegation, group in grouped]
    found = [one for one in found if one.matches(words)]
    return sorted(found, key=lambda one: sort_key(str(one.delegation.institution)))


def by_family(delegate: Delegate) -> tuple:
    name = sort_key(delegate.family_name or delegate.chinese_name)
    return delegate.delegation_id, name, delegate.pk
