"""What institutions do: submit, choose, name, swap, answer, withdraw; and officers' decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from ..models import (
    Delegate,
    Delegation,
    Offer,
    PlaceState,
    Reason,
    Workshop,
    WorkshopPlace,
)
from .allocation import Book, Kind, Row, delegate_of
from .errors import NotPossible, TooLate
from .persistence import operate
from .status import ask_for_new

# Issue 5: a decline may be undone within 24 hours.
TIME_TO_UNDO = timedelta(hours=24)
UNDOABLE = (Reason.OFFICER, Reason.REFUSED, Reason.UNANSWERED)
PERSON = {
    "chinese_name": "",
    "family_name": "",
    "given_names": "",
    "role": "",
    "email": "",
    "gender": "",
    "diet": "",
    "access_needs": "",
    "may_be_listed": False,
}
NAMES = ("chinese_name", "family_name", "given_names")

# A delegation, people of one delegation, or one place at a workshop.
type What = Delegation | Delegate | list[Delegate] | WorkshopPlace


@dataclass(frozen=True)
class Submission:
    """What became of a form that was sent: `is_repeat` where it had been sent before.

    `asked` are the delegates and workshop places that asked, as they stand now.
    """

    delegation: Delegation
    is_repeat: bool = False
    asked: list[Row] = field(default_factory=list)


def submit(
    delegation: Delegation,
    *,
    actor=None,
    token: UUID | None = None,
    now: datetime | None = None,
) -> Submission:
    """Ask for the places of all delegates and workshops that have not asked yet.

    Each gets a place where one is free and the delegation's rule fits, else waits in line; over
    the institution's quota it waits with that reason. For a submitted delegation this adds people
    and workshops. `token` is the `submission_token` the form was made with: spent, or with nothing
    new to ask for, the form was sent before and nothing happens.

    Raises NotPossible where the meeting takes no registrations or a person has no name and is not
    to be named; Busy.
    """

    def work(book: Book) -> Submission:
        found = book.open_delegation(delegation.pk)
        if token is not None and token != found.submission_token:
            return Submission(found, is_repeat=True)
        check_open(book)
        check_names(book.delegates_of(found))
        asked = ask_for_new(book, found)
        if not asked:
            return Submission(found, is_repeat=True)
        found.state, found.withdrawn_at = Delegation.State.SUBMITTED, None
        found.submitted_at = found.submitted_at or book.now
        found.submission_token = uuid4()
        found.confirmation_due_at = found.confirmation_due_at or book.now
        book.resave(found)
        return Submission(found, asked=asked)

    return operate(delegation.meeting_id, work, actor=actor, now=now)


def check_open(book: Book) -> None:
    if not book.meeting.takes_registrations:
        raise NotPossible(_("This meeting takes no registrations."))


def check_names(delegates: Iterable[Delegate]) -> None:
    for delegate in delegates:
        if delegate.place == PlaceState.NOT_ASKED and not (delegate.to_be_named or delegate.name):
            raise NotPossible(_("Give each person a name, or mark the place to be named."))


def set_rule(delegation: Delegation, rule: str, *, actor=None, now: datetime | None = None) -> None:
    """Change the rule for the waiting list; who waits keeps the place in line.

    Places given stay given. Raises Busy.
    """

    def work(book: Book) -> None:
        found = book.open_delegation(delegation.pk)
        if found.rule != rule:
            found.rule = rule
            book.resave(found)
            book.note(Kind.RULE, **of_delegation(found))

    operate(delegation.meeting_id, work, actor=actor, now=now)


def of_delegation(delegation: Delegation) -> dict[str, int]:
    return {"delegation_id": delegation.pk, "institution_id": delegation.institution_id}


def choose_workshops(
    delegate: Delegate,
    workshops: Iterable[Workshop],
    *,
    actor=None,
    now: datetime | None = None,
) -> None:
    """Make these the workshops of a delegate: leave the others, ask for what is new.

    In a draft it only notes the wishes; else a new workshop is asked for at the end of its line, as
    is one left before. One that an officer declined stays declined. Raises NotPossible where the
    delegate has no active place; Busy.
    """
    chosen = {workshop.pk for workshop in workshops}

    def work(book: Book) -> None:
        found = open_delegate(book, delegate)
        if found.place and not found.is_active:
            raise NotPossible(_("This person has no place at the meeting."))
        if not chosen <= book.workshops.keys():
            raise NotPossible(_("This workshop belongs to another meeting."))
        places = {place.workshop_id: place for place in book.places_of(found)}
        for place in places.values():
            if place.workshop_id not in chosen:
                leave(book, place)
        wishes = [wish_for(book, found, pk, places.get(pk)) for pk in sorted(chosen)]
        new = [wish for wish in wishes if wish]
        if found.is_active and new:
            number = book.next_number()
            for wish in new:
                book.ask(wish, number)
            book.asking.add(found.delegation_id)
            delegation = found.delegation
            delegation.confirmation_due_at = delegation.confirmation_due_at or book.now
            book.resave(delegation)

    operate(meeting_of(delegate), work, actor=actor, now=now)


def leave(book: Book, place: WorkshopPlace) -> None:
    if place.is_active:
        book.end(place, Kind.WITHDRAWN, PlaceState.WITHDRAWN, Reason.OWN_WISH)
    elif place.place == PlaceState.NOT_ASKED:
        del book.places[place.pk]
        place.delete()


def wish_for(
    book: Book, delegate: Delegate, workshop_id: int, place: WorkshopPlace | None
) -> WorkshopPlace | None:
    """Give a new wish, or one to be asked for anew; None where it is asked for already."""
    if place is None:
        place = WorkshopPlace.objects.create(delegate=delegate, workshop_id=workshop_id)
        place.delegate = delegate
        book.places[place.pk] = place
        return place
    return None if place.is_active or place.reason == Reason.OFFICER else place


def withdraw(what: What, *, actor=None, now: datetime | None = None) -> None:
    """Give up the places of a delegation, of a person, or one place at a workshop.

    Possible at any time. With the place at the meeting go the person's workshops; each freed place
    goes to the first in line whose rule fits, until the waiting list ends. Twice is once. Raises
    Busy.
    """

    def work(book: Book) -> None:
        for row in rows_of(book, what):
            if row.is_active:
                book.end(row, Kind.WITHDRAWN, PlaceState.WITHDRAWN, Reason.OWN_WISH)
        if isinstance(what, Delegation):
            found = book.delegations[what.pk]
            if found.state == Delegation.State.SUBMITTED:
                found.state, found.withdrawn_at = Delegation.State.WITHDRAWN, book.now
                book.resave(found)

    operate(meeting_of(what), work, actor=actor, now=now)


def name(delegate: Delegate, person: dict, *, actor=None, now: datetime | None = None) -> None:
    """Name the person of a place kept to be named; place and workshops stay.

    `person` holds the fields of `PERSON` that are known. Raises NotPossible where the place was
    given up or has a name, or no name is given; Busy.
    """
    operate(
        meeting_of(delegate), partial(rename, delegate, person, Kind.NAMED), actor=actor, now=now
    )


def swap(delegate: Delegate, person: dict, *, actor=None, now: datetime | None = None) -> None:
    """Put another person in the place of this one; place, line and workshops stay.

    Nothing known of the former person is kept. Raises as `name` does.
    """
    operate(
        meeting_of(delegate), partial(rename, delegate, person, Kind.SWAPPED), actor=actor, now=now
    )


def rename(delegate: Delegate, person: dict, kind: str, book: Book) -> None:
    found = open_delegate(book, delegate)
    if not found.is_active:
        raise NotPossible(_("This person has no place at the meeting."))
    if kind == Kind.NAMED and not found.to_be_named:
        raise NotPossible(_("This place has a name already."))
    if not any(person.get(part) for part in NAMES):
        raise NotPossible(_("Give a name."))
    for part, value in (PERSON | person).items():
        setattr(found, part, value)
    found.to_be_named = False
    found.save(update_fields=[*PERSON, "to_be_named"])
    book.note(kind, found)


def answer_offer(offer: Offer, accept: bool, *, actor=None, now: datetime | None = None) -> None:
    """Accept an offered place, or decline it so that it goes to the next in line.

    The same answer twice is one. Raises NotPossible where the offer was answered otherwise or is
    no longer open, TooLate after its answer-by time; Busy.
    """
    answer = Offer.Answer.ACCEPTED if accept else Offer.Answer.DECLINED

    def work(book: Book) -> None:
        row = open_row(book, offer)
        found = Offer.objects.get(pk=offer.pk)
        if found.answer == answer:
            return
        if not found.is_open:
            raise NotPossible(_("This offer is no longer open."))
        if found.answer_by <= book.now:
            raise TooLate(_("The time to answer this offer is over."))
        if accept:
            book.put(row, Kind.ACCEPTED, PlaceState.CONFIRMED)
            book.asking.add(offer.delegate.delegation_id)
        else:
            book.end(row, Kind.DECLINED, PlaceState.DECLINED, Reason.REFUSED)
        book.ended_offers[offer.delegate_id, offer.workshop_id] = answer

    operate(meeting_of(offer.delegate), work, actor=actor, now=now)


def open_row(book: Book, offer: Offer) -> Row:
    delegate = open_delegate(book, offer.delegate)
    if offer.workshop_id is None:
        return delegate
    places = book.places_of(delegate)
    return next(place for place in places if place.workshop_id == offer.workshop_id)


# ------------------------------------------------------------------ officers


def approve(
    what: Delegation | Delegate | list[Delegate],
    *,
    actor=None,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Approve a delegation or people of it; who waited for that gets a free place at once.

    Raises Busy.
    """

    def work(book: Book) -> None:
        for delegate in rows_of(book, what):
            if delegate.is_active and not delegate.approved_at:
                delegate.approved_at, delegate.decision = book.now, reason
                book.changed.add(delegate)
                book.note(Kind.APPROVED, delegate)
                book.asking.add(delegate.delegation_id)

    operate(meeting_of(what), work, actor=actor, now=now)


