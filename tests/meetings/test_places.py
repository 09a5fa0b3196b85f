"""What each function of `places` gives, and when it refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from meetings import places
from meetings.mails import confirm_registrations
from meetings.models import (
    Delegate,
    Delegation,
    Meeting,
    Offer,
    PlaceEvent,
    Workshop,
    WorkshopPlace,
)
from meetings.places.due import tend_meetings
from meetings.places.log import disagreements
from sscnet.outbox.models import Message
from tests.factories import (
    AffiliationFactory,
    DelegateFactory,
    DelegationFactory,
    MeetingFactory,
    UserFactory,
    WorkshopFactory,
)

from .conftest import NOW, TOGETHER

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def submitted(meeting, people=1, workshops=(), **fields):
    delegation = DelegationFactory(
        meeting=meeting, people=people, people__workshops=workshops, **fields
    )
    places.submit(delegation, now=NOW)
    return delegation


def states(delegation):
    rows = Delegate.objects.filter(delegation=delegation)
    return [(row.place, row.reason) for row in rows]


def workshop_states(delegation):
    rows = WorkshopPlace.objects.filter(delegate__delegation=delegation).order_by("pk")
    return [(row.place, row.reason) for row in rows]


CONFIRMED, OFFERED, FULL = ("confirmed", ""), ("offered", ""), ("waiting", "full")


# ------------------------------------------------------------------ submitting


def test_submitting_twice_gives_one_registration():
    delegation = DelegationFactory(people=2)
    token = delegation.submission_token

    first = places.submit(delegation, token=token)
    again = places.submit(delegation, token=token)

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert PlaceEvent.objects.filter(delegation=delegation).count() == 2
    assert Meeting.objects.get(pk=delegation.meeting_id).taken == 2


def test_an_old_form_adds_nobody_to_what_was_sent():
    delegation = DelegationFactory(people=1)
    token = delegation.submission_token
    places.submit(delegation, token=token)
    late = DelegateFactory(delegation=delegation)

    assert places.submit(delegation, token=token).is_repeat

    late.refresh_from_db()
    assert late.place == ""


def test_a_foreign_token_is_a_form_sent_before():
    delegation = DelegationFactory(people=1)

    assert places.submit(delegation, token=uuid4()).is_repeat


def test_a_person_without_a_name_is_refused_and_nothing_is_given():
    delegation = DelegationFactory(people=1)
    DelegateFactory(delegation=delegation, family_name="", given_names="")

    with pytest.raises(places.NotPossible, match="Give each person a name"):
        places.submit(delegation)

    assert states(delegation) == [("", ""), ("", "")]


def test_the_database_refuses_a_place_for_nobody():
    delegate = DelegateFactory(family_name="", given_names="")

    with pytest.raises(IntegrityError, match="delegate_named_or_to_be_named"):
        Delegate.objects.filter(pk=delegate.pk).update(place="confirmed", line=1)


@pytest.mark.parametrize("fields", [{"capacity": None}, {"cancelled_at": NOW}])
def test_a_meeting_without_registration_refuses(fields):
    delegation = DelegationFactory(meeting=MeetingFactory(**fields), people=1)

    with pytest.raises(places.NotPossible, match="takes no registrations"):
        places.submit(delegation)


def test_who_waits_for_the_meeting_waits_in_the_workshop_in_order_of_submission():
    meeting = MeetingFactory(capacity=1)
    workshop = WorkshopFactory(meeting=meeting, capacity=2)
    holder = submitted(meeting)
    first = submitted(meeting, workshops=[workshop])
    second = submitted(meeting, workshops=[workshop])
    assert workshop_states(first) == workshop_states(second) == [("waiting", "meeting")]

    places.withdraw(holder, now=NOW)

    assert (states(first), workshop_states(first)) == ([CONFIRMED], [CONFIRMED])
    assert workshop_states(second) == [("waiting", "meeting")]


def test_a_withdrawn_delegation_can_come_again_with_new_people():
    delegation = submitted(MeetingFactory())
    places.withdraw(delegation, now=NOW)
    delegation.refresh_from_db()
    assert delegation.state == "withdrawn"

    DelegateFactory(delegation=delegation, position=1)
    places.submit(delegation, now=NOW)

    assert states(delegation) == [("withdrawn", "own_wish"), CONFIRMED]


# ------------------------------------------------------------------ changing


def test_withdrawing_a_person_frees_workshops_too():
    meeting = MeetingFactory(capacity=2)
    workshop = WorkshopFactory(meeting=meeting, capacity=1)
    one = submitted(meeting, workshops=[workshop])
    other = submitted(meeting, workshops=[workshop])
    assert workshop_states(other) == [FULL]

    places.withdraw(one.delegates.get(), now=NOW)

    assert workshop_states(one) == [("withdrawn", "with_meeting")]
    assert workshop_states(other) == [CONFIRMED]


def test_a_smaller_group_that_waits_all_together_fits():
    meeting = MeetingFactory(capacity=3)
    submitted(meeting, people=1)
    group = submitted(meeting, people=3, rule=TOGETHER)
    assert set(states(group)) == {("waiting", "together")}

    places.withdraw(group.delegates.last(), now=NOW)

    assert states(group) == [CONFIRMED, CONFIRMED, ("withdrawn", "own_wish")]


def test_another_rule_takes_what_there_is():
    meeting = MeetingFactory(capacity=2)
    group = submitted(meeting, people=3, rule=TOGETHER)

    places.set_rule(group, Delegation.Rule.AS_MANY_AS_FIT, now=NOW)

    assert states(group) == [CONFIRMED, CONFIRMED, ("waiting", "together")]
    assert disagreements(meeting) == []


def test_swapping_keeps_place_and_workshops_and_nothing_of_the_former_person():
    meeting = MeetingFactory(capacity=1)
    workshop = WorkshopFactory(meeting=meeting)
    delegation = submitted(meeting, workshops=[workshop])
    delegate = delegation.delegates.get()
    Delegate.objects.update(email="former@example.org", diet="no nuts", may_be_listed=True)

    places.swap(delegate, {"family_name": "Zhang", "given_names": "Wei"}, now=NOW)

    delegate.refresh_from_db()
    assert (delegate.name, delegate.place) == ("Wei Zhang", "confirmed")
    assert (delegate.email, delegate.diet, delegate.may_be_listed) == ("", "", False)
    assert workshop_states(delegation) == [CONFIRMED]


def test_naming_a_place_to_be_named():
    delegation = DelegationFactory()
    delegate = DelegateFactory(delegation=delegation, to_be_named=True, family_name="")
    places.submit(delegation)

    places.name(delegate, {"family_name": "Suharto"})

    delegate.refresh_from_db()
    assert (delegate.name, delegate.to_be_named) == ("Suharto", False)
    with pytest.raises(places.NotPossible, match="has a name already"):
        places.name(delegate, {"family_name": "Other"})


def test_nobody_is_swapped_into_a_place_that_was_given_up():
    delegation = submitted(MeetingFactory())
    places.withdraw(delegation)

    with pytest.raises(places.NotPossible, match="has no place"):
        places.swap(delegation.delegates.get(), {"family_name": "Zhang"})


def test_other_workshops_are_asked_for_at_the_end_of_their_line():
    meeting = MeetingFactory()
    left, chosen = WorkshopFactory(meeting=meeting), WorkshopFactory(meeting=meeting, capacity=1)
    delegation = submitted(meeting, workshops=[left])
    holder = submitted(meeting, workshops=[chosen])
    before = submitted(meeting, workshops=[chosen])

    places.choose_workshops(delegation.delegates.get(), [chosen], now=NOW)
    assert workshop_states(delegation) == [("withdrawn", "own_wish"), FULL]

    places.withdraw(holder, now=NOW)
    assert (workshop_states(before), workshop_states(delegation)[1]) == ([CONFIRMED], FULL)
    assert disagreements(meeting) == []


def test_a_draft_only_notes_its_workshops():
    workshop = WorkshopFactory()
    delegate = DelegateFactory(delegation__meeting=workshop.meeting)

    places.choose_workshops(delegate, [workshop])
    assert [place.place for place in delegate.workshop_places.all()] == [""]
    places.choose_workshops(delegate, [])
    assert not delegate.workshop_places.exists()


def test_a_workshop_of_another_meeting_is_refused():
    delegation = submitted(MeetingFactory())

    with pytest.raises(places.NotPossible, match="another meeting"):
        places.choose_workshops(delegation.delegates.get(), [WorkshopFactory()])


# ------------------------------------------------------------------ capacity and quota


def test_more_places_go_to_the_line():
    meeting = MeetingFactory(capacity=1)
    waiting = [submitted(meeting) for _ in range(3)][1:]

    places.set_capacity(meeting, 2, now=NOW)

    assert [states(d) for d in waiting] == [[CONFIRMED], [FULL]]


def test_no_given_place_is_taken_away_by_a_smaller_number():
    meeting = MeetingFactory(capacity=3)
    workshop = WorkshopFactory(meeting=meeting, capacity=3)
    submitted(meeting, people=2, workshops=[workshop])

    for holder in (meeting, workshop):
        places.set_capacity(holder, 2, now=NOW)
        with pytest.raises(places.BelowTaken, match="2 places are taken"):
            places.set_capacity(holder, 1, now=NOW)
        holder.refresh_from_db()
        assert holder.capacity == 2


def test_the_database_itself_refuses_more_than_the_capacity():
    meeting = MeetingFactory(capacity=1)
    workshop = WorkshopFactory(capacity=1)

    for model, row in ((Meeting, meeting), (Workshop, workshop)):
        with pytest.raises(IntegrityError, match="never_over_capacity"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(taken=2)


def test_a_quota_below_what_an_institution_holds_is_refused_by_name():
    meeting = MeetingFactory(quota=3)
    delegation = submitted(meeting, people=3)

    with pytest.raises(places.BelowTaken, match=str(delegation.institution)):
        places.set_quota(meeting, 2, now=NOW)
    places.set_quota(meeting, 3, institution=delegation.institution, now=NOW)
    places.set_quota(meeting, 2, now=NOW)

    meeting.refresh_from_db()
    assert meeting.quota == 2
    with pytest.raises(places.BelowTaken):
        places.set_quota(meeting, None, institution=delegation.institution, now=NOW)


# ------------------------------------------------------------------ offers


@pytest.fixture
def offering():
    """A meeting with one place, which somebody has, that offers freed places for two days."""
    return MeetingFactory(capacity=1, giving=Meeting.Giving.OFFERS, answer_hours=48)


def test_a_freed_place_is_offered_and_accepting_confirms_it_with_its_workshop(offering):
    workshop = WorkshopFactory(meeting=offering)
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
    AffiliationFactory(institution=first.institution)
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
    meeting = MeetingFactory(capacity=1, waiting_list_ends_at=NOW + DAY)
    holder, waiting = submitted(meeting), submitted(meeting)

    places.withdraw(holder, now=NOW + DAY)
    late = DelegationFactory(meeting=meeting, people=1)
    places.submit(late, now=NOW + DAY)

    assert (states(holder), states(waiting)) == ([("withdrawn", "own_wish")], [FULL])
    assert states(late) == [("waiting", "closed")]


def test_a_waiting_list_that_goes_on_longer_moves_on():
    meeting = MeetingFactory(capacity=1, waiting_list_ends_at=NOW + DAY)
    holder, waiting = submitted(meeting), submitted(meeting)
    places.withdraw(holder, now=NOW + DAY)
    Meeting.objects.update(waiting_list_ends_at=NOW + 3 * DAY)

    places.offer_next(meeting, now=NOW + 2 * DAY)

    assert states(waiting) == [CONFIRMED]


# ------------------------------------------------------------------ names that are missing


def test_names_are_reminded_of_once_and_then_released_to_the_next():
    meeting = MeetingFactory(capacity=2, name_by_on=(NOW + 5 * DAY).date())
    delegation = DelegationFactory(meeting=meeting)
    AffiliationFactory(institution=delegation.institution)
    DelegateFactory(delegation=delegation, position=1)
    DelegateFactory(delegation=delegation, position=2, to_be_named=True, family_name="")
    places.submit(delegation, now=NOW)
    waiting = submitted(meeting)

    for moment in (NOW, NOW + DAY, NOW + 5 * DAY):
        places.tend(meeting, now=moment)
        assert states(delegation) == [CONFIRMED, CONFIRMED]
    for _ in range(2):
        places.release_unnamed(meeting, now=NOW + 6 * DAY)

    assert states(delegation) == [CONFIRMED, ("withdrawn", "unnamed")]
    assert states(waiting) == [CONFIRMED]
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place-names-missing", "place-released"]


def test_run_due_tends_the_meetings_at_which_something_is_due():
    long_ago = MeetingFactory(capacity=1, giving=Meeting.Giving.OFFERS)
    holder, first, second = (submitted(long_ago) for _ in range(3))
    places.withdraw(holder, now=NOW - 1000 * DAY)
    assert states(first) == [OFFERED]

    tend_meetings()
    tend_meetings()

    assert states(first) == [("declined", "unanswered")]
    assert states(second) == [OFFERED]


# ------------------------------------------------------------------ officers


def test_an_officer_approves_and_the_place_is_given_at_once():
    meeting = MeetingFactory(approval=Meeting.Approval.OFFICER, giving=Meeting.Giving.OFFERS)
    workshop = WorkshopFactory(meeting=meeting)
    delegation = submitted(meeting, people=2, workshops=[workshop])
    assert states(delegation) == [("waiting", "approval")] * 2
    officer = UserFactory()

    places.approve(delegation.delegates.first(), actor=officer, reason="Speaks", now=NOW)

    assert states(delegation) == [CONFIRMED, ("waiting", "approval")]
    assert workshop_states(delegation) == [CONFIRMED, ("waiting", "meeting")]
    event = PlaceEvent.objects.get(kind="approved")
    assert (event.actor, delegation.delegates.first().decision) == (officer, "Speaks")


def test_all_together_waits_until_all_are_approved():
    meeting = MeetingFactory(approval=Meeting.Approval.OFFICER)
    delegation = submitted(meeting, people=2, rule=TOGETHER)

    places.approve(delegation.delegates.first(), now=NOW)
    assert states(delegation) == [("waiting", "approval")] * 2
    places.approve(delegation, now=NOW)

    assert states(delegation) == [CONFIRMED] * 2


def test_a_decline_is_undone_within_a_day_and_the_former_place_in_line_holds():
    meeting = MeetingFactory(capacity=1)
    workshop = WorkshopFactory(meeting=meeting)
    holder, declined, behind = (submitted(meeting, workshops=[workshop]) for _ in range(3))
    AffiliationFactory(institution=declined.institution)
    places.decline(declined, reason="Not a member", now=NOW)
    assert states(declined) == [("declined", "officer")]

    places.undo(declined, now=NOW + DAY)
    places.withdraw(holder, now=NOW + DAY)

    assert (states(declined), workshop_states(declined)) == ([CONFIRMED], [CONFIRMED])
    assert states(behind) == [FULL]
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["place-declined", "place-decline-undone", "place-moved-up"]
    assert "Not a member" in Message.objects.order_by("pk")[0].text
    assert disagreements(meeting) == []


def test_a_place_given_to_another_meanwhile_stays_given():
    meeting = MeetingFactory(capacity=1)
    declined, lucky = submitted(meeting), submitted(meeting)
    places.decline(declined, now=NOW)

    places.undo(declined, now=NOW + HOUR)

    assert (states(declined), states(lucky)) == ([FULL], [CONFIRMED])
    assert [s.position for s in places.standings(declined)] == [1]


def test_after_a_day_a_decline_stands():
    declined = submitted(MeetingFactory())
    places.decline(declined, now=NOW)

    with pytest.raises(places.TooLate, match="24 hours"):
        places.undo(declined, now=NOW + DAY + timedelta(seconds=1))
    with pytest.raises(places.NotPossible, match="Nothing was declined"):
        places.undo(submitted(MeetingFactory()), now=NOW)


# ------------------------------------------------------------------ mail


def test_one_mail_a_change_to_each_who_acts_and_one_to_a_delegate_for_the_own_place():
    delegation = DelegationFactory(people=2)
    for role in ("focal_point", "deputy", "viewer"):
        AffiliationFactory(
            institution=delegation.institution, role=role, user__email=f"{role}@example.org"
        )
    own = DelegateFactory(delegation=delegation, family_name="Own", email="own@example.org")

    places.submit(delegation)
    confirm_registrations()
    confirm_registrations()

    sent = {(m.to, m.kind) for m in Message.objects.all()}
    assert sent == {
        ("focal_point@example.org", "place-registered"),
        ("deputy@example.org", "place-registered"),
        ("own@example.org", "place-yours"),
    }
    mail = Message.objects.get(to="own@example.org").text
    assert own.name in mail
    assert delegation.delegates.first().name not in mail
    to_focal_point = Message.objects.get(to="focal_point@example.org")
    assert delegation.reference in to_focal_point.text
    assert all(person.name in to_focal_point.text for person in delegation.delegates.all())


# ------------------------------------------------------------------ the log


def test_the_log_is_only_added_to():
    submitted(MeetingFactory())

    for write in (
        lambda: PlaceEvent.objects.update(reason="full"),
        lambda: PlaceEvent.objects.all().delete(),
        lambda: PlaceEvent.objects.remove_sample() or PlaceEvent.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
            write()
    assert PlaceEvent.objects.count() == 1


def test_a_sample_meeting_takes_its_log_with_it_and_no_other():
    submitted(MeetingFactory(is_sample=True))
    real = submitted(MeetingFactory())

    PlaceEvent.objects.remove_sample()

    assert [event.delegation for event in PlaceEvent.objects.all()] == [real]


def test_a_real_meeting_cannot_be_called_a_sample_afterwards():
    meeting = MeetingFactory()

    with pytest.raises(ProgrammingError, match="Cannot update rows"):
        Meeting.objects.filter(pk=meeting.pk).update(is_sample=True)


def test_the_log_says_no_names():
    delegation = submitted(MeetingFactory())
    event = PlaceEvent.objects.values().get(delegation=delegation)

    assert delegation.delegates.get().family_name not in str(event)


def test_check_places_finds_what_was_written_past_the_log(capsys):
    meeting = MeetingFactory()
    delegation = submitted(meeting)
    call_command("check_places")
    assert "log and tables agree" in capsys.readouterr().out

    Delegate.objects.filter(delegation=delegation).update(place="withdrawn")

    with pytest.raises(CommandError, match=rf"{meeting.slug}: delegate"):
        call_command("check_places")


def test_check_places_finds_a_counter_that_is_wrong():
    meeting = MeetingFactory()
    submitted(meeting)
    Meeting.objects.update(taken=0)

    with pytest.raises(CommandError, match="log 1 taken, counter 0"):
        call_command("check_places")
