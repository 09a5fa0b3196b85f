"""An officer enters a delegation that an institution asked for by fax, WeChat or mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import Delegation, PaperRequest, PlaceEvent
from meetings.places import mails
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import text_of

from .steps import address, delegation_of, person, send, sent, typed

pytestmark = pytest.mark.django_db


def asked(**values):
    return {"asked_by": "Zhao Min", "way": "fax", "asked_on": timezone.localdate()} | values


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.MEETINGS_OFFICERS, name="Wang Li")
    client.force_login(user)
    return user


def test_an_officer_notes_who_asked_and_enters_the_delegation(
    client, meeting, institution, officer
):
    focal_point = make.Affiliation(institution=institution).user
    first = client.get(address(meeting, institution, "people"))
    assert first.url == address(meeting, institution, "paper")

    client.post(first.url, asked())
    client.post(address(meeting, institution, "people"), typed([person(1)], version=0))
    response = send(client, meeting, institution)
    mails.confirm_registrations()

    delegation = delegation_of(meeting, institution)
    note = delegation.paper_requests.get()
    assert (note.asked_by, note.way, note.entered_by) == ("Zhao Min", "fax", officer)
    assert (delegation.state, delegation.saved_by) == (Delegation.State.SUBMITTED, officer)
    events = PlaceEvent.objects.filter(delegation=delegation)
    assert {event.actor for event in events} == {officer}
    assert [mail.to for mail in Message.objects.about(delegation)] == [focal_point.email]
    # Theirs alone: the links of delegates, and their list of people.
    person_there = delegation.delegates.get()
    own = [("own_link", person_there.pk), ("travel", person_there.pk)]
    assert [client.get(address(meeting, institution, *page)).status_code for page in own] == [
        404
    ] * 2
    assert "Personal link" not in text_of(response)

    client.force_login(focal_point)
    told = "as requested by fax on"
    assert told in text_of(client.get(address(meeting, institution)))
    my = reverse("secretariat:my_institution", args=[institution.slug])
    assert told in text_of(client.get(my))


def test_a_request_is_noted_anew_each_day_and_nothing_typed_is_lost(
    client, meeting, institution, officer
):
    client.post(address(meeting, institution, "paper"), asked())
    PaperRequest.objects.update(entered_at=timezone.now() - timedelta(hours=13))

    people = address(meeting, institution, "people")
    assert client.get(people).url == address(meeting, institution, "paper")
    client.post(people, typed([person(1)], then="draft"))
    assert delegation_of(meeting, institution).delegates.count() == 1


def test_the_rules_are_those_of_the_institution(client, meeting, institution, officer):
    sent(meeting, institution, people=5)
    client.post(address(meeting, institution, "paper"), asked())
    client.post(address(meeting, institution, "people"), typed([person(1)], version=0))
    send(client, meeting, institution)
    waiting = delegation_of(meeting, institution).delegates.waiting().get()
    assert waiting.reason == "quota"

    type(meeting).objects.filter(pk=meeting.pk).update(
        registration_closes_at=timezone.now() - timedelta(hours=1)
    )
    delegation_of(meeting, institution).delegates.all().delete()
    places.withdraw(delegation_of(meeting, institution))
    closed = client.get(address(meeting, institution, "paper"))
    assert "Registration is closed" in text_of(closed)


@pytest.mark.parametrize("group", [groups.EDITORS, groups.PUBLISHERS, groups.TRAVEL_OFFICERS])
def test_other_officers_do_not_enter_delegations(client, meeting, institution, group):
    client.force_login(make.Officer(group=group))
    for page in ("delegation", "people", "paper"):
        assert client.get(address(meeting, institution, page)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("asked_by", ""), ("asked_by", "a" * 151), ("way", "owl"), ("asked_on", "9999-12-31")],
)
def test_a_wrong_note_is_said_beside_its_field(client, meeting, institution, officer, field, value):
    response = client.post(address(meeting, institution, "paper"), asked(**{field: value}))
    assert list(response.context["form"].errors) == [field]
    assert not Delegation.objects.exists()


def test_nobody_else_sees_the_institutions_list_of_people(client, meeting, institution, officer):
    known = institution.roster.create(family_name="Knownname")
    client.post(address(meeting, institution, "paper"), asked())
    people = address(meeting, institution, "people")
    assert "Knownname" not in text_of(client.get(people))
    client.post(people, {"known": [known.pk], **typed([person(1)], version=0, then="draft")})
    names = delegation_of(meeting, institution).delegates.values_list("family_name", flat=True)
    assert list(names) == ["Family1"]


def test_the_desk_and_the_delegations_page_lead_to_it(client, meeting, institution, officer):
    delegation = sent(meeting, institution)
    desk = client.get(reverse("admin:meetings_meeting_desk", args=[meeting.pk]))
    assert f'<option value="{institution.slug}">' in desk.content.decode()
    chosen = client.get(
        reverse("meetings:register", args=[meeting.slug]), {"institution": institution.slug}
    )
    assert chosen.url == address(meeting, institution, "paper")
    page = client.get(reverse("admin:meetings_delegation_change", args=[delegation.pk]))
    assert address(meeting, institution, "paper") in page.content.decode()
    client.post(chosen.url, asked())
    story = reverse("admin:meetings_meeting_desk_story", args=[meeting.pk, delegation.pk])
    assert "Zhao Min, Wang Li" in text_of(client.get(story))
