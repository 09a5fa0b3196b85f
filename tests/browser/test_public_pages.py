"""The public pages in a real browser: with scripts and without, wide and narrow."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.pages import complaints, follow
from tests.browser.questions.contrast import CONTRAST

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def projects(db):
    """Eleven countries with a project each; two of them in Viet Nam."""
    make.Page(title="About the Network", slug="about", body="Text.")
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    water, trade = make.Sector(slug="water"), make.Sector(slug="trade")
    make.Project(title="Water in Viet Nam", countries=[viet_nam], sectors=[water])
    make.Project(title="Trade with Viet Nam", countries=[viet_nam], sectors=[trade])
    for n in range(10):
        country = make.Country(iso2=f"A{chr(75 + n)}", tile_column=n, tile_row=1)
        make.Project(title=f"Water {n}", countries=[country], sectors=[water])


def test_ticking_a_filter_refreshes_the_page_and_going_back_undoes_it(page):
    found = complaints(page)
    page.goto("/projects/")

    page.locator("#country-VN").focus()
    page.keyboard.press("Space")

    page.wait_for_url("**country=VN**")
    expect(page.locator("#found")).to_have_text(re.compile("^2"))
    assert page.locator("#found").inner_text() == "2 projects in Viet Nam"
    assert page.locator(".result").count() == 2
    assert page.locator("label", has=page.locator("#sector-trade")).inner_text().endswith("1")
    assert "country=VN" in page.locator("#language a").get_attribute("href")
    assert page.locator("#announcement").text_content().strip() == "2 projects in Viet Nam"
    # The focus stays on what was ticked.
    assert page.evaluate("document.activeElement.id") == "country-VN"
    page.go_back()
    expect(page.locator("#found")).to_have_text(re.compile("^12"))
    assert not page.get_by_role("checkbox", name="Viet Nam").is_checked()

    # What was opened stays open.
    page.get_by_text("More filters").click()
    page.locator("#programme-pgtf").check()
    page.wait_for_url("**programme=pgtf**")
    page.locator("#programme-pgtf").uncheck()
    page.wait_for_url(lambda url: "programme=pgtf" not in url)
    expect(page.locator("#found")).to_have_text("12 projects")
    assert page.locator("#more-filters").get_attribute("open") is not None
    assert found == []


def test_all_values_are_found_while_one_types(page):
    found = complaints(page)
    page.goto("/projects/")

    follow(page.get_by_role("link", name="Show all 11 : Country"))
    page.get_by_label("Find a value").fill("viet")

    expect(page.locator("#values li:not([hidden])")).to_have_count(1)
    follow(page.get_by_role("link", name="Viet Nam"))
    follow(page.get_by_role("link", name="Show the 2 results"))
    assert page.url.endswith("/projects/?country=VN")
    assert found == []

    # What is typed before the script came counts.
    held = []
    page.route("**/js/find*.js", lambda route: held.append(route))
    page.goto("/projects/values/country/", wait_until="commit")
    page.get_by_label("Find a value").fill("viet")
    held[0].continue_()
    expect(page.locator("#values li:not([hidden])")).to_have_count(1)


def test_the_list_and_the_menu_of_a_phone_work_without_scripts(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/projects/")
    page.get_by_role("checkbox", name="Viet Nam").check()
    follow(page.get_by_role("button", name="Show results"))
    expect(page.locator(".result")).to_have_count(2)
    assert "country=VN" in page.url

    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/projects/")
    link = page.locator(".menu").get_by_role("link", name="Institutions", exact=True)
    assert not link.is_visible()
    page.get_by_text("Menu", exact=True).click()
    follow(link)
    assert page.url.endswith("/members/")


def test_the_question_is_one_button_on_a_phone_and_stands_beside_the_title_on_a_desk(open_page):
    def places_on(**options):
        page = open_page(**options)
        page.goto("/projects/water-in-viet-nam/")
        places = [page.locator(part).bounding_box() for part in ("h1", ".ask-panel", ".folds")]
        return places, page.locator("#question").is_visible()

    below, is_open = places_on(viewport=PHONE, is_mobile=True)
    assert not is_open
    assert [place["y"] for place in below] == sorted(place["y"] for place in below)
    (title, ask, _folds), is_open = places_on()
    assert is_open
    assert ask["x"] > title["x"]
    assert ask["y"] <= title["y"]


def test_the_first_visit_of_home_is_at_most_120_kb(page):
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))

    page.goto("/", wait_until="networkidle")

    # Uncompressed, as the test's server sends them; on the way to a reader they are smaller.
    assert 0 < sum(sizes) < 120_000


def test_texts_of_the_list_can_be_told_from_their_ground_light_and_dark(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/projects/?country=VN&country=XX")
        assert page.evaluate(CONTRAST) == [], scheme
