"""Diet and access needs are kept with a consent of their own, and not without it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings import places
from meetings.models import ChangeRequest, Delegate, Meeting
from meetings.registration.change_requests import accept
from tests import make
from tests.meetings.registration.steps import address, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]

WEI = {"family_name": "Zhang", "given_names": "Wei"}
NEEDS = {"diet": "no pork", "access_needs": "step-free way"}


@pytest.fixture
def meeting(meeting):
    meeting.asks = ["diet", "access_needs"]
    meeting.save()
    return meeting


def send(client, meeting, institution, **values):
    page = address(meeting, institution, "people")
    return client.post(page, typed([WEI | NEEDS | values]), follow=True)


def needs_of(delegate):
    return delegate.diet, delegate.access_needs, delegate.consented_to


def test_without_the_tick_they_are_not_kept_and_it_is_said(client, meeting, institution):
    page = send(client, meeting, institution, consented_to=["diet"]).content.decode()

    delegate = Delegate.objects.get()
    assert needs_of(delegate) == ("no pork", "", ["diet"])
    assert timezone.now() - delegate.consented_at < timedelta(minutes=1)
    assert "Person 1: diet or access needs were not kept" in page


def test_with_the_ticks_they_are_kept_and_the_form_shows_it(client, meeting, institution):
    page = send(client, meeting, institution, consented_to=["diet", "access_needs"])

    assert needs_of(Delegate.objects.get()) == (*NEEDS.values(), ["diet", "access_needs"])
    assert "were not kept" not in page.content.decode()
    form = client.get(address(meeting, institution, "people")).content.decode()
    assert form.count("checked") == 2


@pytest.mark.parametrize("consented_to", [[], ["x"], [""], ["diet", "x"]])
def test_a_tick_that_is_none_keeps_nothing(client, meeting, institution, consented_to):
    send(client, meeting, institution, consented_to=consented_to)

    delegate = Delegate.objects.get()
    kept = [name for name in consented_to if name == "diet"]
    assert needs_of(delegate) == ("no pork" if kept else "", "", kept)


def test_a_meeting_that_asks_for_neither_asks_for_no_consent(client, meeting, institution):
    Meeting.objects.update(asks=["email"])

    page = client.get(address(meeting, institution, "people")).content.decode()

    assert "consented_to" not in page


@pytest.mark.parametrize("name", ["diet", "access_needs"])
def test_the_database_refuses_what_nobody_agreed_to(name):
    delegate = make.Delegate()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegate.objects.filter(pk=delegate.pk).update(**{name: "any"})


def sent_person(meeting, institution):
    delegation = make.Delegation(meeting=meeting, institution=institution)
    delegate = make.Delegate(delegation=delegation, **WEI, **NEEDS)
    places.submit(delegation)
    return delegate


def test_a_change_without_the_tick_is_refused_beside_it(client, meeting, institution):
    delegate = sent_person(meeting, institution)
    page = address(meeting, institution, "person", delegate.pk)

    response = client.post(page, WEI | {"diet": "no nuts", "consented_to": ["access_needs"]})

    assert "Tick what the person agreed to" in response.content.decode()
    delegate.refresh_from_db()
    assert delegate.diet == "no pork"


def test_who_takes_a_place_over_agrees_anew(meeting, institution):
    delegate = sent_person(meeting, institution)
    Delegate.objects.update(consented_at=timezone.now() - timedelta(days=9))

    places.swap(delegate, WEI | {"diet": "none", "consented_to": ["diet", "access_needs"]})

    delegate.refresh_from_db()
    assert needs_of(delegate) == ("none", "", ["diet", "access_needs"])
    assert timezone.now() - delegate.consented_at < timedelta(minutes=1)
    places.swap(delegate, {"family_name": "Li"})
    delegate.refresh_from_db()
    assert (needs_of(delegate), delegate.consented_at) == (("", "", []), None)


def test_of_two_changes_asked_for_the_later_keeps_nothing_without_consent(meeting, institution):
    delegate = sent_person(meeting, institution)
    asked = {"delegation": delegate.delegation, "delegate": delegate, "change": "edit"}
    later = ChangeRequest.objects.create(after={"diet": "no nuts"}, **asked)
    accept(ChangeRequest.objects.create(after={"consented_to": ["access_needs"]}, **asked), None)
    delegate.refresh_from_db()
    assert needs_of(delegate) == ("", "step-free way", ["access_needs"])

    accept(later, None)

    delegate.refresh_from_db()
    assert needs_of(delegate) == ("", "step-free way", ["access_needs"])
