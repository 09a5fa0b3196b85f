"""With the keyboard alone, in a real browser: registering, filtering and the menu."""

import pytest
from playwright.sync_api import expect

from meetings.models import Delegate
from tests import make
from tests.browser.keys import Keys

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def meeting():
    meeting = make.OpenMeeting(
        title="Meeting of ours",
        title_zh_hans="我们的会议",
        capacity=1,
        quota=5,
    )
    make.Workshop(meeting=meeting, title="Small hydropower")
    return meeting


@pytest.fixture
def projects():
    viet_nam, kenya = make.Country(iso2="VN", name="Viet Nam"), make.Country(iso2="KE")
    tea = make.Sector(slug="tea", name="Tea")
    make.Project(title="Tea in Viet Nam", countries=[viet_nam], sectors=[tea])
    make.Project(title="Tea in Kenya", countries=[kenya], sectors=[tea])


def focus(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


@pytest.mark.parametrize(
    "viewport",
    [pytest.param(DESK, id="desk", marks=pytest.mark.proof), pytest.param(PHONE, id="phone")],
)
def test_a_delegation_is_registered_from_first_to_last_page(open_page, meeting, viewport):
    page = open_page(make.Affiliation().user, viewport=viewport)
    keys = Keys(page)
    field, button, link = page.locator, page.get_by_role, page.get_by_role

    page.goto(f"/meetings/{meeting.slug}/")
    keys.open(link("link", name="Register your delegation"))

    # Enter in a field sends the form: the mistake is told, and its link leads to the field.
    keys.to(field("#id_people-0-family_name"))
    keys.type("张")
    with page.expect_navigation():
        keys.press("Enter")
    assert focus(page) == "error-summary"
    keys.to(link("link", name="Family name: Use Latin letters"))
    keys.press("Enter")
    assert focus(page) == "id_people-0-family_name"
    keys.press("Control+A")
    keys.type("Zhang")
    keys.to(field("#id_people-0-given_names"))
    keys.type("Wei")
    keys.open(button("button", name="Add a person"))
    keys.to(field("#id_people-1-to_be_named"))
    keys.press("Space")
    keys.open(button("button", name="Save and continue"))

    keys.to(page.get_by_role("checkbox").first)
    keys.press("Space")
    keys.open(button("button", name="Save and continue"))
    keys.to(page.get_by_role("radio").first)
    keys.press("ArrowDown", "ArrowUp")
    assert page.get_by_role("radio").first.is_checked()
    keys.open(button("button", name="Submit registration for 2 people"))

    expect(page.get_by_role("heading", level=1)).to_have_text("The registration has arrived")
    sent = Delegate.objects.order_by("position").values_list("family_name", "to_be_named")
    assert list(sent) == [("Zhang", False), ("", True)]
    assert keys.faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_filters_are_opened_set_and_taken_away_on_a_phone(open_page, projects, scripts):
    page = open_page(viewport=PHONE, java_script_enabled=scripts)
    keys = Keys(page)
    page.goto("/projects/")

    keys.to(page.locator("#filters > summary"))
    keys.press("Enter")
    keys.to(page.locator("#country-VN"))
    keys.press("Space")
    if scripts:
        # The list is there at once, and the focus where it was.
        expect(page.locator("#found")).to_have_text("1 project in Viet Nam")
        assert focus(page) == "country-VN"
        keys.to(page.get_by_role("button", name="Show results"))
        keys.press("Enter")
        assert focus(page) == "show-results"
    else:
        keys.open(page.get_by_role("button", name="Show results"))
    expect(page.locator("#found")).to_have_text("1 project in Viet Nam")

    keys.open(page.get_by_role("link", name="Remove filter Country: Viet Nam"))
    expect(page.locator("#found")).to_have_text("2 projects")
    page.goto("/projects/?country=VN&sector=tea")
    keys.open(page.get_by_role("link", name="Clear all"))
    expect(page.locator("#found")).to_have_text("2 projects")
    assert keys.faults == []


def test_the_menu_the_language_and_the_way_past_them(open_page, projects):
    page = open_page(viewport=PHONE)
    keys = Keys(page)
    page.goto("/projects/")

    keys.tab()
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keys.press("Enter")
    keys.tab()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    page.goto("/projects/")
    keys.to(page.get_by_text("Menu", exact=True))
    keys.press("Enter")
    keys.open(page.locator(".menu").get_by_role("link", name="Institutions", exact=True))
    assert page.url.endswith("/members/")
    keys.open(page.locator("#language").get_by_role("link", name="中文"))
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert keys.faults == []
