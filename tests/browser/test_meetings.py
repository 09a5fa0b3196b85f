"""Meetings in a real browser: the programme on a phone, the calendar file, and the admin's way."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Meeting
from tests import make
from tests.browser.pages import complaints, fits, follow

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
def phone(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def top_of(locator):
    return locator.bounding_box()["y"]


def test_from_the_menu_to_the_programme_and_in_chinese(meeting, page):
    found = complaints(page)
    page.goto("/")

    menu = page.get_by_role("navigation", name="Main menu")
    follow(menu.get_by_role("link", name="Meetings"))
    follow(page.get_by_role("link", name="Annual meeting"))
    follow(page.get_by_role("link", name="Programme"))

    assert page.url.endswith("#programme")
    assert page.get_by_role("heading", name="Thursday, 2 May 2030").is_visible()
    follow(page.locator("#language a"))
    assert page.get_by_role("heading", level=1).inner_text() == "年会"
    assert found == []


def test_the_programme_reads_well_on_a_phone_without_scripts(meeting, phone):
    phone.goto(meeting.get_absolute_url())

    assert fits(phone, ".slot")
    slot = phone.locator(".slot", has_text="Talk at 9")
    when, what = slot.locator(".time"), slot.get_by_role("heading")
    assert top_of(when) < top_of(what)
    assert when.bounding_box()["x"] == what.bounding_box()["x"]
    # The day stays in sight while its items pass.
    phone.locator(".slot", has_text="Talk at 17").scroll_into_view_if_needed()
    day = phone.get_by_role("heading", name="Wednesday, 1 May 2030")
    assert day.bounding_box()["y"] >= 0
    assert day.bounding_box()["y"] < 200


def test_times_stand_beside_what_happens_on_a_desk(meeting, page):
    page.goto(meeting.get_absolute_url())

    slot = page.locator(".slot", has_text="Talk at 9")
    when, what = (part.bounding_box() for part in (slot.locator(".time"), slot.locator("h4")))

    assert when["x"] + when["width"] <= what["x"]
    assert abs(when["y"] - what["y"]) < 12


def test_registering_comes_before_the_facts_and_leads_to_signing_in(meeting, phone):
    phone.goto(meeting.get_absolute_url())
    register = phone.get_by_role("link", name="Register your delegation")
    assert top_of(register) < top_of(phone.get_by_role("heading", name="Facts"))

    follow(register)

    assert "/accounts/" in phone.url or "/register/" in phone.url
    assert phone.get_by_role("heading", level=1).is_visible()


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


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.proof)])
def test_words_on_the_registration_box_can_be_read(browser, live_server, meeting, scheme):
    context = browser.new_context(base_url=live_server.url, color_scheme=scheme)
    page = context.new_page()
    page.goto(meeting.get_absolute_url())

    colours = page.evaluate(
        """() => {
            const box = document.querySelector(".registration");
            const channel = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            const light = (text) => {
                const canvas = document.createElement("canvas").getContext("2d");
                canvas.fillStyle = text;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255);
                return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
            };
            const ground = light(getComputedStyle(box).backgroundColor);
            return [...box.querySelectorAll("p, h2, a:not(.button)")].map((part) => {
                const ink = light(getComputedStyle(part).color);
                const [a, b] = [Math.max(ink, ground), Math.min(ink, ground)];
                return (a + 0.05) / (b + 0.05);
            });
        }"""
    )
    context.close()

    assert len(colours) > 3
    assert min(colours) >= 4.5
