from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Meeting, Workshop
from tests import make

pytestmark = pytest.mark.django_db

ALL = "/meetings/calendar.ics"


@pytest.fixture(autouse=True)
def address(settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"


@pytest.fixture
def meeting():
    return make.Meeting(
        title="Annual meeting",
        title_zh_hans="年会",
        theme="Water, wind; sun",
        starts_on=date(2030, 5, 1),
        ends_on=date(2030, 5, 3),
        city="Kunming",
        city_zh_hans="昆明",
        venue="Green Lake Hotel",
    )


@pytest.fixture
def workshop(meeting):
    return make.Workshop(
        meeting=meeting,
        title="Hydropower",
        room="Hall 2",
        starts_at=datetime(2030, 5, 2, 1, tzinfo=UTC),
        ends_at=datetime(2030, 5, 2, 4, 30, tzinfo=UTC),
    )


def file_of(meeting, prefix=""):
    return f"{prefix}{meeting.get_absolute_url()}calendar.ics"


def read(client, path):
    """Give the events of a calendar by their UIDs, and the calendar."""
    response = client.get(path)
    assert response.status_code == 200
    calendar = Calendar.from_ical(response.content)
    assert not calendar.errors
    events = list(calendar.walk("VEVENT"))
    assert not [event.errors for event in events if event.errors]
    by_uid = {str(event["uid"]): event for event in events}
    assert len(by_uid) == len(events)
    return by_uid, calendar


def uid_of(record):
    return f"{record._meta.model_name}-{record.pk}@portal.example.org"


# ------------------------------------------------------------------ one meeting


def test_a_meeting_is_an_event_of_whole_days_in_the_language_of_the_address(client, meeting):
    events, _calendar = read(client, file_of(meeting))
    event = events[uid_of(meeting)]
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2030, 5, 1), date(2030, 5, 4))
    assert event["summary"] == "Annual meeting"
    assert event["location"] == "Green Lake Hotel, Kunming"
    assert event["description"] == "Water, wind; sun"
    assert event["url"] == f"https://portal.example.org{meeting.get_absolute_url()}"
    assert event["status"] == "CONFIRMED"
    assert event["last-modified"].dt == event["dtstamp"].dt
    meeting.refresh_from_db()
    assert event["dtstamp"].dt == meeting.updated_at.replace(microsecond=0)

    response = client.get(file_of(meeting))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{meeting.slug}.ics"'
    assert not response.cookies

    english, _ = read(client, file_of(meeting))
    chinese, calendar = read(client, file_of(meeting, "/zh-hans"))
    assert english.keys() == chinese.keys()
    event = chinese[uid_of(meeting)]
    assert (event["summary"], event["summary"].params["LANGUAGE"]) == ("年会", "zh-Hans")
    assert event["description"].params["LANGUAGE"] == "en"
    assert event["url"].startswith("https://portal.example.org/zh-hans/meetings/")
    assert calendar["x-wr-calname"] == "年会"


def test_workshops_are_events_of_their_own_with_any_text_in_them(client, meeting, workshop):
    make.Workshop(meeting=meeting, title="No time yet")
    events, calendar = read(client, file_of(meeting))
    event = events[uid_of(workshop)]
    assert len(events) == 2
    assert event["dtstart"].dt == datetime(2030, 5, 2, 1, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2030, 5, 2, 4, 30, tzinfo=UTC)
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstart"].dt.hour == 9
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert event["location"] == "Hall 2, Green Lake Hotel, Kunming"
    assert event["related-to"] == uid_of(meeting)

    title = "A, b; c\\n d: “年会” " + "沼" * 200
    Workshop.objects.update(title=title, description="One\r\nTwo\n\nThree\x0b\x07BEGIN:VEVENT")
    response = client.get(file_of(meeting))
    events, _ = read(client, file_of(meeting))
    assert events[uid_of(workshop)]["summary"] == title
    assert events[uid_of(workshop)]["description"] == (
        "Annual meeting\n\nOne\nTwo\n\nThreeBEGIN:VEVENT"
    )
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_the_zone_in_the_file_gives_the_same_instant_without_ours(client, meeting):
    for zone, moment in [
        # On both sides of a change of the clocks, and where there is none.
        ("America/New_York", datetime(2030, 3, 9, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2030, 3, 10, 14, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2030, 3, 10, 14, tzinfo=UTC)),
        ("UTC", datetime(2030, 3, 10, 14, tzinfo=UTC)),
    ]:
        Meeting.objects.update(time_zone=zone)
        workshop = make.Workshop(meeting=meeting, starts_at=moment)
        events, calendar = read(client, file_of(meeting))
        start = events[uid_of(workshop)]["dtstart"].dt
        assert start == moment, zone
        for described in calendar.walk("VTIMEZONE"):
            by_the_file = start.replace(tzinfo=described.to_tz(lookup_tzid=False))
            assert by_the_file.astimezone(UTC) == moment, zone
        assert bool(list(calendar.walk("VTIMEZONE"))) == (zone != "UTC")
        workshop.delete()


