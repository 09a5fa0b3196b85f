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

from .steps import person, sent, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]


def test_a_person_is_swapped_goes_elsewhere_and_all_withdraw_when_asked(
    client, at, registered, hydropower, meeting
):
    delegation = registered(2, [hydropower])
    delegate = delegation.delegates.first()
    client.post(at("swap", delegate.pk), {"family_name": "New", "given_names": "Person"})
    delegate.refresh_from_db()
    assert (delegate.name, delegate.is_confirmed) == ("Person NEW", True)
    assert delegate.workshop_places.get().is_confirmed

    other = make.Workshop(meeting=meeting, title="Bamboo")
    changed = {"family_name": delegate.family_name, "workshops": [other.pk]}
    client.post(at("person", delegate.pk), changed)
    held = delegate.workshop_places.active()
    assert [place.workshop for place in held] == [other]

    page = at("withdraw")
    assert "Withdraw the whole delegation?" in client.get(page).content.decode()
    assert delegation.delegates.taken().count() == 2
    client.post(page, {"sure": "yes"})
    delegation.refresh_from_db()
    assert delegation.state == Delegation.State.WITHDRAWN
    assert not delegation.delegates.active().exists()


def test_a_place_to_be_named_is_named(client, at, begun):
    draft = begun()
    delegate = make.Delegate(delegation=draft, to_be_named=True, family_name="", given_names="")
    places.submit(draft)

    client.post(at("person", delegate.pk), {"family_name": "Named", "given_names": "Now"})

    delegate.refresh_from_db()
    assert (delegate.name, delegate.to_be_named) == ("Now NAMED", False)


def test_a_withdrawn_person_makes_room_for_the_first_in_line(client, at, registered, hydropower):
    mine = registered(4, [hydropower])
    elsewhere = Delegate.objects.taken().exclude(delegation=mine).first()

    places.withdraw(elsewhere)

    html = client.get(at()).content.decode()
    assert "number 1 of 1 on the waiting list" in html
    assert "1 of those confirmed is waiting for a workshop" in html


def test_people_are_added_to_a_delegation_that_was_sent(client, at, submit, registered):
    delegation = registered(2)
    page = at("people")

    client.post(page, typed([person(9)], version=delegation.lock_version))
    submit()

    assert delegation.delegates.taken().count() == 3


def test_after_the_freeze_day_a_change_is_a_request_with_before_and_after(client, at, registered):
    delegate = registered(1).delegates.get()
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    old = delegate.family_name
    html = client.get(at()).content.decode()
    assert "You can make changes until" not in html
    assert "a change you make now goes to the Secretariat" in html

    client.post(
        at("person", delegate.pk),
        {"family_name": "Other", "given_names": "Given", "why": "A new passport."},
    )

    delegate.refresh_from_db()
    asked = ChangeRequest.objects.get()
    assert delegate.family_name == old
    assert (asked.before, asked.after) == ({"family_name": old}, {"family_name": "Other"})
    assert asked.words == "A new passport."


def test_after_the_freeze_day_one_more_person_is_a_request(
    client, at, submit, registered, focal_point, settings
):
    settings.SECRETARIAT_MAILBOX = "office@example.org"
    delegation = registered(1)
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    make.Delegate(delegation=delegation, family_name="Late")

    html = client.get(at("check")).content.decode()
    submit()
    submit()

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
def offer(registered, meeting):
    Meeting.objects.update(giving=Meeting.Giving.OFFERS, capacity=1, quota=None)
    meeting.refresh_from_db()
    there = sent(meeting, make.Institution(), 1)
    registered(1)
    places.withdraw(there)
    return Offer.objects.get()


@pytest.mark.parametrize(
    ("answer", "state"), [("accept", PlaceState.CONFIRMED), ("decline", PlaceState.DECLINED)]
)
def test_an_offer_is_answered_on_one_page(client, at, offer, answer, state):
    page = at("offers")
    html = client.get(page).content.decode()

    client.post(page, {f"offer-{offer.pk}": answer})

    offer.delegate.refresh_from_db()
    assert "Answer by" in html
    assert offer.delegate.place == state


def test_discarding_a_draft_leaves_nothing(client, at, begun):
    begun(people=2)
    client.post(at("discard"), {"sure": "yes"})
    assert not Delegation.objects.exists()


def test_the_page_of_a_delegation_asks_as_much_for_many_people_as_for_few(
    client, at, registered, ours, hydropower, django_assert_num_queries
):
    registered(2, [hydropower])
    page = at()
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(28):
        added = make.Delegate(delegation=ours(), position=n)
        make.WorkshopPlace(delegate=added, workshop=hydropower)
    places.submit(ours())

    with django_assert_num_queries(len(few)):
        html = client.get(page).content.decode()

    assert html.count("on the waiting list") >= 25


def test_the_mail_of_a_registration_has_the_calendar_and_leads_to_the_delegation(
    client, at, submit, prepared, hydropower, focal_point
):
    Workshop.objects.update(starts_at=timezone.now() + timedelta(days=60))
    prepared(1, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    submit()
    confirm_registrations()

    mail = Message.objects.get(to=focal_point.email)
    (file,) = mail.attachments.all()
    events = Calendar.from_ical(bytes(file.content)).events
    assert [str(event["summary"]) for event in events] == ["Meeting of ours", "Small hydropower"]
    assert at() in mail.text
    assert f"/zh-hans{at()}" in mail.text


def test_the_mail_of_an_offer_leads_to_its_page_which_says_when_it_lapsed(
    client, at, focal_point, offer
):
    mail = Message.objects.get(kind="place-offered")
    assert mail.to == focal_point.email
    assert at("offers") in mail.text

    Offer.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    html = client.post(at("offers"), {f"offer-{offer.pk}": "accept"}).content.decode()
    assert "The time to answer this offer has passed." in html
