"""What each function of `places` gives, and when it refuses."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from meetings import places
from meetings.models import Delegate, Meeting, PlaceEvent, Workshop
from meetings.places.audit import disagreements
from tests import make
from tests.meetings.lines import CONFIRMED, FULL, states, submitted, workshop_states

from .conftest import NOW, TOGETHER

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ submitting


def test_submitting_twice_or_with_an_old_or_foreign_form_is_one_registration():
    delegation = make.Delegation(people=2)
    token = delegation.submission_token
    first = places.submit(delegation, token=token)
    again = places.submit(delegation, token=token)
    assert (bool(first), again) == (True, [])
    assert PlaceEvent.objects.filter(delegation=delegation).count() == 2
    assert Meeting.objects.get(pk=delegation.meeting_id).taken == 2

    delegation = make.Delegation(people=1)
    token = delegation.submission_token
    places.submit(delegation, token=token)
    late = make.Delegate(delegation=delegation)
    assert places.submit(delegation, token=token) == []
    late.refresh_from_db()
    assert late.place == ""

    delegation = make.Delegation(people=1)
    assert places.submit(delegation, token=uuid4()) == []


def test_a_person_without_a_name_is_refused_and_nothing_is_given():
    delegation = make.Delegation(people=1)
    make.Delegate(delegation=delegation, family_name="", given_names="")
    with pytest.raises(places.NotPossible, match="Give each person a name"):
        places.submit(delegation)
    assert states(delegation) == [("", ""), ("", "")]

    delegate = make.Delegate(family_name="", given_names="")
    with pytest.raises(IntegrityError, match="delegate_named_or_to_be_named"):
        Delegate.objects.filter(pk=delegate.pk).update(place="confirmed", line=1)


@pytest.mark.parametrize("fields", [{"capacity": None}, {"cancelled_at": NOW}])
def test_a_meeting_without_registration_refuses(fields):
    delegation = make.Delegation(meeting=make.Meeting(**fields), people=1)

    with pytest.raises(places.NotPossible, match="does not take registrations"):
        places.submit(delegation)


def test_a_withdrawn_delegation_can_come_again_with_new_people():
    delegation = submitted(make.Meeting())
    places.withdraw(delegation, now=NOW)
    delegation.refresh_from_db()
    assert delegation.state == "withdrawn"

    make.Delegate(delegation=delegation, position=1)
    places.submit(delegation, now=NOW)

    assert states(delegation) == [("withdrawn", "own_wish"), CONFIRMED]


# ------------------------------------------------------------------ changing


def test_withdrawing_frees_workshops_and_who_waits_comes_in_order():
    meeting = make.Meeting(capacity=2)
    workshop = make.Workshop(meeting=meeting, capacity=1)
    one = submitted(meeting, workshops=[workshop])
    other = submitted(meeting, workshops=[workshop])
    assert workshop_states(other) == [FULL]
    places.withdraw(one.delegates.get(), now=NOW)
    assert workshop_states(one) == [("withdrawn", "with_meeting")]
    assert workshop_states(other) == [CONFIRMED]

    meeting = make.Meeting(capacity=1)
    workshop = make.Workshop(meeting=meeting, capacity=2)
    holder = submitted(meeting)
    first = submitted(meeting, workshops=[workshop])
    second = submitted(meeting, workshops=[workshop])
    assert workshop_states(first) == workshop_states(second) == [("waiting", "meeting")]
    places.withdraw(holder, now=NOW)
    assert (states(first), workshop_states(first)) == ([CONFIRMED], [CONFIRMED])
    assert workshop_states(second) == [("waiting", "meeting")]


def test_a_group_all_together_fits_once_it_is_smaller():
    meeting = make.Meeting(capacity=3)
    submitted(meeting, people=1)
    group = submitted(meeting, people=3, rule=TOGETHER)
    assert set(states(group)) == {("waiting", "together")}
    places.withdraw(group.delegates.last(), now=NOW)
    assert states(group) == [CONFIRMED, CONFIRMED, ("withdrawn", "own_wish")]


def test_naming_and_swapping_keep_place_and_workshops():
    delegation = make.Delegation()
    delegate = make.Delegate(delegation=delegation, to_be_named=True, family_name="")
    places.submit(delegation)
    places.name(delegate, {"family_name": "Suharto"})
    delegate.refresh_from_db()
    assert (delegate.name, delegate.to_be_named) == ("SUHARTO", False)
    with pytest.raises(places.NotPossible, match="already has a name"):
        places.name(delegate, {"family_name": "Other"})

    meeting = make.Meeting(capacity=1)
    workshop = make.Workshop(meeting=meeting)
    delegation = submitted(meeting, workshops=[workshop])
    delegate = delegation.delegates.get()
    Delegate.objects.update(email="former@example.org", may_be_listed=True)
    Delegate.objects.update(diet="no nuts", consented_to=["diet"])
    places.swap(delegate, {"family_name": "Zhang", "given_names": "Wei"}, now=NOW)
    delegate.refresh_from_db()
    assert (delegate.name, delegate.place) == ("Wei ZHANG", "confirmed")
    assert (delegate.email, delegate.diet, delegate.may_be_listed) == ("", "", False)
    assert workshop_states(delegation) == [CONFIRMED]


def test_other_workshops_are_asked_for_at_the_end_of_their_line():
    meeting = make.Meeting()
    left, chosen = make.Workshop(meeting=meeting), make.Workshop(meeting=meeting, capacity=1)
    delegation = submitted(meeting, workshops=[left])
    holder = submitted(meeting, workshops=[chosen])
    before = submitted(meeting, workshops=[chosen])

    places.choose_workshops(delegation.delegates.get(), [chosen], now=NOW)
    assert workshop_states(delegation) == [("withdrawn", "own_wish"), FULL]

    places.withdraw(holder, now=NOW)
    assert (workshop_states(before), workshop_states(delegation)[1]) == ([CONFIRMED], FULL)
    assert disagreements(meeting) == []


def test_nobody_takes_a_place_that_was_given_up_or_a_workshop_of_another_meeting():
    workshop = make.Workshop()
    delegate = make.Delegate(delegation__meeting=workshop.meeting)
    places.choose_workshops(delegate, [workshop])
    assert [place.place for place in delegate.workshop_places.all()] == [""]
    places.choose_workshops(delegate, [])
    assert not delegate.workshop_places.exists()

    delegation = submitted(make.Meeting())
    with pytest.raises(places.NotPossible, match="another meeting"):
        places.choose_workshops(delegation.delegates.get(), [make.Workshop()])

    places.withdraw(delegation)
    with pytest.raises(places.NotPossible, match="has no place"):
        places.swap(delegation.delegates.get(), {"family_name": "Zhang"})


# ------------------------------------------------------------------ capacity and quota


def test_more_places_go_to_the_line_and_none_given_is_taken_away():
    meeting = make.Meeting(capacity=1)
    waiting = [submitted(meeting) for _ in range(3)][1:]
    places.set_capacity(meeting, 2, now=NOW)
    assert [states(d) for d in waiting] == [[CONFIRMED], [FULL]]

    meeting = make.Meeting(capacity=3)
    workshop = make.Workshop(meeting=meeting, capacity=3)
    submitted(meeting, people=2, workshops=[workshop])
    for holder in (meeting, workshop):
        places.set_capacity(holder, 2, now=NOW)
        with pytest.raises(places.BelowTaken, match="2 places are taken"):
            places.set_capacity(holder, 1, now=NOW)
        holder.refresh_from_db()
        assert holder.capacity == 2

    meeting = make.Meeting(capacity=1)
    workshop = make.Workshop(capacity=1)
    for model, row in ((Meeting, meeting), (Workshop, workshop)):
        with pytest.raises(IntegrityError, match="never_over_capacity"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(taken=2)


def test_a_quota_below_what_an_institution_holds_is_refused_by_name():
    meeting = make.Meeting(quota=3)
    delegation = submitted(meeting, people=3)

    with pytest.raises(places.BelowTaken, match=str(delegation.institution)):
        places.set_quota(meeting, 2, now=NOW)
    places.set_quota(meeting, 3, institution=delegation.institution, now=NOW)
    places.set_quota(meeting, 2, now=NOW)

    meeting.refresh_from_db()
    assert meeting.quota == 2
    with pytest.raises(places.BelowTaken):
        places.set_quota(meeting, None, institution=delegation.institution, now=NOW)
