"""The door: everybody is noted once, by people who see names and states and nothing more."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import (
    AgendaItem,
    Attendance,
    Delegate,
    DelegateLink,
    Meeting,
)
from meetings.office.check_in import arrivals, door_code
from secretariat.back_office import groups
from sscnet.papers.models import Paper
from tests import make
from tests.meetings.pages import days_from_now
from tests.meetings.travellers import CERTIFICATE, issued
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PROOF = bool(os.environ.get("PROOF"))
LIN = {"walk_in": "1", "name": "Lin Example", "institution": "A university", "consent": "on"}


def page(meeting, view="check_in", *more):
    return reverse(f"admin:meetings_meeting_desk_{view}", args=[meeting.pk, *more])


def delegation_of(meeting, people=3, name="Bamboo Centre"):
    institution = make.Institution(name=name)
    delegation = make.Delegation(meeting=meeting, institution=institution)
    for n in range(people):
        make.Delegate(
            delegation=delegation, position=n, family_name=f"Family{n}",
            diet="no pork", email=f"p{n}@example.org", access_needs="step-free way",
        )  # fmt: skip
    places.submit(delegation)
    return delegation


@pytest.fixture
def delegation():
    return delegation_of(make.Meeting(title="Annual meeting"))


@pytest.fixture
def doorkeeper(client):
    user = make.Officer(group=groups.DOOR)
    client.force_login(user)
    return user


def states(delegation):
    rows = Attendance.objects.filter(delegate__delegation=delegation).order_by("delegate")
    return list(rows.values_list("state", flat=True))


def test_a_delegation_is_noted_in_one_step_but_for_who_is_absent(client, doorkeeper, delegation):
    address = page(delegation.meeting)
    second = delegation.delegates.all()[1]
    client.post(address, {"delegation": delegation.pk})
    client.post(address, {"absent": second.pk})
    assert states(delegation) == ["present", "absent", "present"]
    assert set(Attendance.objects.values_list("noted_by", flat=True)) == {doorkeeper.pk}
    shown = text_of(client.get(address))
    assert "2 people are here." in shown
    assert "2 of 3 are here" in shown
    assert "The delegation is here" not in shown

    client.post(address, {"absent": delegation.delegates.first().pk})
    client.post(address, {"delegation": delegation.pk})
    assert states(delegation) == ["absent", "absent", "present"]


def test_a_note_is_taken_back_by_anybody(client, doorkeeper, delegation):
    address = page(delegation.meeting)
    client.post(address, {"present": delegation.delegates.first().pk})
    client.post(address, LIN)
    client.force_login(make.Officer(group=groups.DOOR))
    for key in [*Attendance.objects.values_list("pk", flat=True)] * 2:
        assert client.post(address, {"taken_back": key}).status_code == 302
    assert not Attendance.objects.exists()


def test_only_who_has_a_place_comes_and_certificates_go_with_the_note(client, doorkeeper):
    delegation = delegation_of(make.Meeting(capacity=2))
    client.post(page(delegation.meeting), {"delegation": delegation.pk})
    assert states(delegation) == ["present", "present"]
    assert "FAMILY2</b> (waiting)" in text_of(client.get(page(delegation.meeting)))

    meeting = make.Meeting(**days_from_now(0), signature="Wang Li")
    client.post(page(meeting), LIN)
    walk_in = Attendance.objects.walk_ins().get()
    paper = issued(walk_in, CERTIFICATE)
    assert paper.is_valid
    client.post(page(meeting), {"taken_back": walk_in.pk})
    assert Paper.objects.exclude(erased_at=None).get().code == paper.code


@pytest.mark.parametrize(
    ("days", "is_cancelled", "expected"),
    [
        (2, False, "Attendance can be recorded from"),
        (0, True, "The meeting is cancelled"),
        (1, False, ""),
    ],
)
def test_people_are_noted_from_the_day_before_on(client, doorkeeper, days, is_cancelled, expected):
    delegation = delegation_of(make.Meeting(**days_from_now(days)))
    meeting, first = delegation.meeting, delegation.delegates.first()
    cancelled_at = timezone.now() if is_cancelled else None
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=cancelled_at)

    shown = text_of(client.get(page(meeting)))
    for sent in ({"delegation": delegation.pk}, {"present": first.pk}, LIN):
        client.post(page(meeting), sent)

    assert expected in shown
    assert ("The delegation is here" in shown) == (not expected)
    assert meeting.attendances.count() == (0 if expected else 4)


def test_what_no_button_sends_notes_nothing_and_typed_words_stay(client, doorkeeper, delegation):
    for sent in (
        *({}, {"present": "x"}, {"delegation": "9" * 30}, {"late": "1"}),
        {"taken_back": "7"},
    ):
        assert client.post(page(delegation.meeting), sent).status_code == 302, sent
    for left_out in ({"name": " "}, {"consent": ""}):
        response = client.post(page(delegation.meeting), LIN | left_out)
        assert list(response.context["walk_in"].errors) == list(left_out)
        assert 'value="A university"' in response.content.decode()
    assert not Attendance.objects.exists()

    address = page(delegation.meeting) + "?q=bamboo"
    typed = {name: text for name, text in LIN.items() if name != "walk_in"}
    shown = client.post(address, typed | {"delegation": delegation.pk}, follow=True)
    assert 'value="Lin Example"' in text_of(shown)
    assert text_of(shown).count('method="post"') == 2
    client.post(address, LIN)
    assert Attendance.objects.walk_ins().get().name == "Lin Example"
    assert 'value="Lin Example"' not in text_of(client.get(address))


def test_the_door_finds_and_notes_people_of_its_meeting_alone(client, doorkeeper, delegation):
    other = make.Meeting()
    delegate = delegation.delegates.first()
    arrivals.note(delegate, "absent", doorkeeper)
    assert client.post(page(other), {"delegation": delegation.pk}).status_code == 404
    assert client.post(page(other), {"present": delegate.pk}).status_code == 404
    client.post(page(other), {"taken_back": Attendance.objects.get().pk})
    assert states(delegation) == ["absent"]

    delegation_of(delegation.meeting, 1, name="Water Institute")
    found = client.get(page(delegation.meeting), {"q": "water"}).context["delegations"]
    nobody = client.get(page(delegation.meeting), {"q": "%"})
    assert [str(one.delegation.institution) for one in found] == ["Water Institute"]
    assert "Nobody was found." in text_of(nobody)


# ------------------------------------------------------------------ walk-ins


def test_a_walk_in_is_noted_once_however_typed_and_with_the_consent(client, doorkeeper, delegation):
    address = page(delegation.meeting)
    for name in ("Lin Example", " lin  EXAMPLE"):
        shown = text_of(client.post(address, LIN | {"name": name}, follow=True))

    walk_in = Attendance.objects.get()
    noted = (walk_in.name, walk_in.institution_as_stated, walk_in.state)
    assert noted == ("Lin Example", "A university", "present")
    assert walk_in.consented_at is not None
    assert "was already recorded" in shown
    assert "<b>Lin Example</b>, A university" in shown


def test_who_may_erase_erases_a_walk_in_who_wishes_it(client, doorkeeper, delegation):
    meeting = delegation.meeting
    client.post(page(meeting), LIN)
    address = page(meeting, "walk_in", Attendance.objects.get().pk)
    assert client.get(address).status_code == 403
    client.force_login(make.Officer(group=groups.OFFICER))
    assert f'href="{address}"' in text_of(client.get(page(meeting)))

    client.post(address, {"word": "no"})
    assert "Lin Example" in text_of(client.get(address))
    shown = text_of(client.post(address, {"word": "erase"}, follow=True))

    assert ("Lin Example" in shown, "1 person is here." in shown) == (False, True)
    assert client.get(address).status_code == 404


# ------------------------------------------------------------------ who sees what


def test_door_staff_see_names_and_states_only_and_open_nothing_else(client, doorkeeper, delegation):
    meeting = delegation.meeting
    for view in ("desk", "desk_list", "desk_message", "desk_figures"):
        address = reverse(f"admin:meetings_meeting_{view}", args=[meeting.pk])
        assert client.get(address).status_code == 403
    for model in ("delegate", "delegation", "changerequest", "personexport", "erasure"):
        assert client.get(reverse(f"admin:meetings_{model}_changelist")).status_code == 403
    file = reverse("admin:meetings_meeting_desk_file", args=[meeting.pk])
    assert client.post(file, {"format": "csv"}).status_code == 403
    form = client.get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    assert page(meeting) in form.content.decode()

    for prefix in ("", "/zh-hans"):
        shown = text_of(client.get(prefix + page(delegation.meeting)))
        assert "FAMILY0" in shown
        for personal in ("no pork", "@example.org", "step-free way"):
            assert personal not in shown.partition("<main")[2], prefix
    client.force_login(make.Officer(group=groups.HELPER))
    assert client.get(page(delegation.meeting)).status_code == 403


def test_the_start_page_leads_door_staff_to_the_meetings_of_today(client, doorkeeper):
    meetings = [make.Meeting(**days_from_now(*days)) for days in ((-2, -1), (-1, 0), (1,), (2,))]
    make.Meeting(**days_from_now(0), cancelled_at=timezone.now())
    arrivals.note_walk_in(meetings[1], "Lin Example", "", doorkeeper)

    start = text_of(client.get(reverse("admin:index")))

    found = re.findall(r'<a href="([^"]+)"><strong>(\d+)</strong>', start)
    assert found == [(page(meetings[1]), "1"), (page(meetings[2]), "0")]
    Meeting.objects.filter(pk=meetings[1].pk).update(cancelled_at=timezone.now())
    assert client.get(reverse("admin:index")).url == page(meetings[2]), "the only one"


# ------------------------------------------------------------------ two at once


@pytest.mark.django_db(transaction=True)
def test_two_at_the_door_at_once_note_nobody_twice():
    """With PROOF=1 a hundred presses each."""
    meeting = make.Meeting()
    delegations = [delegation_of(meeting, 4, name=f"Centre {n}") for n in range(20 if PROOF else 4)]
    people = [[one.pk for one in delegation.delegates.all()] for delegation in delegations]
    start = Barrier(2, timeout=60)
    doorkeepers = [Client(), Client()]
    for client in doorkeepers:
        client.force_login(make.Officer(group=groups.DOOR))

    def checking_in(number):
        """Press what the other presses; walk-ins are typed in another way."""
        answers = set()
        try:
            for n, delegation in enumerate(delegations):
                for sent in [
                    {"delegation": delegation.pk},
                    LIN | {"name": f"Lin {n}" if number else f"LIN  {n}"},
                    {"absent": people[n][1]},
                ]:
                    start.wait()
                    answers.add(doorkeepers[number].post(page(meeting), sent).status_code)
        finally:
            # Else the other would wait for who failed.
            start.abort()
            connections.close_all()
        return answers

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(checking_in, range(2))) == [{302}, {302}]

    assert [states(one) for one in delegations] == [
        ["present", "absent", "present", "present"] for _one in delegations
    ]
    assert Attendance.objects.walk_ins().count() == len(delegations)
    officer = Client()
    officer.force_login(make.Officer(group=groups.OFFICER))
    listed = officer.get(page(meeting, "list"), {"columns": "name", "attendance": "present"})
    assert listed.context["count"] == 3 * len(delegations)
    assert f"{4 * len(delegations)} people are here." in text_of(officer.get(page(meeting)))


# ------------------------------------------------------------------ by oneself


@pytest.fixture
def at_home(delegation):
    """The first of a delegation to a meeting of today, with the own link."""
    today = timezone.localdate()
    rows = Meeting.objects.filter(pk=delegation.meeting_id)
    rows.update(starts_on=today, ends_on=today + timedelta(days=1), year=today.year)
    person = delegation.delegates.first()
    return person, DelegateLink.path_for_mail(person) + "here/"


@pytest.fixture
def session(monkeypatch, delegation):
    """Make the session of the moment the one that begins at this hour."""

    def begin(hour):
        moment = datetime.combine(timezone.localdate(), time(hour), delegation.meeting.zone)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        day = {"meeting": delegation.meeting, "day": moment.date(), "title": "Talks"}
        AgendaItem.objects.get_or_create(**day, begins=time(hour), ends=time(hour + 2))
        return door_code.code_at(Meeting.objects.get(pk=delegation.meeting_id))

    return begin


def test_who_types_the_code_of_the_session_is_there_and_officers_see_it(
    client, doorkeeper, at_home, session
):
    person, own = at_home
    meeting = person.delegation.meeting
    morning = session(9)
    door = text_of(client.get(page(meeting, "door_code")))
    assert morning in door
    assert "<svg" in door
    phone = Client()
    scanned = phone.get(reverse("meetings:at_the_door", args=[morning]))
    assert morning in text_of(scanned)
    # In the same browser the code is filled in.
    assert f'value="{morning}"' in text_of(phone.get(own))
    assert phone.post(own, {"code": f" {morning[:3]} {morning[3:]}"}).status_code == 302
    phone.post(own, {"code": morning})
    noted = Attendance.objects.get()
    assert (noted.delegate, noted.state, noted.by_self) == (person, "present", True)
    assert "You are checked in since" in text_of(phone.get(own))
    shown = text_of(client.get(page(meeting)))
    assert "1 person is here." in shown
    assert "by oneself" in shown


def test_the_code_of_another_session_or_hour_or_meeting_counts_for_nothing(
    client, at_home, session
):
    person, own = at_home
    other = make.Meeting(starts_on=timezone.localdate(), ends_on=timezone.localdate())
    morning, elsewhere = session(9), door_code.code_at(other)
    afternoon = session(14)
    assert len({morning, afternoon, elsewhere}) == 3
    for wrong in (morning, elsewhere, "", "x" * 30, "\x00", "１２３"):
        assert client.post(own, {"code": wrong}).status_code in (200, 400)
    assert client.get(reverse("meetings:at_the_door", args=[morning])).status_code == 404
    session(3)
    assert not door_code.is_right(person.delegation.meeting, afternoon)
    assert not Attendance.objects.exists()
    session(14)
    for _ in range(10):
        client.post(own, {"code": "000000"})
    # Nobody goes on guessing until it is right.
    assert "go to the desk" in text_of(client.post(own, {"code": afternoon}))
    assert not Attendance.objects.exists()


def test_only_who_has_a_place_checks_in_and_not_over_an_officers_note(client, at_home, session):
    person, own = at_home
    code = session(9)
    Delegate.objects.filter(pk=person.pk).update(place="waiting")
    client.post(own, {"code": code})
    assert not Attendance.objects.exists()
    Delegate.objects.filter(pk=person.pk).update(place="confirmed")
    arrivals.note(person, "absent", make.Administrator())
    assert "noted as absent" in text_of(client.get(own))
    client.post(own, {"code": code})
    assert states(person.delegation) == ["absent"]
