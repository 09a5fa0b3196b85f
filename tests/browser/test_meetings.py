"""Meetings in a real browser: the programme on a phone, the calendar file, and the admin's way."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Meeting
from tests import make
from tests.browser.pages import complaints, fits, follow
from tests.browser.questions.contrast import CONTRAST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting():
    make.Page(title="Contact", slug="contact")
    now = timezone.now()
    meeting = make.Meeting(
        title="Annual meeting with a title that is long enough for two lines of a phone",
        title_zh_hans="年会",
        starts_on=date(2030, 5, 1),
        ends_on=date(2030, 5, 2),
        city="Kunming",
        quota=5,
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=1),
    )
    make.Workshop(
        meeting=meeting,
        title="Small hydropower",
        starts_at=datetime(2030, 5, 2, 1, tzinfo=UTC),
        ends_at=datetime(2030, 5, 2, 4, tzinfo=UTC),
    )
    for hour in range(9, 18):
        meeting.agenda_items.create(
            day=date(2030, 5, 1), begins=time(hour), title=f"Talk at {hour}", speakers="A speaker"
        )
    return meeting


@pytest.fixture
def phone(open_page):
    viewport = {"width": 360, "height": 740}
    return open_page(viewport=viewport, is_mobile=True, java_script_enabled=False)


def top_of(locator):
    return locator.bounding_box()["y"]


def test_from_the_menu_to_the_programme_and_in_chinese(meeting, page):
    found = complaints(page)
    page.goto("/")

    menu = page.get_by_role("navigation", name="Main menu")
    follow(menu.get_by_role("link", name="Activities"))
    follow(page.get_by_role("link", name="Annual meeting"))
    follow(page.get_by_role("link", name="Programme"))

    assert page.url.endswith("#programme")
    assert page.get_by_role("heading", name="Thursday, 2 May 2030").is_visible()
    follow(page.locator("#language a"))
    assert page.get_by_role("heading", level=1).inner_text() == "年会"
    assert found == []


def test_a_meetings_page_on_a_phone_without_scripts_and_on_a_desk(meeting, phone, page):
    phone.goto(meeting.get_absolute_url())

    assert fits(phone, ".slot")
    slot = phone.locator(".slot", has_text="Talk at 9")
    when, what = slot.locator(".time"), slot.get_by_role("heading")
    assert top_of(when) < top_of(what)
    assert when.bounding_box()["x"] == what.bounding_box()["x"]
    # The day stays in sight while its items pass.
    phone.locator(".slot", has_text="Talk at 17").scroll_into_view_if_needed()
    day = phone.get_by_role("heading", name="Wednesday, 1 May 2030")
    assert 0 <= day.bounding_box()["y"] < 200
    # Registering comes before the facts, and leads to signing in.
    register = phone.get_by_role("link", name="Register your delegation")
    assert top_of(register) < top_of(phone.get_by_role("heading", name="Facts"))
    follow(register)
    assert "/accounts/" in phone.url or "/register/" in phone.url
    assert phone.get_by_role("heading", level=1).is_visible()

    # On a desk times stand beside what happens.
    page.goto(meeting.get_absolute_url())
    slot = page.locator(".slot", has_text="Talk at 9")
    when, what = (part.bounding_box() for part in (slot.locator(".time"), slot.locator("h4")))
    assert when["x"] + when["width"] <= what["x"]
    assert abs(when["y"] - what["y"]) < 12


def test_the_calendar_file_is_saved_and_keeps_its_uids(meeting, page):
    def saved():
        page.goto(meeting.get_absolute_url())
        with page.expect_download() as download:
            page.get_by_role("link", name="Add to your calendar").click()
        assert download.value.suggested_filename == f"{meeting.slug}.ics"
        calendar = Calendar.from_ical(download.value.path().read_bytes())
        return {str(event["uid"]): event for event in calendar.walk("VEVENT")}

    before = saved()
    Meeting.objects.update(cancelled_at=timezone.now())
    after = saved()

    assert len(before) == 2
    assert before.keys() == after.keys()
    assert {str(event["status"]) for event in before.values()} == {"CONFIRMED"}
    assert {str(event["status"]) for event in after.values()} == {"CANCELLED"}


def test_words_of_the_page_can_be_read_light_and_dark(page, meeting):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(meeting.get_absolute_url())
        assert page.locator(".registration").count() == 1
        assert page.evaluate(CONTRAST) == [], scheme
