"""What institutions do with their places: submit, choose, name, swap, answer, withdraw.

Each function decides in memory, and its decorator makes an operation of it: it is called without
the allocation, and with `actor` and `now`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.models import Institution

from ..models import (
    SENSITIVE,
    Delegate,
    Delegation,
    Offer,
    PlaceState,
    Reason,
    Workshop,
    WorkshopPlace,
)
from .allocation import Allocation, Kind, Line, Row, Target, delegate_of, key_of, line_of
from .errors import NotPossible, TooLate
from .persistence import operation

NAMES = ("chinese_name", "family_name", "given_names")
PERSON = (
    *(*NAMES, "role", "email", "mobile", "nationality", "gender", *SENSITIVE),
    *("may_be_listed", "may_be_kept", "roster_entry"),
)


@operation
def submit(
    allocation: Allocation, delegation: Delegation, *, token: UUID | None = None
) -> list[Row]:
    """Ask for the places of all delegates and workshops that have not asked yet; return these.

    Each gets a place where one is free and the delegation's rule fits, else waits in line; over
    the institution's quota it waits with that reason. For a submitted delegation this adds people
    and workshops. `token` is the `submission_token` the form was made with: spent, or with nothing
    new to ask for, the form was sent before and nothing happens; the list is empty.

    Raise NotPossible where the meeting takes no registrations or a person has no name and is not
    to be named; Busy.
    """
    found = allocation.open_delegation(delegation.pk)
    if token is not None and token != found.submission_token:
        return []
    if not allocation.meeting.takes_registrations:
        raise NotPossible(_("This meeting does not take registrations."))
    check_names(allocation.delegates_of(found))
    asked = allocation.ask_for_new(found)
    if not asked:
        return []
    found.state, found.withdrawn_at = Delegation.State.SUBMITTED, None
    found.submitted_at = found.submitted_at or allocation.now
    # The form that was sent holds the old one: sent again, it is known by that.
    found.submission_token = uuid4()
    found.confirmation_due_at = found.confirmation_due_at or allocation.now
    allocation.mark_delegation(found)
    return asked


def check_names(delegates: Iterable[Delegate]) -> None:
    for delegate in delegates:
        if delegate.place == PlaceState.NOT_ASKED and not (delegate.to_be_named or delegate.name):
            raise NotPossible(_("Give each person a name, or mark the place to be named."))


@operation
def choose_workshops(
    allocation: Allocation, delegate: Delegate, workshops: Collection[Workshop]
) -> None:
    """Make these the workshops of a delegate: leave the others, ask for what is new.

    In a draft it only notes the wishes; else a new workshop is asked for at the end of its line, as
    is one left before. One that an officer declined stays declined. Raise NotPossible where the
    delegate has no active place; Busy.
    """
    (found,) = allocation.open(delegate)
    chosen = {workshop.pk for workshop in workshops}
    if found.place and not found.is_active:
        raise NotPossible(_("This person has no place at the meeting."))
    if not chosen <= allocation.workshops.keys():
        raise NotPossible(_("This workshop belongs to another meeting."))
    places = {place.workshop_id: place for place in allocation.places_of(found)}
    for workshop_id in places.keys() - chosen:
        leave(allocation, places[workshop_id])
    wishes = [wish_for(allocation, found, pk, places.get(pk)) for pk in sorted(chosen)]
    new = [wish for wish in wishes if wish]
    if found.is_active and new:
        allocation.ask(new)
        delegation = found.delegation
        delegation.confirmation_due_at = delegation.confirmation_due_at or allocation.now
        allocation.mark_delegation(delegation)


@operation
def take_over(
    allocation: Allocation, delegation: Delegation, institution: Institution
) -> Delegation:
    """Make a delegation another institution's; return it, or the one that this has already.

    Then the people go over into that one, with their places and numbers in line, behind those who
    are there; the other stays, withdrawn and empty. Nobody loses a place, though together they may
    hold more than the quota: who waits waits until it allows for them. Raise Busy.
    """
    gone = allocation.open_delegation(delegation.pk)
    kept = institution.delegations.filter(meeting=allocation.meeting).first()
    # Another institution has another quota: who waited for the old one may fit now.
    allocation.reconsider_all()
    if kept is None:
        exception = allocation.exceptions.get(institution.pk)
        gone.own_quota = exception and exception.quota
        allocation.change(gone, institution=institution)
        return gone
    kept = allocation.open_delegation(kept.pk)
    people = [*allocation.delegates_of(kept), *allocation.delegates_of(gone)]
    for position, delegate in enumerate(people):
        if delegate.delegation_id != kept.pk:
            allocation.change(delegate, delegation=kept, position=position)
            if delegate.place:
                allocation.note(Kind.MERGED, delegate)
        elif delegate.position != position:
            allocation.change(delegate, position=position)
    if gone.state == Delegation.State.SUBMITTED != kept.state:
        kept.state, kept.rule, kept.withdrawn_at = gone.state, gone.rule, None
    kept.submitted_at = min(filter(None, [kept.submitted_at, gone.submitted_at]), default=None)
    gone.state, gone.withdrawn_at = Delegation.State.WITHDRAWN, allocation.now
    # The mail about this names those whose registration was to be confirmed.
    gone.confirmation_due_at = None
    for one in (kept, gone):
        allocation.mark_delegation(one)
        # A form that was made before is not stored over it.
        allocation.change(one, lock_version=one.lock_version + 1)
    return kept


def leave(allocation: Allocation, place: WorkshopPlace) -> None:
    if place.is_active:
        allocation.end(place, Kind.WITHDRAWN, PlaceState.WITHDRAWN, Reason.OWN_WISH)
    elif place.place == PlaceState.NOT_ASKED:
        del allocation.places[key_of(place)]
        allocation.changes.removed.append(place)


def wish_for(
    allocation: Allocation, delegate: Delegate, workshop_id: int, place: WorkshopPlace | None
) -> WorkshopPlace | None:
    """Return a new wish, or one to be asked for anew; None where it is asked for already."""
    if place is None:
        wish = WorkshopPlace(delegate=delegate, workshop_id=workshop_id)
        allocation.places[key_of(wish)] = wish
        allocation.changes.made.append(wish)
        return wish
    return None if place.is_active or place.reason == Reason.OFFICER else place


@operation
def withdraw(allocation: Allocation, target: Target) -> None:
    """Withdraw the places of a delegation, of a person, or one place at a workshop.

    Possible at any time. With the place at the meeting go the person's workshops; each freed place
    goes to the first in line whose rule fits, until the waiting list ends. Twice is once. Raise
    Busy.
    """
    for row in allocation.open(target):
        if row.is_active:
            allocation.end(row, Kind.WITHDRAWN, PlaceState.WITHDRAWN, Reason.OWN_WISH)
    if isinstance(target, Delegation):
        found = allocation.delegations[target.pk]
        if found.state == Delegation.State.SUBMITTED:
            found.state, found.withdrawn_at = Delegation.State.WITHDRAWN, allocation.now
            allocation.mark_delegation(found)


@operation
def name(allocation: Allocation, delegate: Delegate, person: dict) -> None:
    """Set the name of a place kept to be named; place and workshops stay.

    `person` holds the fields of `PERSON` that are known. Raise NotPossible where the place was
    given up or has a name, or no name is given; Busy.
    """
    rename(allocation, delegate, person, Kind.NAMED)


@operation
def swap(allocation: Allocation, delegate: Delegate, person: dict) -> None:
    """Put another person in the place of this one; place, line and workshops stay.

    Nothing known of the former person is kept. Raise as `name` does.
    """
    rename(allocation, delegate, person, Kind.SWAPPED)


def rename(allocation: Allocation, delegate: Delegate, person: dict, kind: str) -> None:
    (found,) = allocation.open(delegate)
    if not found.is_active:
        raise NotPossible(_("This person has no place at the meeting."))
    if kind == Kind.NAMED and not found.to_be_named:
        raise NotPossible(_("This place already has a name."))
    if not any(person.get(part) for part in NAMES):
        raise NotPossible(_("Give a name."))
    if kind == Kind.SWAPPED:
        allocation.changes.swapped_out[found.pk] = copy(found)
    empty = Delegate()
    details = {part: person.get(part, getattr(empty, part)) for part in PERSON}
    # The person before may have agreed to the same: this one is asked.
    details |= {"consented_to": [], "refused": [], "consent_version": ""}
    allocation.change(found, **details, to_be_named=False)
    allocation.note(kind, found)


@operation
def answer_offer(allocation: Allocation, offer: Offer, accept: bool) -> None:
    """Accept an offered place, or decline it so that it goes to the next in line.

    The same answer twice is one. Raise NotPossible where the offer was answered otherwise or is
    no longer open, TooLate after its answer-by time; Busy.
    """
    answer = Offer.Answer.ACCEPTED if accept else Offer.Answer.DECLINED
    (row,) = allocation.open(offer)
    found = Offer.objects.get(pk=offer.pk)
    if found.answer == answer:
        return
    if not found.is_open:
        raise NotPossible(_("This offer is no longer open."))
    if found.answer_by <= allocation.now:
        raise TooLate(_("The time to answer this offer has passed."))
    if accept:
        allocation.put(row, Kind.ACCEPTED, PlaceState.CONFIRMED)
        allocation.asking.add(offer.delegate.delegation_id)
    else:
        allocation.end(row, Kind.DECLINED, PlaceState.DECLINED, Reason.REFUSED)
    allocation.changes.ended_offers[offer.delegate_id, offer.workshop_id] = answer


# ------------------------------------------------------------------ beforehand


@dataclass(frozen=True)
class LinePreview:
    """What `submit` would give now in one line; without a workshop, at the meeting."""

    workshop: Workshop | None
    waiting_before: int
    given: list[Delegate]
    waiting: list[Delegate]
    reasons: list[Reason]
    never_fits: bool


def preview(delegation: Delegation, *, now: datetime | None = None) -> list[LinePreview]:
    """Return what `submit` would give now, line by line, the meeting's first; nothing is written.

    Takes no lock, so it can change until it is sent. A line in which nobody asks for anything is
    left out.
    """
    allocation = Allocation(delegation.meeting_id, lock=False, now=now)
    delegation = allocation.open_delegation(delegation.pk)
    lines = [None, *allocation.workshops]
    asked = allocation.ask_for_new(delegation)
    waiting = count_waiting(allocation)
    never = lines_that_never_fit(allocation, delegation)
    allocation.settle()
    previews = []
    for line in lines:
        rows = [row for row in asked if line_of(row) == line]
        if rows:
            previews.append(
                LinePreview(
                    workshop=allocation.workshops.get(line),
                    waiting_before=waiting[line],
                    given=[delegate_of(row) for row in rows if row.is_taken],
                    waiting=[delegate_of(row) for row in rows if row.is_waiting],
                    reasons=sorted({Reason(row.reason) for row in rows if row.is_waiting}),
                    never_fits=line in never,
                )
            )
    return previews


def count_waiting(allocation: Allocation) -> Counter[Line]:
    meeting = Delegate.objects.waiting().filter(delegation__meeting=allocation.meeting).count()
    places = WorkshopPlace.objects.waiting().filter(workshop__in=allocation.workshops).order_by()
    counts = places.values_list("workshop").annotate(Count("pk"))
    return Counter({None: meeting, **dict(counts)})


def lines_that_never_fit(allocation: Allocation, delegation: Delegation) -> set[Line]:
    """Return the lines where all together are more than capacity or quota will ever hold."""
    if not delegation.is_all_together:
        return set()
    found = set()
    for line in [None, *allocation.workshops]:
        size = sum(row.is_waiting for row in allocation.rows(line))
        most = allocation.holder(line).capacity or 0
        quota = allocation.quota(delegation)
        if line is None and quota is not None:
            most = min(most, quota - allocation.held(delegation))
        if size > most:
            found.add(line)
    return found
