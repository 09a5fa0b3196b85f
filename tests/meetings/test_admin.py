"""How officers keep meetings."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import Meeting, Workshop
from secretariat.back_office import groups
from tests import make
from tests.admin_forms import add_row, errors, filled
from tests.meetings.desk import address, change, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]

ADD = "/admin/meetings/meeting/add/"

SOURCES = "core-source-content_type-object_id"


def test_an_officer_enters_a_whole_meeting_and_publishes_it(client):
    data = filled(client.get(ADD)) | {
        "kind": "annual_meeting",
        "ordinal": "30",
        "title": "30th annual meeting",
        "title_zh_hans": "第30届年会",
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-03",
        "registration_opens_at_0": "2030-01-01",
        "registration_opens_at_1": "09:00",
        "registration_closes_at_0": "2030-04-01",
        "registration_closes_at_1": "18:00",
        "capacity": "120",
        "quota": "5",
        "giving": "offers",
        "asks": ["mobile", "diet"],
        "registration_contact": "office@example.org",
    }
    add_row(
        data, "workshops", title="Small hydropower", title_zh_hans="小水电", capacity="30",
        starts_at_0="2030-05-02", starts_at_1="09:00", ends_at_0="", ends_at_1="",
        cancelled_at_0="", cancelled_at_1="",
    )  # fmt: skip
    add_row(data, "agenda_items", day="2030-05-01", begins="08:30", ends="", title="Opening")
    add_row(data, "meeting_institutions", institution=make.Institution().pk, role="host")
    add_row(data, "meeting_projects", project=make.Project().pk)
    add_row(data, SOURCES, name="A circular")

    response = client.post(ADD, data)

    assert response.status_code == 302, errors(response)
    meeting = Meeting.objects.get()
    assert (meeting.year, meeting.quota, meeting.asks) == (2030, 5, ["mobile", "diet"])
    assert meeting.registration_closes_at == datetime(2030, 4, 1, 10, tzinfo=UTC)
    assert meeting.workshops.get().starts_at == datetime(2030, 5, 2, 1, tzinfo=UTC)
    assert meeting.agenda_items.get().begins == time(8, 30)
    client.post(change(meeting), filled(client.get(change(meeting))) | {"_step": "mark_ready"})
    client.post(address("meeting_step", meeting.pk, "publish"))
    meeting.refresh_from_db()
    assert meeting.is_published
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_an_officer_publishes_a_meeting_with_its_sources(client):
    client.force_login(make.Officer(group=groups.OFFICER))
    meeting = make.Meeting(state="draft")
    data = filled(client.get(change(meeting)))
    add_row(data, SOURCES, name="A circular")
    response = client.post(change(meeting), data | {"_step": "mark_ready"})
    client.post(address("meeting_step", meeting.pk, "publish"))
    assert response.status_code == 302, errors(response)
    meeting.refresh_from_db()
    assert meeting.is_published
    assert [source.name for source in meeting.sources.all()] == ["A circular"]


def test_the_form_as_it_was_changes_nothing_and_takes_only_workshops_of_its_own(client):
    meeting = make.Meeting(**window())
    workshop = make.Workshop(meeting=meeting, starts_at=timezone.now().replace(microsecond=0))
    meeting.agenda_items.create(day=date(2030, 5, 1), title="Talk", workshop=workshop)
    before = Meeting.objects.values().get(), Workshop.objects.values().get()
    response = client.post(change(meeting), filled(client.get(change(meeting))))
    assert response.status_code == 302, errors(response)
    after = Meeting.objects.values().get(), Workshop.objects.values().get()
    assert after == before

    meeting, other = make.Meeting(), make.Workshop()
    mine = make.Workshop(meeting=meeting)
    data = filled(client.get(change(meeting)))
    row = add_row(data, "agenda_items", day="2030-05-01", title="Talk", workshop=other.pk)
    refused = client.post(change(meeting), data)
    client.post(change(meeting), data | {f"{row}-workshop": mine.pk})
    assert "Select a valid choice" in " ".join(errors(refused))
    assert meeting.agenda_items.get().workshop == mine


def window():
    now = timezone.now().replace(microsecond=0)
    return {
        "registration_opens_at": now - timedelta(days=1),
        "registration_closes_at": now + timedelta(days=1),
    }


def test_what_cannot_be_is_refused_with_a_reason(client):
    form = filled(client.get(ADD))
    opens = {"registration_opens_at_0": "2030-05-01", "registration_opens_at_1": "09:00"}
    closes = {"registration_closes_at_0": "2030-04-01", "registration_closes_at_1": "09:00"}

    for values, said in [
        ({"starts_on": "2030-05-03", "ends_on": "2030-05-01"}, "the last is not before the first"),
        ({"starts_on": "2030-05-03"}, "Give both days"),
        ({"time_zone": "Beijing"}, "This is not the name of a time zone"),
        (opens | closes, "Registration closes before it opens."),
        ({"answer_hours": "0"}, "Allow at least one hour"),
        ({"registration_contact": "the office"}, "valid email"),
    ]:
        assert said in " ".join(errors(client.post(ADD, form | values)))
    assert not Meeting.objects.exists()


def test_places_are_no_fields_once_there_are_delegations_and_saving_keeps_them(client):
    meeting = make.Meeting(capacity=10, quota=3)
    workshop = make.Workshop(meeting=meeting, capacity=5)
    assert {"capacity", "quota", "workshops-0-capacity"} <= filled(
        client.get(change(meeting))
    ).keys()
    submitted(meeting)

    data = filled(client.get(change(meeting)))
    sent = {"capacity": "99", "quota": "99", "workshops-0-capacity": "99", "theme": "Kunming"}
    response = client.post(change(meeting), data | sent)

    assert not {"capacity", "quota", "workshops-0-capacity"} & data.keys()
    assert response.status_code == 302, errors(response)
    meeting.refresh_from_db()
    workshop.refresh_from_db()
    assert (meeting.theme, meeting.capacity, meeting.quota) == ("Kunming", 10, 3)
    assert workshop.capacity == 5

    meeting = make.Meeting(capacity=10)
    data = filled(client.get(change(meeting)))
    submitted(meeting, people=3)

    with CaptureQueriesContext(connection) as queries:
        response = client.post(change(meeting), data | {"theme": "Kunming"})

    assert response.status_code == 302, errors(response)
    statements = [query["sql"] for query in queries]
    locks = [
        n
        for n, sql in enumerate(statements)
        if "meetings_meeting" in sql and sql.endswith("FOR NO KEY UPDATE")
    ]
    writes = [n for n, sql in enumerate(statements) if 'UPDATE "meetings_meeting" SET' in sql]
    assert locks[0] < writes[0]
    meeting.refresh_from_db()
    assert (meeting.theme, meeting.taken) == ("Kunming", 3)


def test_every_list_can_be_searched_with_anything_and_pages_of_no_meeting_lead_back(client):
    submitted(make.Meeting())

    for model in ("meeting", "delegation", "delegate", "changerequest"):
        for words in ("Kunming", "%", "'", "竹" * 300, "12", "9" * 40, "-1", "1.5"):
            found = client.get(address(f"{model}_changelist"), {"q": words})
            assert found.status_code == 200, (model, words)
    for page in ("places", "next", "change"):
        for key in ("0", "999999", "x", "_5F"):
            found = client.get(f"/admin/meetings/meeting/{key}/{page}/")
            assert found.status_code == 302, (page, key)


def test_a_course_is_entered_in_a_short_form_without_registration(client):
    form = client.get(f"{ADD}?kind=training_course")
    page = form.content.decode()
    for name in ("capacity", "retain_until", "starts_on", "travel_asks", "ordinal"):
        assert f'name="{name}"' not in page
    assert 'name="capacity"' in client.get(f"{ADD}?kind=seminar&registration=1").content.decode()
    data = filled(form) | {
        "title": "Bamboo",
        "title_zh_hans": "竹子",
        "start_as_known": "2019",
        "end_as_known": "2018-05-01",
        "open_to": "Officials",
    }
    add_row(data, "meeting_countries", country=make.Country(iso2="TD").pk)
    add_row(data, SOURCES, name="A circular")
    refused = client.post(f"{ADD}?kind=training_course", data)
    assert "The end is before the start." in refused.content.decode()

    stored = client.post(f"{ADD}?kind=training_course", data | {"end_as_known": "2019-05-01"})

    assert stored.status_code == 302, errors(stored)
    course = Meeting.objects.get()
    assert (course.kind, course.year, course.starts_on) == ("training_course", 2019, None)
    again = client.get(change(course))
    assert 'name="capacity"' not in again.content.decode()
    # Another day later needs no new retention day from anybody.
    data = filled(again) | {"start_as_known": "2099-05-01", "end_as_known": "2099-05-02"}
    client.post(change(course), data | {"_step": "mark_ready"})
    client.post(address("meeting_step", course.pk, "publish"))
    course.refresh_from_db()
    assert (course.is_published, course.starts_on) == (True, date(2099, 5, 1))
    assert course.retain_until > course.ends_on
