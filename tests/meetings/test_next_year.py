"""Next year's meeting is made from this one."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from meetings import places
from meetings.models import Meeting
from meetings.office.next_year import make_next
from secretariat.back_office import groups
from sscnet.core.records.copying import ending
from tests import make
from tests.meetings.desk import address, change, submitted, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


@pytest.fixture
def last_year():
    meeting = make.Meeting(
        title="28th annual meeting 2027",
        title_zh_hans="2027年第28届年会",
        theme="Water",
        theme_zh_hans="水",
        ordinal=28,
        starts_on=date(2027, 5, 3),
        ends_on=date(2027, 5, 5),
        registration_closes_at=datetime(2027, 4, 1, 10, tzinfo=UTC),
        freeze_on=date(2027, 4, 15),
        retain_until=date(2027, 11, 1),
        city="Kunming",
        host_as_stated="A host",
        report="It was good.",
        participants_number=90,
        capacity=100,
        quota=5,
        asks=["diet"],
        cancelled_at=timezone.now(),
        note="Our own",
    )
    make.Source(record=meeting)
    for role in ("host", "organiser", "attended"):
        meeting.meeting_institutions.create(institution=make.Institution(), role=role)
    meeting.meeting_projects.create(project=make.Project())
    workshop = make.Workshop(
        meeting=meeting,
        title="Hydropower",
        title_zh_hans="小水电",
        capacity=30,
        starts_at=datetime(2027, 5, 4, 1, tzinfo=UTC),
        cancelled_at=timezone.now(),
    )
    meeting.agenda_items.create(
        day=date(2027, 5, 4), begins=time(9), title="Talk", speakers="A person", workshop=workshop
    )
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=None)
    submitted(meeting, people=2)
    places.set_quota(meeting, 9, institution=make.Institution())
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=timezone.now())
    meeting.refresh_from_db()
    return meeting


def test_next_years_meeting_has_settings_days_and_workshops_and_no_people(last_year):
    new = make_next(last_year)
    new.refresh_from_db()
    # Monday to Wednesday, as before.
    assert (new.starts_on, new.ends_on) == (date(2028, 5, 1), date(2028, 5, 3))
    assert new.starts_on.weekday() == last_year.starts_on.weekday()
    assert new.registration_closes_at == datetime(2028, 3, 30, 10, tzinfo=UTC)
    assert (new.freeze_on, new.retain_until) == (date(2028, 4, 13), date(2028, 10, 30))
    assert (new.title, new.title_zh_hans) == ("29th annual meeting 2028", "2028年第29届年会")
    assert (new.ordinal, new.year, new.state) == (29, 2028, "draft")
    assert (new.capacity, new.quota, new.asks, new.city) == (100, 5, ["diet"], "Kunming")

    assert (new.taken, new.last_in_line, new.sequence) == (0, 0, 0)
    parts = (new.delegations, new.quotas, new.sources, new.projects, new.documents, new.pictures)
    assert [part.count() for part in parts] == [0] * 6
    assert (new.theme, new.theme_zh_hans, new.report, new.note) == ("", None, "", "")
    assert (new.host_as_stated, new.participants_number) == ("", None)
    assert (new.cancelled_at, new.published_at) == (None, None)
    assert [link.role for link in new.meeting_institutions.all()] == ["organiser"]

    workshop, item = new.workshops.get(), new.agenda_items.get()
    assert (workshop.title, workshop.title_zh_hans) == ("Hydropower", "小水电")
    assert (workshop.capacity, workshop.taken, workshop.cancelled_at) == (30, 0, None)
    assert workshop.starts_at == datetime(2028, 5, 2, 1, tzinfo=UTC)
    assert (item.day, item.begins, item.workshop) == (date(2028, 5, 2), time(9), workshop)
    assert (item.title, item.speakers) == ("Talk", "")


def test_next_year_is_another_year_with_days_or_without():
    for first in (date(2027, 1, 1), date(2028, 1, 1), date(2027, 12, 31)):
        new = make_next(make.Meeting(starts_on=first, ends_on=first))
        assert new.starts_on.year == first.year + 1, first
        assert new.starts_on.weekday() == first.weekday(), first

    new = make_next(make.Meeting(title="Meeting", year=2020))
    assert (new.title, new.year, new.starts_on) == ("Meeting", 2021, None)
    assert new.slug != ""


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (12, "th"), (13, "th"), (21, "st")],
)
def test_english_counts_in_its_own_way(number, said):
    assert ending(number) == said


def test_an_officer_who_may_add_meetings_makes_next_years_with_a_button(client, last_year):
    assert "Make the next meeting from this one" in text_of(client.get(change(last_year)))
    page = address("meeting_next", last_year.pk)
    assert "delegations and all people" in text_of(client.get(page))
    assert Meeting.objects.count() == 1
    data = {"first_day": "2027-06-07"}
    assert client.post(page, {"first_day": "soon"}).status_code == 200
    response = client.post(page, data)
    new = Meeting.objects.exclude(pk=last_year.pk).get()
    assert response["Location"] == address("meeting_change", new.pk)
    assert client.get(response["Location"]).status_code == 200
    assert (new.starts_on, new.ends_on, new.year) == (date(2027, 6, 7), date(2027, 6, 9), 2027)
    assert new.workshops.get().starts_at == datetime(2027, 6, 8, 1, tzinfo=UTC)
    assert new.title == "29th annual meeting 2027"

    client.force_login(make.Officer(group=groups.READER))
    assert client.post(address("meeting_next", last_year.pk)).status_code == 403
    assert Meeting.objects.count() == 2
