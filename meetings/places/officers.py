"""What officers do: approve and decline, undo a decline, change capacity and quotas."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from members.models import Institution
from sscnet.core.i18n.texts import comma_separated

from ..models import (
    Delegate,
    Delegation,
    InstitutionQuota,
    Meeting,
    PlaceState,
    Reason,
    Workshop,
    WorkshopPlace,
)
from .allocation import Allocation, Kind, Row, Target, delegate_of
from .errors import BelowTaken, NotPossible, TooLate
from .persistence import operation

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


# ------------------------------------------------------------------ for a whole meeting


@operation
def set_capacity(allocation: Allocation, holder: Meeting | Workshop, capacity: int) -> None:
    """Change the number of places of a meeting or workshop; new ones go to the line at once.

    A capacity below what is taken is refused: no place given is ever taken away, and a number that
    does not hold would leave nothing to hold on to. To shrink further, end the waiting list first,
    so that no one is moved up, and lower it as people withdraw. Raise BelowTaken, Busy.
    """
    line = holder.pk if isinstance(holder, Workshop) else None
    found = allocation.holder(line)
    if capacity < found.taken:
        text = ngettext_lazy(
            "%(taken)d place is taken; the number cannot be lower.",
            "%(taken)d places are taken; the number cannot be lower.",
            found.taken,
        )
        raise BelowTaken(text % {"taken": found.taken})
    if capacity != found.capacity:
        allocation.change(found, capacity=capacity)
        allocation.note(Kind.CAPACITY, workshop_id=line, count=capacity)
        allocation.freed.add(line)


@operation
def set_quota(
    allocation: Allocation,
    meeting: Meeting,
    quota: int | None,
    *,
    institution: Institution | None = None,
) -> None:
    """Change the places an institution may have, for all or for one; who waits moves up at once.

    None for all is no limit; None for one ends its exception. A quota below what an institution
    holds is refused, as no place is taken away: make an exception for that institution first.
    Raise BelowTaken, Busy.
    """
    holding = Delegation.objects.filter(pk__in=allocation.held_before)
    before = {one: allocation.quota(one) for one in holding.select_related("institution")}
    if institution is None:
        allocation.change(allocation.meeting, quota=quota)
    else:
        set_exception(allocation, institution, quota)
    check_quotas(allocation, before)
    allocation.note(Kind.QUOTA, institution_id=institution and institution.pk, count=quota)
    allocation.reconsidered.add(None)


def set_exception(allocation: Allocation, institution: Institution, quota: int | None) -> None:
    exception = allocation.exceptions.pop(institution.pk, None)
    if quota is None:
        allocation.changes.removed += [exception] if exception else []
        return
    if exception:
        allocation.change(exception, quota=quota)
    else:
        exception = InstitutionQuota(
            meeting=allocation.meeting, institution=institution, quota=quota
        )
        allocation.changes.made.append(exception)
    allocation.exceptions[institution.pk] = exception


def check_quotas(allocation: Allocation, before: dict[Delegation, int | None]) -> None:
    """Raise BelowTaken where a quota was lowered below what is held; two merged may hold more."""
    over = [
        str(delegation.institution)
        for delegation, former in before.items()
        if (most := allocation.quota(delegation)) is not None
        and allocation.held(delegation) > most
        and (former is None or most < former)
    ]
    if over:
        text = _(
            "Some institutions hold more places than that: %(institutions)s. No place is taken "
            "away."
        )
        raise BelowTaken(text % {"institutions": comma_separated(over)})
