"""Check-in: who came, who did not, and who came unannounced; each is noted once.

Two people at the door may note the same at the same moment: the database keeps one row a person.
"""

from django.db.models import QuerySet
from django.utils import timezone

from ..models import Attendance, Delegate, Delegation, Meeting, PlaceState


def note_delegation(delegation: Delegation, by) -> int:
    """Note that a delegation came: all with a confirmed place, unless noted already.

    Who was noted as absent stays so. Return how many were noted now.
    """
    people = delegation.delegates.filter(place=PlaceState.CONFIRMED, attendance=None)
    rows = [
        Attendance(meeting_id=delegation.meeting_id, delegate=delegate, noted_by=by)
        for delegate in people
    ]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def note(delegate: Delegate, state: str, by) -> None:
    """Note that a delegate is present or absent; the last note counts."""
    row = Attendance(
        meeting_id=delegate.delegation.meeting_id,
        delegate=delegate,
        state=state,
        noted_by=by,
        noted_at=timezone.now(),
    )
    Attendance.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["delegate"],
        update_fields=["state", "noted_by", "noted_at"],
    )


def take_back(delegate: Delegate) -> None:
    Attendance.objects.filter(delegate=delegate).delete()


def note_walk_in(meeting: Meeting, name: str, institution: str, by) -> None:
    """Note a person who came unannounced; the same person twice is one row."""
    row = Attendance(meeting=meeting, name=name, institution_as_stated=institution, noted_by=by)
    Attendance.objects.bulk_create([row], ignore_conflicts=True)


def delegations_at_door(meeting: Meeting) -> QuerySet[Delegation]:
    """Return the delegations that come, with their people and attendances."""
    rows = meeting.delegations.filter(state=Delegation.State.SUBMITTED)
    return rows.select_related("institution").prefetch_related("delegates__attendance")


def people_at_door(meeting: Meeting) -> QuerySet[Delegate]:
    """Return the people whose attendance may be noted."""
    return Delegate.objects.active().filter(delegation__meeting=meeting, erased_at=None)
