"""Offers of places, the end of the waiting list, and names that are missing."""

import pytest

from meetings import places
from meetings.models import Meeting, Offer
from meetings.places.audit import disagreements
from meetings.places.due import tend_meetings
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.lines import (
    CONFIRMED,
    DAY,
    FULL,
    HOUR,
    OFFERED,
    states,
    submitted,
    workshop_states,
)

from .conftest import NOW

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ offers


@pytest.fixture
def offering():
    """A meeting with one place, which somebody has, that offers freed places for two days."""
    return make.Meeting(capacity=1, giving=Meeting.Giving.OFFERS, answer_hours=48)


def test_a_freed_place_is_offered_and_accepting_confirms_it_with_its_workshop(offering):
    workshop = make.Workshop(meeting=offering)
    holder = submitted(offering)
    assert states(holder) == [CONFIRMED]
    waiting = submitted(offering, workshops=[workshop])

    places.withdraw(holder, now=NOW)
    assert (states(waiting), workshop_states(waiting)) == ([OFFERED], [("waiting", "meeting")])
    offer = Offer.objects.get()
    assert offer.answer_by == NOW + 2 * DAY

    places.answer_offer(offer, True, now=NOW + DAY)
    places.answer_offer(offer, True, now=NOW + DAY)
    assert (states(waiting), workshop_states(waiting)) == ([CONFIRMED], [CONFIRMED])
    assert disagreements(offering) == []


def test_an_offer_is_reminded_of_once(offering):
    holder, waiting = submitted(offering), submitted(offering)
    make.Affiliation(institution=waiting.institution)
    places.withdraw(holder, now=NOW)

    for hours in (20, 30, 31, 47):
        places.tend(offering, now=NOW + hours * HOUR)

    assert Offer.objects.get().reminded_at == NOW + 30 * HOUR
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place-offered", "place-offer-ends"]


def test_an_offer_declined_goes_to_the_next_and_cannot_be_accepted_any_more(offering):
    holder, first, second = (submitted(offering) for _ in range(3))
    places.withdraw(holder, now=NOW)
    offer = Offer.objects.get()

    places.answer_offer(offer, False, now=NOW + HOUR)

    assert (states(first), states(second)) == ([("declined", "refused")], [OFFERED])
    with pytest.raises(places.NotPossible, match="no longer open"):
        places.answer_offer(offer, True, now=NOW + HOUR)


def test_an_unanswered_offer_passes_on_once(offering):
    holder, first, second = (submitted(offering) for _ in range(3))
    make.Affiliation(institution=first.institution)
    places.withdraw(holder, now=NOW)
    offer = Offer.objects.get()

    places.tend(offering, now=NOW + 2 * DAY - HOUR)
    assert states(first) == [OFFERED]
    with pytest.raises(places.TooLate):
        places.answer_offer(offer, True, now=NOW + 2 * DAY)
    places.tend(offering, now=NOW + 2 * DAY)
    places.tend(offering, now=NOW + 2 * DAY)

    assert (states(first), states(second)) == ([("declined", "unanswered")], [OFFERED])
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place-offered", "place-offer-ends", "place-lapsed"]
    assert disagreements(offering) == []


def test_withdrawing_voids_an_open_offer(offering):
    holder, first = submitted(offering), submitted(offering)
    places.withdraw(holder, now=NOW)

    places.withdraw(first, now=NOW)

    assert Offer.objects.get().answer == "void"
    assert disagreements(offering) == []


# ------------------------------------------------------------------ the end of the waiting list


def test_after_the_waiting_list_ends_nobody_is_moved_up_and_withdrawing_stays_possible():
    meeting = make.Meeting(capacity=1, waiting_list_ends_at=NOW + DAY)
    holder, waiting = submitted(meeting), submitted(meeting)

    places.withdraw(holder, now=NOW + DAY)
    late = make.Delegation(meeting=meeting, people=1)
    places.submit(late, now=NOW + DAY)

    assert (states(holder), states(waiting)) == ([("withdrawn", "own_wish")], [FULL])
    assert states(late) == [("waiting", "closed")]


def test_a_waiting_list_that_goes_on_longer_moves_on():
    meeting = make.Meeting(capacity=1, waiting_list_ends_at=NOW + DAY)
    holder, waiting = submitted(meeting), submitted(meeting)
    places.withdraw(holder, now=NOW + DAY)
    Meeting.objects.update(waiting_list_ends_at=NOW + 3 * DAY)

    places.tend(meeting, now=NOW + 2 * DAY)

    assert states(waiting) == [CONFIRMED]


# ------------------------------------------------------------------ names that are missing


def test_names_are_reminded_of_once_and_then_released_to_the_next():
    meeting = make.Meeting(capacity=2, name_by_on=(NOW + 5 * DAY).date())
    delegation = make.Delegation(meeting=meeting)
    make.Affiliation(institution=delegation.institution)
    make.Delegate(delegation=delegation, position=1)
    make.Delegate(delegation=delegation, position=2, to_be_named=True, family_name="")
    places.submit(delegation, now=NOW)
    waiting = submitted(meeting)

    for moment in (NOW, NOW + DAY, NOW + 5 * DAY):
        places.tend(meeting, now=moment)
        assert states(delegation) == [CONFIRMED, CONFIRMED]
    for _ in range(2):
        places.tend(meeting, now=NOW + 6 * DAY)

    assert states(delegation) == [CONFIRMED, ("withdrawn", "unnamed")]
    assert states(waiting) == [CONFIRMED]
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place-names-missing", "place-released"]


def test_run_due_tends_the_meetings_at_which_something_is_due():
    long_ago = make.Meeting(capacity=1, giving=Meeting.Giving.OFFERS)
    holder, first, second = (submitted(long_ago) for _ in range(3))
    places.withdraw(holder, now=NOW - 1000 * DAY)
    assert states(first) == [OFFERED]

    tend_meetings()
    tend_meetings()

    assert states(first) == [("declined", "unanswered")]
    assert states(second) == [OFFERED]