def decline(
    what: What,
    *,
    actor=None,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Decline a delegation, people of it or a place at a workshop; `undo` takes it back in a day.

    `reason` is told to the institution; it stays with the person and is not in the log. Raises
    Busy.
    """

    def work(book: Book) -> None:
        for row in rows_of(book, what):
            if row.is_active:
                book.end(row, Kind.DECLINED, PlaceState.DECLINED, Reason.OFFICER)
                delegate_of(row).decision = reason
                book.changed.add(delegate_of(row))

    operate(meeting_of(what), work, actor=actor, now=now)


def undo(what: What, *, actor=None, now: datetime | None = None) -> None:
    """Undo a decline within 24 hours: who was declined is back at the former place in line.

    By an officer, by the institution's answer to an offer, or by its silence: all may be undone. A
    place given to another meanwhile stays given; one that is free goes to the first in line, who
    may be this one again. Raises NotPossible where nothing was declined, TooLate after the 24
    hours; Busy.
    """

    def work(book: Book) -> None:
        declined = [row for row in rows_of(book, what) if row.place == PlaceState.DECLINED]
        declined = [row for row in declined if row.reason in UNDOABLE]
        if not declined:
            raise NotPossible(_("Nothing was declined here."))
        rows = [row for row in declined if book.now - row.declined_at <= TIME_TO_UNDO]
        if not rows:
            raise TooLate(_("A decline can be undone within 24 hours."))
        for row in rows:
            back_in_line(book, row)

    operate(meeting_of(what), work, actor=actor, now=now)


def back_in_line(book: Book, row: Row) -> None:
    if isinstance(row, WorkshopPlace):
        if not row.delegate.is_active:
            raise NotPossible(_("This person has no place at the meeting."))
        book.put(row, Kind.UNDONE, PlaceState.WAITING, Reason.FULL)
        return
    book.put(row, Kind.UNDONE, PlaceState.WAITING, Reason.FULL)
    for place in book.places_of(row):
        if place.place == PlaceState.DECLINED and place.reason == Reason.WITH_MEETING:
            book.put(place, Kind.UNDONE, PlaceState.WAITING, Reason.MEETING)


# ------------------------------------------------------------------ finding rows in the book


def meeting_of(what: What) -> int:
    return delegation_of(what).meeting_id


def delegation_of(what: What) -> Delegation:
    if isinstance(what, list):
        return what[0].delegation
    return what if isinstance(what, Delegation) else delegate_of(what).delegation


def open_delegate(book: Book, delegate: Delegate) -> Delegate:
    book.open_delegation(delegate.delegation_id)
    return book.delegates[delegate.pk]


def rows_of(book: Book, what: What) -> list[Row]:
    """Open the delegation and give the rows meant: its people, some of them, or one workshop."""
    delegation = book.open_delegation(delegation_of(what).pk)
    if isinstance(what, WorkshopPlace):
        return [book.places[what.pk]]
    if isinstance(what, Delegate):
        return [book.delegates[what.pk]]
    if isinstance(what, list):
        return [book.delegates[delegate.pk] for delegate in what]
    return book.delegates_of(delegation)
