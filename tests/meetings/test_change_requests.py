"""Officers answer what was asked for after the freeze day."""

import pytest

from meetings import places
from meetings.models import ChangeRequest
from meetings.places.mails import confirm_registrations
from meetings.registration import changes
from sscnet.outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db
Change = ChangeRequest.Change


@pytest.fixture
def delegation():
    delegation = make.Delegation(people=1)
    make.Affiliation(institution=delegation.institution, user__email="focal@example.org")
    places.submit(delegation)
    Message.objects.all().delete()
    return delegation


@pytest.fixture
def officer():
    return make.User()


def asked(delegation, change, delegate=None, **after):
    delegate = delegate or delegation.delegates.first()
    return ChangeRequest.objects.create(
        delegation=delegation, delegate=delegate, change=change, after=after
    )


def test_accepted_requests_change_people_workshops_and_number(delegation, officer):
    request = asked(delegation, Change.EDIT, family_name="New")
    changes.accept([request], officer)
    delegate = delegation.delegates.get()
    assert (delegate.family_name, delegate.is_confirmed) == ("New", True)
    request.refresh_from_db()
    assert (request.state, request.answered_by) == (ChangeRequest.State.ACCEPTED, officer)

    swap = asked(delegation, Change.SWAP, family_name="Other", given_names="One")
    changes.accept([swap], officer)
    assert delegation.delegates.get().name == "One OTHER"

    workshop = make.Workshop(meeting=delegation.meeting)
    changes.accept([asked(delegation, Change.WORKSHOPS, keys=[workshop.pk])], officer)
    assert delegation.delegates.get().workshop_places.get().is_confirmed

    more = make.Delegate(delegation=delegation)
    changes.accept([asked(delegation, Change.ADD, more)], officer)
    more.refresh_from_db()
    assert more.is_confirmed


def test_a_place_that_is_named_keeps_what_else_was_known(delegation, officer):
    delegation.delegates.update(
        to_be_named=True, family_name="", given_names="", chinese_name="", role="Engineer"
    )
    changes.accept([asked(delegation, Change.EDIT, family_name="New")], officer)
    delegate = delegation.delegates.get()
    assert (delegate.name, delegate.role, delegate.to_be_named) == ("NEW", "Engineer", False)


def test_a_refusal_tells_why_and_what_can_no_longer_be_done_stays_open(delegation, officer):
    request = asked(delegation, Change.EDIT, family_name="New")
    changes.refuse([request], officer, "The badges are printed.")
    assert delegation.delegates.get().family_name != "New"
    (mail,) = Message.objects.filter(to="focal@example.org")
    assert "The badges are printed." in mail.text

    request = asked(delegation, Change.EDIT, family_name="New")
    places.withdraw(delegation.delegates.get())
    with pytest.raises(places.NotPossible):
        changes.accept([request], officer)
    request.refresh_from_db()
    assert request.state == ChangeRequest.State.OPEN


def test_one_decision_about_several_requests_is_one_mail(delegation, officer):
    confirm_registrations()
    Message.objects.all().delete()
    person = delegation.delegates.get()
    more = [make.Delegate(delegation=delegation, email=f"p{n}@example.org") for n in range(2)]
    requests = [asked(delegation, Change.SWAP, person, family_name="Other", email="o@example.org")]
    requests += [asked(delegation, Change.ADD, one) for one in more]

    changes.accept(requests, officer)
    confirm_registrations()

    assert sorted((mail.to, mail.kind) for mail in Message.objects.all()) == [
        ("focal@example.org", "change-accepted"),
        ("o@example.org", "place-yours"),
        ("p0@example.org", "place-yours"),
        ("p1@example.org", "place-yours"),
    ]
    text = Message.objects.get(to="focal@example.org").text
    assert all(f"{one}: one more person" in text for one in more)


def test_if_one_cannot_be_done_none_is_and_answering_twice_is_answering_once(delegation, officer):
    more = make.Delegate(delegation=delegation)
    requests = [asked(delegation, Change.ADD, more), asked(delegation, Change.SWAP)]
    with pytest.raises(places.PlacesError):
        changes.accept(requests, officer)
    assert set(ChangeRequest.objects.values_list("state", flat=True)) == {"open"}
    assert Message.objects.count() == 0

    request = asked(delegation, Change.EDIT, family_name="New")
    changes.accept([request], officer)
    changes.refuse([request], officer, "Too late.")
    request.refresh_from_db()
    assert request.state == ChangeRequest.State.ACCEPTED
    assert Message.objects.filter(kind__startswith="change-").count() == 1
