"""The door: everybody is noted once, by people who see names and states and nothing more."""

from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import places
from meetings.backoffice import check_in
from meetings.models import Attendance, Delegate
from secretariat import groups
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    UserFactory,
)
from tests.secretariat.test_groups import member_of

pytestmark = pytest.mark.django_db


def page(meeting):
    return reverse("admin:meetings_meeting_desk_door", args=[meeting.pk])


def text_of(response):
    return " ".join(response.content.decode().split())


def delegation_of(meeting, people=3, name="Bamboo Centre"):
    institution = InstitutionFactory(name=name)
    delegation = DelegationFactory(meeting=meeting, institution=institution)
    for n in range(people):
        DelegateFactory(
            delegation=delegation, position=n, family_name=f"Family{n}",
            diet="no pork", email=f"p{n}@example.org", access_needs="step-free way",
        )  # fmt: skip
    places.submit(delegation)
    return delegation


@pytest.fixture
def delegation():
    return delegation_of(MeetingFactory(title="Annual meeting"))


@pytest.fixture
def doorkeeper(client):
    user = member_of(groups.DOOR_STAFF)
    client.force_login(user)
    return user


def states(delegation):
    rows = Attendance.objects.filter(delegate__delegation=delegation).order_by("delegate")
    return list(rows.values_list("state", flat=True))


def test_a_delegation_is_noted_in_one_step_and_one_of_them_as_absent(
    client, doorkeeper, delegation
):
    address = page(delegation.meeting)
    second = delegation.delegates.all()[1]

    client.post(address, {"delegation": delegation.pk})
    client.post(address, {"delegate": second.pk, "state": "absent"})

    assert states(delegation) == ["present", "absent", "present"]
    assert set(Attendance.objects.values_list("noted_by", flat=True)) == {doorkeeper.pk}
    assert "2 people are here." in text_of(client.get(address))


def test_who_was_noted_as_absent_stays_so_when_the_delegation_comes(client, doorkeeper, delegation):
    first = delegation.delegates.first()
    client.post(page(delegation.meeting), {"delegate": first.pk, "state": "absent"})

    client.post(page(delegation.meeting), {"delegation": delegation.pk})

    assert states(delegation) == ["absent", "present", "present"]


def test_a_note_is_taken_back(client, doorkeeper, delegation):
    first = delegation.delegates.first()
    client.post(page(delegation.meeting), {"delegate": first.pk, "state": "present"})

    client.post(page(delegation.meeting), {"delegate": first.pk, "state": ""})

    assert states(delegation) == []


def test_only_who_has_a_place_comes_with_the_delegation(client, doorkeeper):
    delegation = delegation_of(MeetingFactory(capacity=2))

    client.post(page(delegation.meeting), {"delegation": delegation.pk})

    assert states(delegation) == ["present", "present"]
    assert "FAMILY2, waiting" in text_of(client.get(page(delegation.meeting)))


def test_a_walk_in_is_noted_once(client, doorkeeper, delegation):
    sent = {"walk_in": "1", "name": "Lin Example", "institution": "A university"}
    for _ in range(2):
        client.post(page(delegation.meeting), sent)

    walk_in = Attendance.objects.get()
    assert (walk_in.name, walk_in.institution_as_stated, walk_in.state) == (
        "Lin Example",
        "A university",
        "present",
    )
    assert "Lin Example, A university" in text_of(client.get(page(delegation.meeting)))


def test_a_walk_in_without_a_name_is_asked_for_it(client, doorkeeper, delegation):
    sent = {"walk_in": "1", "name": " ", "institution": "A university"}

    response = client.post(page(delegation.meeting), sent)

    assert "name" in response.context["walk_in"].errors
    assert 'value="A university"' in response.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"delegate": "x"}, {"delegation": "9" * 30}, {"delegate": "1", "state": "late"}]
)
def test_what_no_button_sends_notes_nothing(client, doorkeeper, delegation, sent):
    assert client.post(page(delegation.meeting), sent).status_code == 302
    assert not Attendance.objects.exists()


def test_people_of_another_meeting_are_not_noted_here(client, doorkeeper, delegation):
    other = MeetingFactory()
    delegate = delegation.delegates.first()

    assert client.post(page(other), {"delegation": delegation.pk}).status_code == 404
    assert (
        client.post(page(other), {"delegate": delegate.pk, "state": "present"}).status_code == 404
    )
    assert not Attendance.objects.exists()


def test_the_door_finds_by_name_and_institution(client, doorkeeper, delegation):
    delegation_of(delegation.meeting, 1, name="Water Institute")

    found = client.get(page(delegation.meeting), {"q": "water"}).context["delegations"]
    nobody = client.get(page(delegation.meeting), {"q": "%"})

    assert [str(delegation.institution) for delegation, _people in found] == ["Water Institute"]
    assert "Nobody is found." in text_of(nobody)


def test_the_door_takes_as_many_queries_for_many_as_for_few(client, doorkeeper, delegation):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(page(delegation.meeting))
        return len(found)

    client.get(page(delegation.meeting))
    few = queries()
    for n in range(8):
        delegation_of(delegation.meeting, 2, name=f"Centre {n}")

    assert queries() == few


# ------------------------------------------------------------------ who sees what


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_door_staff_see_names_and_states_only(client, doorkeeper, delegation, prefix):
    shown = text_of(client.get(prefix + page(delegation.meeting)))

    assert "FAMILY0" in shown
    for personal in ("no pork", "@example.org", "step-free way"):
        assert personal not in shown.partition("<main")[2]


def test_door_staff_open_nothing_else_that_names_people(client, doorkeeper, delegation):
    meeting = delegation.meeting
    for view in ("desk", "desk_list", "desk_message", "desk_what_if", "desk_figures"):
        address = reverse(f"admin:meetings_meeting_{view}", args=[meeting.pk])
        assert client.get(address).status_code == 403
    for model in ("delegate", "delegation", "changerequest", "offer", "personexport", "erasure"):
        assert client.get(reverse(f"admin:meetings_{model}_changelist")).status_code == 403
    file = reverse("admin:meetings_meeting_desk_file", args=[meeting.pk])
    assert client.post(file, {"format": "csv"}).status_code == 403
    form = client.get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    assert page(meeting) in form.content.decode()


def test_editors_do_not_work_at_the_door(client, delegation):
    client.force_login(member_of(groups.EDITORS))

    assert client.get(page(delegation.meeting)).status_code == 403


# ------------------------------------------------------------------ two at once


@pytest.mark.django_db(transaction=True)
def test_two_at_the_door_at_once_note_nobody_twice():
    delegation = delegation_of(MeetingFactory())
    first = Delegate.objects.select_related("delegation").filter(delegation=delegation).first()
    people = [UserFactory(), UserFactory()]
    start = Barrier(len(people))
    failed = []

    def at_door(user):
        try:
            for n in range(10):
                start.wait(timeout=30)
                check_in.note_delegation(delegation, user)
                check_in.note(first, "present", user)
                check_in.note_walk_in(delegation.meeting, f"Lin {n}", "A university", user)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=at_door, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert states(delegation) == ["present", "present", "present"]
    assert Attendance.objects.walk_ins().count() == 10
