import re
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone, translation
from icalendar import Calendar

from meetings.calendars import calendar_address, new_calendar_token, revoke_calendar_token
from meetings.models import CalendarToken, Meeting, PlaceState, Workshop
from tests.factories import (
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    UserFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db

ALL = "/meetings/calendar.ics"


@pytest.fixture(autouse=True)
def address(settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"


@pytest.fixture
def meeting():
    return MeetingFactory(
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
    return WorkshopFactory(
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


def test_a_meeting_is_an_event_of_whole_days(client, meeting):
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


def test_workshops_are_events_of_their_own_at_the_right_instant(client, meeting, workshop):
    WorkshopFactory(meeting=meeting, title="No time yet")

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


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        # On both sides of a change of the clocks, and where there is none.
        ("America/New_York", datetime(2030, 3, 9, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2030, 3, 10, 14, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2030, 3, 10, 14, tzinfo=UTC)),
        ("UTC", datetime(2030, 3, 10, 14, tzinfo=UTC)),
    ],
)
def test_the_zone_in_the_file_gives_the_same_instant_without_ours(client, meeting, zone, moment):
    Meeting.objects.update(time_zone=zone)
    workshop = WorkshopFactory(meeting=meeting, starts_at=moment)

    events, calendar = read(client, file_of(meeting))
    start = events[uid_of(workshop)]["dtstart"].dt

    assert start == moment
    for described in calendar.walk("VTIMEZONE"):
        by_the_file = start.replace(tzinfo=described.to_tz(lookup_tzid=False))
        assert by_the_file.astimezone(UTC) == moment
    assert bool(list(calendar.walk("VTIMEZONE"))) == (zone != "UTC")


def test_an_update_keeps_the_uids_and_raises_the_sequence(client, meeting, workshop):
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


def sequences(events, *records):
    return tuple(int(events[uid_of(record)]["sequence"]) for record in records)


def test_places_given_are_no_new_version(client, meeting, workshop):
    Workshop.objects.update(taken=3)
    Meeting.objects.update(taken=3, last_in_line=3)

    events, _ = read(client, file_of(meeting))

    assert sequences(events, meeting, workshop) == (0, 0)


def test_a_cancelled_meeting_cancels_all_and_keeps_the_uids(client, meeting, workshop):
    before, _ = read(client, file_of(meeting))

    Meeting.objects.update(cancelled_at=timezone.now())
    after, _ = read(client, file_of(meeting))

    assert before.keys() == after.keys()
    assert {event["status"] for event in after.values()} == {"CANCELLED"}
    assert after[uid_of(meeting)]["summary"] == "Cancelled: Annual meeting"
    assert sequences(after, meeting, workshop) == (1, 1)


def test_a_cancelled_workshop_leaves_the_meeting(client, meeting, workshop):
    Workshop.objects.update(cancelled_at=timezone.now())

    events, _ = read(client, file_of(meeting))

    assert events[uid_of(workshop)]["status"] == "CANCELLED"
    assert events[uid_of(meeting)]["status"] == "CONFIRMED"
    assert sequences(events, meeting, workshop) == (0, 1)


def test_the_file_is_in_the_language_of_its_address(client, meeting):
    english, _ = read(client, file_of(meeting))
    chinese, calendar = read(client, file_of(meeting, "/zh-hans"))

    assert english.keys() == chinese.keys()
    event = chinese[uid_of(meeting)]
    assert (event["summary"], event["summary"].params["LANGUAGE"]) == ("年会", "zh-Hans")
    assert event["description"].params["LANGUAGE"] == "en"
    assert event["url"].startswith("https://portal.example.org/zh-hans/meetings/")
    assert calendar["x-wr-calname"] == "年会"


def test_any_text_comes_out_as_it_went_in(client, meeting, workshop):
    title = "A, b; c\\n d: “年会” " + "沼" * 200
    Workshop.objects.update(title=title, description="One\r\nTwo\n\nThree\x0b\x07BEGIN:VEVENT")

    response = client.get(file_of(meeting))
    events, _ = read(client, file_of(meeting))

    assert events[uid_of(workshop)]["summary"] == title
    assert events[uid_of(workshop)]["description"] == (
        "Annual meeting\n\nOne\nTwo\n\nThreeBEGIN:VEVENT"
    )
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_it_is_served_as_a_calendar(client, meeting):
    response = client.get(file_of(meeting))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{meeting.slug}.ics"'
    assert not response.cookies


def test_there_is_none_without_dates_or_before_publication(client):
    dateless = MeetingFactory(year=2020)
    draft = MeetingFactory(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), state="draft")

    assert client.get(file_of(dateless)).status_code == 404
    assert client.get(file_of(draft)).status_code == 404


def test_an_old_address_leads_to_the_calendar(client, meeting):
    Meeting.objects.update(slug="new")

    response = client.get(file_of(meeting))

    assert (response.status_code, response["Location"]) == (301, "/meetings/new/calendar.ics")


# ------------------------------------------------------------------ all meetings


def test_all_are_the_published_meetings_with_dates(client, meeting, workshop):
    past = MeetingFactory(starts_on=date(2015, 11, 3), ends_on=date(2015, 11, 5))
    MeetingFactory(year=2020)
    MeetingFactory(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), state="draft")

    events, calendar = read(client, ALL)

    assert events.keys() == {uid_of(meeting), uid_of(workshop), uid_of(past)}
    assert calendar["x-wr-calname"] == "Meetings of the China South-South Cooperation Network"


