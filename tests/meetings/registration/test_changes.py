"""What an institution changes after it has registered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from meetings import places
from meetings.models import (
    ChangeRequest,
    Delegate,
    Delegation,
    Meeting,
    Offer,
    PlaceState,
    Workshop,
)
from meetings.places.mails import confirm_registrations
from sscnet.outbox.models import Message
from tests import make

from .steps import address, delegation_of, person, ready, send, sent, typed

pytestmark = pytest.mark.django_db


def test_a_person_is_swapped_and_the_places_stay(
    client, meeting, hydropower, institution, focal_point
):
    delegation = sent(meeting, institution, 2, [hydropower])
    delegate = delegation.delegates.first()

    client.post(
        address(meeting, institution, "swap", delegate.pk),
        {"family_name": "New", "given_names": "Person"},
    )

    delegate.refresh_from_db()
    assert (delegate.name, delegate.is_confirmed) == ("Person NEW", True)
    assert delegate.workshop_places.get().is_confirmed


def test_a_place_to_be_named_is_named(client, meeting, institution, focal_point):
    draft = make.Delegation(meeting=meeting, institution=institution)
    delegate = make.Delegate(delegation=draft, to_be_named=True, family_name="", given_names="")
    places.submit(draft)

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": "Named", "given_names": "Now"},
    )

    delegate.refresh_from_db()
    assert (delegate.name, delegate.to_be_named) == ("Now NAMED", False)


def test_workshops_can_be_changed_afterwards(client, meeting, hydropower, institution, focal_point):
    other = make.Workshop(meeting=meeting, title="Bamboo")
    delegate = sent(meeting, institution, 1, [hydropower]).delegates.get()

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": delegate.family_name, "workshops": [other.pk]},
    )

    held = delegate.workshop_places.active()
    assert [place.workshop for place in held] == [other]


def test_a_withdrawn_person_makes_room_for_the_first_in_line(
    client, meeting, hydropower, institution, focal_point
):
    mine = sent(meeting, institution, 4, [hydropower])
    elsewhere = Delegate.objects.taken().exclude(delegation=mine).first()

    places.withdraw(elsewhere)

    html = client.get(address(meeting, institution)).content.decode()
    assert "number 1 of 1 on the waiting list" in html
    assert "1 of those confirmed is waiting for a workshop" in html


def test_withdrawing_asks_first_and_then_does_it(client, meeting, institution, focal_point):
    delegation = sent(meeting, institution, 2)
    page = address(meeting, institution, "withdraw")

    assert "Withdraw the whole delegation?" in client.get(page).content.decode()
    assert delegation.delegates.taken().count() == 2
    client.post(page, {"sure": "yes"})

    delegation.refresh_from_db()
    assert delegation.state == Delegation.State.WITHDRAWN
    assert not delegation.delegates.active().exists()


def test_people_are_added_to_a_delegation_that_was_sent(client, meeting, institution, focal_point):
    delegation = sent(meeting, institution, 2)
    page = address(meeting, institution, "people")

    client.post(page, typed([person(9)], version=delegation.lock_version))
    send(client, meeting, institution)

    assert delegation.delegates.taken().count() == 3


def test_after_the_freeze_day_a_change_is_a_request_with_before_and_after(
    client, meeting, institution, focal_point
):
    delegate = sent(meeting, institution, 1).delegates.get()
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    old = delegate.family_name
    html = client.get(address(meeting, institution)).content.decode()
    assert "You can make changes until" not in html
    assert "a change you make now goes to the Secretariat" in html

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": "Other", "given_names": "Given", "why": "A new passport."},
    )

    delegate.refresh_from_db()
    asked = ChangeRequest.objects.get()
    assert delegate.family_name == old
    assert (asked.before, asked.after) == ({"family_name": old}, {"family_name": "Other"})
    assert asked.words == "A new passport."


def test_after_the_freeze_day_one_more_person_is_a_request(
    client, meeting, institution, focal_point, settings
):
    settings.SECRETARIAT_MAILBOX = "office@example.org"
    delegation = sent(meeting, institution, 1)
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    make.Delegate(delegation=delegation, family_name="Late")

    html = client.get(address(meeting, institution, "check")).content.decode()
    send(client, meeting, institution)
    send(client, meeting, institution)

    assert "the Secretariat decides" in html
    assert delegation.delegates.taken().count() == 1
    assert ChangeRequest.objects.get().change == ChangeRequest.Change.ADD
    told = Message.objects.filter(kind__startswith="change-").order_by("pk")
    assert [(mail.kind, mail.to) for mail in told] == [
        ("change-received", focal_point.email),
        ("change-asked", "office@example.org"),
    ]
    assert "Given LATE: one more person" in told[0].text


@pytest.fixture
def offer(meeting, institution, focal_point):
    Meeting.objects.update(giving=Meeting.Giving.OFFERS, capacity=1, quota=None)
    meeting.refresh_from_db()
    there = sent(meeting, make.Institution(), 1)
    sent(meeting, institution, 1)
    places.withdraw(there)
    return Offer.objects.get()


@pytest.mark.parametrize(
    ("answer", "state"), [("accept", PlaceState.CONFIRMED), ("decline", PlaceState.DECLINED)]
)
def test_an_offer_is_answered_on_one_page(client, meeting, institution, offer, answer, state):
    page = address(meeting, institution, "offers")
    html = client.get(page).content.decode()

    client.post(page, {f"offer-{offer.pk}": answer})

    offer.delegate.refresh_from_db()
    assert "Answer by" in html
    assert offer.delegate.place == state


def test_an_offer_that_lapsed_is_said_to_be_over(client, meeting, institution, offer):
    Offer.objects.update(answer_by=timezone.now() - timedelta(minutes=1))

    html = client.post(
        address(meeting, institution, "offers"), {f"offer-{offer.pk}": "accept"}
    ).content.decode()

    assert "The time to answer this offer has passed." in html


def test_discarding_a_draft_leaves_nothing(client, meeting, institution, focal_point):
    make.Delegation(meeting=meeting, institution=institution, people=2)

    client.post(address(meeting, institution, "discard"), {"sure": "yes"})

    assert not Delegation.objects.exists()


def test_the_page_of_a_delegation_asks_as_much_for_many_people_as_for_few(
    client, meeting, hydropower, institution, focal_point, django_assert_num_queries
):
    sent(meeting, institution, 2, [hydropower])
    page = address(meeting, institution)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(28):
        added = make.Delegate(delegation=delegation_of(meeting, institution), position=n)
        make.WorkshopPlace(delegate=added, workshop=hydropower)
    places.submit(delegation_of(meeting, institution))

    with django_assert_num_queries(len(few)):
        html = client.get(page).content.decode()

    assert html.count("on the waiting list") >= 25


def test_the_mail_of_a_registration_has_the_calendar_and_leads_to_the_delegation(
    client, meeting, hydropower, institution, focal_point
):
    Workshop.objects.update(starts_at=timezone.now() + timedelta(days=60))
    ready(meeting, institution, 1, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    send(client, meeting, institution)
    confirm_registrations()

    mail = Message.objects.get(to=focal_point.email)
    (file,) = mail.attachments.all()
    events = Calendar.from_ical(bytes(file.content)).events
    assert [str(event["summary"]) for event in events] == ["Meeting of ours", "Small hydropower"]
    assert address(meeting, institution) in mail.text
    assert f"/zh-hans{address(meeting, institution)}" in mail.text


def test_the_mail_of_an_offer_leads_to_the_page_that_answers_it(
    client, meeting, institution, focal_point, offer
):
    mail = Message.objects.get(kind="place-offered")

    assert mail.to == focal_point.email
    assert address(meeting, institution, "offers") in mail.text
