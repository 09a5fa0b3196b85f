"""What officers decide about people and places: approve, decline, and undo a decline."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ..models import Delegate, Delegation, PlaceState, Reason, WorkshopPlace
from .allocation import Allocation, Kind, Row, Target, delegate_of
from .errors import NotPossible, TooLate
from .persistence import operation

# Issue 5: a decline may be undone within 24 hours.
TIME_TO_UNDO = timedelta(hours=24)
UNDOABLE = (Reason.OFFICER, Reason.REFUSED, Reason.UNANSWERED)


@operation
def approve(
    allocation: Allocation, target: Delegation | Delegate | list[Delegate], *, reason: str = ""
) -> None:
    """Approve a delegation or people of it; who waited for that gets a free place at once.

    Raise Busy.
    """
    for delegate in allocation.open(target):
        if delegate.is_active and not delegate.approved_at:
            delegate.approved_at, delegate.decision = allocation.now, reason
            allocation.mark(delegate)
            allocation.note(Kind.APPROVED, delegate)
            # A free place is theirs at once: an offer would ask again what they registered for.
            allocation.asking.add(delegate.delegation_id)


@operation
def decline(allocation: Allocation, target: Target, *, reason: str = "") -> None:
    """Decline a delegation, people of it or a place at a workshop; `undo` takes it back in a day.

    `reason` is sent to the institution; it stays with the person and is not in the log. Raise
    Busy.
    """
    for row in allocation.open(target):
        if row.is_active:
            allocation.end(row, Kind.DECLINED, PlaceState.DECLINED, Reason.OFFICER)
            delegate_of(row).decision = reason
            allocation.mark(delegate_of(row))


@operation
def undo(allocation: Allocation, target: Target) -> None:
    """Undo a decline within 24 hours: who was declined is back at the former place in line.

    By an officer, by the institution's answer to an offer, or by its silence: all may be undone. A
    place given to another meanwhile stays given; one that is free goes to the first in line, who
    may be this one again. Raise NotPossible where nothing was declined, TooLate after the 24
    hours; Busy.
    """
    declined = [row for row in allocation.open(target) if row.place == PlaceState.DECLINED]
    declined = [row for row in declined if row.reason in UNDOABLE]
    if not declined:
        raise NotPossible(_("Nothing was declined here."))
    rows = [row for row in declined if allocation.now - row.declined_at <= TIME_TO_UNDO]
    if not rows:
        raise TooLate(_("A decline can be undone within 24 hours."))
    for row in rows:
        back_in_line(allocation, row)


def back_in_line(allocation: Allocation, row: Row) -> None:
    if isinstance(row, WorkshopPlace) and not row.delegate.is_active:
        raise NotPossible(_("This person has no place at the meeting."))
    # Any reason to wait: `settle` finds the true one.
    allocation.put(row, Kind.UNDONE, PlaceState.WAITING, Reason.FULL)
    if isinstance(row, Delegate):
        for place in allocation.places_of(row):
            if place.place == PlaceState.DECLINED and place.reason == Reason.WITH_MEETING:
                allocation.put(place, Kind.UNDONE, PlaceState.WAITING, Reason.MEETING)
