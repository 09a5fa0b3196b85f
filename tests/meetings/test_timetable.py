"""The programme of a meeting, and words for days and moments."""

from datetime import UTC, date, datetime, time

import pytest

from meetings.programme.times import day_range, zone_in_words
from meetings.programme.timetable import timetable
from sscnet.core.i18n.dates import in_both_time_zones
from tests import make
from tests.meetings.pages import page_of, window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]


# ------------------------------------------------------------------ the programme


def test_the_programme_puts_items_and_workshops_into_days_and_times():
    meeting = make.Meeting(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 2))
    one, two = (make.Workshop(meeting=meeting) for _ in range(2))
    for workshop in (one, two):
        # 09:00 to 10:30 where the meeting is.
        workshop.starts_at = datetime(2030, 5, 2, 1, tzinfo=UTC)
        workshop.ends_at = datetime(2030, 5, 2, 2, 30, tzinfo=UTC)
        workshop.save()
    untimed = make.Workshop(meeting=meeting)
    items = meeting.agenda_items
    dinner = items.create(day=date(2030, 5, 1), begins=time(18), title="Dinner")
    arrival = items.create(day=date(2030, 5, 1), title="Arrival")
    talk = items.create(day=date(2030, 5, 2), begins=time(9), title="Talk", workshop=one)

    days, without_time = timetable(meeting)

    first, second = days.values()
    assert [slot[0].item for slot in first] == [arrival, dinner]
    (slot,) = second
    assert slot[0].times == (time(9), time(10, 30))
    assert [(entry.workshop, entry.talks) for entry in slot] == [(one, [talk]), (two, [])]
    assert without_time == [untimed]

    meeting = make.Meeting()
    # In Beijing it is the next day already.
    workshop = make.Workshop(meeting=meeting, starts_at=datetime(2030, 4, 30, 23, tzinfo=UTC))
    meeting.agenda_items.create(
        day=date(2030, 5, 2), begins=time(14), title="Second part", workshop=workshop
    )
    days, _untimed = timetable(meeting)
    assert [(day, slots[0][0].begins) for day, slots in days.items()] == [
        (date(2030, 5, 1), time(7)),
        (date(2030, 5, 2), time(14)),
    ]


def test_page_shows_programme_with_its_zone_speakers_and_papers(client):
    meeting = make.Meeting(
        starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), city="Nairobi",
        time_zone="Africa/Nairobi", **window(-1, 1), capacity=9,
    )  # fmt: skip
    make.Workshop(
        meeting=meeting, title="Hydropower", capacity=30, taken=28, room="Hall 2",
        starts_at=datetime(2030, 5, 1, 6, tzinfo=UTC),
    )  # fmt: skip
    meeting.agenda_items.create(
        day=date(2030, 5, 1), begins=time(8, 30), ends=time(8, 45), title="Opening",
        speakers="A speaker", papers="A paper",
    )  # fmt: skip

    page = page_of(client, meeting)

    assert "All times are local time in Nairobi (Africa/Nairobi, UTC+3)." in page
    assert "Wednesday, 1 May 2030" in page
    assert page.index(">08:30<") < page.index("Opening") < page.index(">09:00<")
    assert page.index(">09:00<") < page.index("<span>Hydropower</span>")
    for text in ("A speaker", "A paper", "Hall 2", "2 of 30 places are free."):
        assert text in page


# ------------------------------------------------------------------ words for days and moments


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2015, 11, 3), date(2015, 11, 3), "3 November 2015"),
        (date(2015, 11, 3), date(2015, 11, 5), "3–5 November 2015"),
        (date(2015, 11, 30), date(2015, 12, 2), "30 November – 2 December 2015"),
        (date(2015, 12, 30), date(2016, 1, 2), "30 December 2015 – 2 January 2016"),
    ],
)
def test_days_are_written_short(first, last, said):
    assert day_range(first, last) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (10, "25 November 2026, 18:00 Beijing time (10:00 UTC)"),
        (20, "26 November 2026, 04:00 Beijing time (25 November 2026, 20:00 UTC)"),
    ],
)
def test_moments_are_written_in_beijing_time_and_utc(hour, said):
    assert in_both_time_zones(datetime(2026, 11, 25, hour, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Shanghai", "Beijing time, UTC+8"),
        ("Asia/Kolkata", "Asia/Kolkata, UTC+5:30"),
        ("America/New_York", "America/New York, UTC-4"),
    ],
)
def test_a_zone_says_how_far_it_is_from_utc_on_that_day(zone, said):
    assert zone_in_words(zone, date(2026, 7, 1)) == said