def test_all_are_a_calendar_too_when_there_are_none(client):
    assert read(client, ALL)[0] == {}


@pytest.mark.parametrize("number", [1, 9])
def test_all_take_two_queries(client, django_assert_num_queries, number):
    for n in range(number):
        day = date(2030, 5, n + 1)
        WorkshopFactory(meeting__starts_on=day, meeting__ends_on=day, starts_at=timezone.now())

    with django_assert_num_queries(2):
        client.get(ALL)


# ------------------------------------------------------------------ an institution's own


@pytest.fixture
def institution():
    return InstitutionFactory(name="Biogas Institute")


def path_of(institution):
    return calendar_address(institution).removeprefix("https://portal.example.org")


@pytest.fixture
def delegation(meeting, workshop, institution):
    """Two people with places at the meeting; one of them at the workshop."""
    other = WorkshopFactory(meeting=meeting, title="Other", starts_at=workshop.starts_at)
    delegation = DelegationFactory(
        meeting=meeting, institution=institution, people=2, people__workshops=[workshop, other]
    )
    delegation.delegates.update(place=PlaceState.CONFIRMED, line=1, family_name="Tang")
    first = delegation.delegates.first()
    first.workshop_places.filter(workshop=workshop).update(place=PlaceState.CONFIRMED, line=1)
    first.workshop_places.filter(workshop=other).update(place=PlaceState.WAITING, line=1)
    delegation.state = "submitted"
    delegation.save()
    return delegation


def test_an_institution_finds_its_meetings_and_workshops_and_no_names(
    client, meeting, workshop, delegation, institution
):
    MeetingFactory(starts_on=date(2031, 5, 1), ends_on=date(2031, 5, 1))
    new_calendar_token(institution, UserFactory())

    events, calendar = read(client, path_of(institution))

    assert events.keys() == {uid_of(meeting), uid_of(workshop)}
    assert calendar["x-wr-calname"] == "Meetings attended by Biogas Institute"
    assert b"Tang" not in calendar.to_ical()


def test_places_of_others_are_not_its_own(client, delegation):
    other = InstitutionFactory()
    new_calendar_token(other, UserFactory())

    assert read(client, path_of(other))[0] == {}


def test_a_withdrawn_delegation_leaves_the_calendar(client, delegation, institution):
    new_calendar_token(institution, UserFactory())
    delegation.delegates.update(place=PlaceState.WITHDRAWN)

    assert read(client, path_of(institution))[0] == {}


def test_the_address_is_secret_whole_and_kept_out_of_caches_and_searches(client, institution):
    assert calendar_address(institution) == ""

    token = new_calendar_token(institution, UserFactory())

    with translation.override("en"):
        address = calendar_address(institution)
    secret = re.fullmatch(
        r"https://portal\.example\.org/meetings/calendar/([-\w]{32}-\w{32})\.ics", address
    )[1]
    with translation.override("zh-hans"):
        assert calendar_address(institution).endswith(f"/zh-hans/meetings/calendar/{secret}.ics")
    assert secret.startswith(token.token)
    response = client.get(path_of(institution))
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_what_the_database_holds_opens_no_calendar(client, institution):
    token = new_calendar_token(institution, UserFactory())

    for guessed in (token.token, f"{token.token}-", f"{token.token}-{'0' * 32}"):
        assert client.get(f"/meetings/calendar/{guessed}.ics").status_code == 404


def test_an_address_holds_while_its_key_is_kept(client, institution, settings):
    new_calendar_token(institution, UserFactory())
    former = path_of(institution)

    settings.ENCRYPTION_KEYS = ["a new one", *settings.ENCRYPTION_KEYS]
    assert client.get(former).status_code == 200
    settings.ENCRYPTION_KEYS = ["a new one"]
    assert client.get(former).status_code == 404
    assert client.get(path_of(institution)).status_code == 200


def test_a_new_address_and_revoking_end_the_former(client, institution):
    new_calendar_token(institution, UserFactory())
    former = path_of(institution)

    new_calendar_token(institution, UserFactory())
    present = path_of(institution)

    assert client.get(former).status_code == 404
    assert client.get(present).status_code == 200
    assert revoke_calendar_token(institution) is True
    assert client.get(present).status_code == 404
    assert revoke_calendar_token(institution) is False
    assert calendar_address(institution) == ""


@pytest.mark.parametrize("token", ["calendar-of-nobody", "x", "-"])
def test_a_guessed_address_leads_nowhere(client, token):
    assert client.get(f"/meetings/calendar/{token}.ics").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_make_an_address_at_once_leave_one():
    institution, user = InstitutionFactory(), UserFactory()
    barrier, errors = Barrier(2), []

    def make():
        try:
            barrier.wait(timeout=10)
            new_calendar_token(institution, user)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert CalendarToken.objects.count() == 2
    assert CalendarToken.objects.valid().count() == 1
