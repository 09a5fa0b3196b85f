"""What officers decide on places, the mails that tell of it, and the log."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction

from meetings import places
from meetings.models import Delegate, Meeting, PlaceEvent
from meetings.places.audit import disagreements
from meetings.places.mails import confirm_registrations
from secretariat.setup.sample.meeting import remove_delegations
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.lines import CONFIRMED, DAY, FULL, HOUR, states, submitted, workshop_states

from .conftest import NOW, TOGETHER

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ officers


def test_an_officer_approves_one_or_all_who_go_together():
    meeting = make.Meeting(approval=Meeting.Approval.OFFICER, giving=Meeting.Giving.OFFERS)
    workshop = make.Workshop(meeting=meeting)
    delegation = submitted(meeting, people=2, workshops=[workshop])
    assert states(delegation) == [("waiting", "approval")] * 2
    officer = make.User()
    places.approve(delegation.delegates.first(), actor=officer, reason="Speaks", now=NOW)
    assert states(delegation) == [CONFIRMED, ("waiting", "approval")]
    assert workshop_states(delegation) == [CONFIRMED, ("waiting", "meeting")]
    event = PlaceEvent.objects.get(kind="approved")
    assert (event.actor, delegation.delegates.first().decision) == (officer, "Speaks")

    meeting = make.Meeting(approval=Meeting.Approval.OFFICER)
    delegation = submitted(meeting, people=2, rule=TOGETHER)
    places.approve(delegation.delegates.first(), now=NOW)
    assert states(delegation) == [("waiting", "approval")] * 2
    places.approve(delegation, now=NOW)
    assert states(delegation) == [CONFIRMED] * 2


def test_a_decline_is_undone_within_a_day_and_the_former_place_in_line_holds():
    meeting = make.Meeting(capacity=1)
    workshop = make.Workshop(meeting=meeting)
    holder, declined, behind = (submitted(meeting, workshops=[workshop]) for _ in range(3))
    make.Affiliation(institution=declined.institution)
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


def test_after_a_day_or_for_a_place_given_meanwhile_a_decline_stands():
    meeting = make.Meeting(capacity=1)
    declined, lucky = submitted(meeting), submitted(meeting)
    places.decline(declined, now=NOW)
    places.undo(declined, now=NOW + HOUR)
    assert (states(declined), states(lucky)) == ([FULL], [CONFIRMED])
    assert [s.position for s in places.statuses(declined)] == [1]

    declined = submitted(make.Meeting())
    places.decline(declined, now=NOW)
    with pytest.raises(places.TooLate, match="24 hours"):
        places.undo(declined, now=NOW + DAY + timedelta(seconds=1))
    with pytest.raises(places.NotPossible, match="Nothing was declined"):
        places.undo(submitted(make.Meeting()), now=NOW)


# ------------------------------------------------------------------ mail


def test_one_mail_a_change_to_each_who_acts_and_one_to_a_delegate_for_the_own_place():
    delegation = make.Delegation(people=2)
    for role in ("focal_point", "deputy", "viewer"):
        make.Affiliation(
            institution=delegation.institution, role=role, user__email=f"{role}@example.org"
        )
    own = make.Delegate(delegation=delegation, family_name="Own", email="own@example.org")

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


def test_the_log_is_only_added_to_and_says_no_names():
    submitted(make.Meeting())
    for write in (
        lambda: PlaceEvent.objects.update(reason="full"),
        lambda: PlaceEvent.objects.all().delete(),
    ):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            transaction.atomic(),
        ):
            write()
    assert PlaceEvent.objects.count() == 1

    delegation = submitted(make.Meeting())
    event = PlaceEvent.objects.values().get(delegation=delegation)
    assert delegation.delegates.get().family_name not in str(event)


def test_a_sample_meeting_takes_its_log_with_it_and_no_real_one_becomes_one():
    submitted(make.Meeting(is_sample=True))
    real = submitted(make.Meeting())
    remove_delegations()
    assert [event.delegation for event in PlaceEvent.objects.all()] == [real]

    meeting = make.Meeting()
    with pytest.raises(ProgrammingError, match="Cannot update rows"):
        Meeting.objects.filter(pk=meeting.pk).update(is_sample=True)


def test_check_places_finds_wrong_counters_and_what_was_written_past_the_log(capsys):
    meeting = make.Meeting()
    delegation = submitted(meeting)
    call_command("check_places")
    assert "log and tables agree" in capsys.readouterr().out
    Delegate.objects.filter(delegation=delegation).update(place="withdrawn")
    with pytest.raises(CommandError, match=rf"{meeting.slug}: delegate"):
        call_command("check_places")

    meeting = make.Meeting()
    submitted(meeting)
    Meeting.objects.filter(taken__gt=0).update(taken=0)
    with pytest.raises(CommandError, match="log 1 taken, counter 0"):
        call_command("check_places")