def sequences(events, *records):
    return tuple(int(events[uid_of(record)]["sequence"]) for record in records)


def test_an_update_is_a_new_version_and_places_given_are_none(client, meeting, workshop):
    Workshop.objects.update(taken=3)
    Meeting.objects.update(taken=3, last_in_line=3)
    events, _ = read(client, file_of(meeting))
    assert sequences(events, meeting, workshop) == (0, 0)

    before, _ = read(client, file_of(meeting))
    Workshop.objects.update(starts_at=datetime(2030, 5, 2, 6, tzinfo=UTC), ends_at=None)
    moved, _ = read(client, file_of(meeting))
    Meeting.objects.update(venue="Another hotel")
    elsewhere, _ = read(client, file_of(meeting))
    assert before.keys() == moved.keys() == elsewhere.keys()
    assert sequences(before, meeting, workshop) == (0, 0)
    assert sequences(moved, meeting, workshop) == (0, 1)
    assert sequences(elsewhere, meeting, workshop) == (1, 2)
    assert "dtend" not in moved[uid_of(workshop)]
    assert elsewhere[uid_of(workshop)]["dtstamp"].dt >= before[uid_of(workshop)]["dtstamp"].dt


def test_a_cancelled_workshop_leaves_the_meeting_which_cancels_all(client, meeting, workshop):
    Workshop.objects.update(cancelled_at=timezone.now())
    events, _ = read(client, file_of(meeting))
    assert events[uid_of(workshop)]["status"] == "CANCELLED"
    assert events[uid_of(meeting)]["status"] == "CONFIRMED"
    assert sequences(events, meeting, workshop) == (0, 1)

    before, _ = read(client, file_of(meeting))
    Meeting.objects.update(cancelled_at=timezone.now())
    after, _ = read(client, file_of(meeting))
    assert before.keys() == after.keys()
    assert {event["status"] for event in after.values()} == {"CANCELLED"}
    assert after[uid_of(meeting)]["summary"] == "Cancelled: Annual meeting"
    assert sequences(after, meeting, workshop) == (1, 2)


def test_there_is_none_without_dates_or_of_a_draft_and_old_addresses_lead_on(client, meeting):
    dateless = make.Meeting(year=2020)
    draft = make.Meeting(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), state="draft")
    assert client.get(file_of(dateless)).status_code == 404
    assert client.get(file_of(draft)).status_code == 404

    Meeting.objects.filter(pk=meeting.pk).update(slug="new")
    response = client.get(file_of(meeting))
    assert (response.status_code, response["Location"]) == (301, "/meetings/new/calendar.ics")


# ------------------------------------------------------------------ all meetings


def test_all_are_the_published_meetings_with_dates_if_any(client, request):
    assert read(client, ALL)[0] == {}

    meeting, workshop = request.getfixturevalue("meeting"), request.getfixturevalue("workshop")
    past = make.Meeting(starts_on=date(2015, 11, 3), ends_on=date(2015, 11, 5))
    make.Meeting(year=2020)
    make.Meeting(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), state="draft")
    events, calendar = read(client, ALL)
    assert events.keys() == {uid_of(meeting), uid_of(workshop), uid_of(past)}
    assert calendar["x-wr-calname"] == "Meetings of the China South-South Cooperation Network"


def test_all_take_three_queries(client, django_assert_num_queries):
    for days in (range(1, 2), range(2, 10)):
        for n in days:
            day = date(2030, 5, n)
            make.Workshop(meeting__starts_on=day, meeting__ends_on=day, starts_at=timezone.now())
        client.get(ALL)
        with django_assert_num_queries(3):
            client.get(ALL)
