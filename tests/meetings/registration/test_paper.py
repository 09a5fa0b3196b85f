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

from .steps import person, typed

pytestmark = pytest.mark.django_db


def asked(**values):
    return {"asked_by": "Zhao Min", "way": "fax", "asked_on": timezone.localdate()} | values


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.OFFICER, name="Wang Li")
    client.force_login(user)
    return user


def test_an_officer_notes_who_asked_and_enters_the_delegation(
    client, at, submit, ours, institution, officer
):
    focal_point = make.Affiliation(institution=institution).user
    first = client.get(at("people"))
    assert first.url == at("paper")

    client.post(first.url, asked())
    client.post(at("people"), typed([person(1)], version=0))
    response = submit()
    mails.confirm_registrations()

    delegation = ours()
    note = delegation.paper_requests.get()
    assert (note.asked_by, note.way, note.entered_by) == ("Zhao Min", "fax", officer)
    assert (delegation.state, delegation.saved_by) == (Delegation.State.SUBMITTED, officer)
    events = PlaceEvent.objects.filter(delegation=delegation)
    assert {event.actor for event in events} == {officer}
    assert [mail.to for mail in Message.objects.about(delegation)] == [focal_point.email]
    # Theirs alone: the links of delegates, and their list of people.
    person_there = delegation.delegates.get()
    own = [("own_link", person_there.pk), ("travel", person_there.pk)]
    assert [client.get(at(*page)).status_code for page in own] == [404] * 2
    assert "Personal link" not in text_of(response)

    client.force_login(focal_point)
    told = "as requested by fax on"
    assert told in text_of(client.get(at()))
    my = reverse("secretariat:my_institution", args=[institution.slug])
    assert told in text_of(client.get(my))


def test_a_request_is_noted_anew_each_day_and_nothing_typed_is_lost(client, at, ours, officer):
    client.post(at("paper"), asked())
    PaperRequest.objects.update(entered_at=timezone.now() - timedelta(hours=13))

    people = at("people")
    assert client.get(people).url == at("paper")
    client.post(people, typed([person(1)], then="draft"))
    assert ours().delegates.count() == 1


def test_the_rules_are_those_of_the_institution(
    client, at, submit, registered, ours, meeting, officer
):
    registered(people=5)
    client.post(at("paper"), asked())
    client.post(at("people"), typed([person(1)], version=0))
    submit()
    waiting = ours().delegates.waiting().get()
    assert waiting.reason == "quota"

    type(meeting).objects.filter(pk=meeting.pk).update(
        registration_closes_at=timezone.now() - timedelta(hours=1)
    )
    ours().delegates.all().delete()
    places.withdraw(ours())
    closed = client.get(at("paper"))
    assert "Registration is closed" in text_of(closed)


def test_a_wrong_note_is_said_beside_its_field_and_other_officers_enter_none(client, at, officer):
    for field, value in (
        *(("asked_by", ""), ("asked_by", "a" * 151)),
        *(("way", "owl"), ("asked_on", "9999-12-31")),
    ):
        response = client.post(at("paper"), asked(**{field: value}))
        assert list(response.context["form"].errors) == [field], value
    assert not Delegation.objects.exists()

    for group in (groups.HELPER, groups.READER):
        client.force_login(make.Officer(group=group))
        for page in ("delegation", "people", "paper"):
            assert client.get(at(page)).status_code == 404, (group, page)


def test_nobody_else_sees_the_institutions_list_of_people(client, at, ours, institution, officer):
    known = institution.roster.create(family_name="Knownname")
    client.post(at("paper"), asked())
    people = at("people")
    assert "Knownname" not in text_of(client.get(people))
    client.post(people, {"known": [known.pk], **typed([person(1)], version=0, then="draft")})
    names = ours().delegates.values_list("family_name", flat=True)
    assert list(names) == ["Family1"]


def test_the_desk_and_the_delegations_page_lead_to_it(
    client, at, registered, meeting, institution, officer
):
    delegation = registered()
    desk = client.get(reverse("admin:meetings_meeting_desk", args=[meeting.pk]))
    assert f'<option value="{institution.slug}">' in desk.content.decode()
    chosen = client.get(
        reverse("meetings:register", args=[meeting.slug]), {"institution": institution.slug}
    )
    assert chosen.url == at("paper")
    page = client.get(reverse("admin:meetings_delegation_change", args=[delegation.pk]))
    assert at("paper") in page.content.decode()
    client.post(chosen.url, asked())
    story = reverse("admin:meetings_meeting_desk_story", args=[meeting.pk, delegation.pk])
    assert "Zhao Min, Wang Li" in text_of(client.get(story))
