"""Meetings in a real browser: the programme on a phone, the calendar file, and the admin's way."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar
from playwright.sync_api import expect

from meetings import places
from meetings.models import DelegateLink, Meeting
from meetings.office.check_in import door_code
from tests import make
from tests.browser.pages import complaints, fits, follow
from tests.browser.questions.contrast import CONTRAST
from tests.english import english_on

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


# ------------------------------------------------------------------ on a phone, in WeChat

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47 Language/zh_CN"
)


def test_a_delegate_checks_in_by_the_code_of_the_door_in_wechat(open_page):
    """With downloads and windows blocked, and without scripts; not tried on a device."""
    today = timezone.localdate()
    meeting = make.Meeting(title_zh_hans="合作网年会", title="", starts_on=today, ends_on=today,
                           retain_until=today)  # fmt: skip
    begins = timezone.localtime(timezone=meeting.zone).time()
    meeting.agenda_items.create(day=today, begins=begins, title="Opening")
    delegate = make.Delegate(delegation=make.Delegation(meeting=meeting), chinese_name="李伟")
    places.submit(delegate.delegation)
    with override("zh-hans"):
        own = DelegateLink.renew(delegate).path()
        door = reverse("meetings:at_the_door", args=[door_code.code_at(meeting)])
    phone = open_page(
        viewport={"width": 390, "height": 844}, is_mobile=True, locale="zh-CN",
        user_agent=WECHAT, java_script_enabled=False, accept_downloads=False,
    )  # fmt: skip
    for address in (own, meeting.get_absolute_url(), door):
        phone.goto(address)
        assert phone.locator("[target=_blank]").count() == 0
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto(own)
    expect(phone.get_by_text("微信不能保存文件")).to_be_visible()
    phone.get_by_role("link", name="日历文件").click()
    phone.get_by_role("link", name="签到", exact=True).click()
    expect(phone.get_by_label("会场门口的签到码")).to_have_value(door_code.code_at(meeting))
    phone.get_by_role("button", name="我已到场").click()
    expect(phone.get_by_role("status")).to_contain_text("您已于")
    assert delegate.attendance.by_self
    assert english_on(phone) == []
