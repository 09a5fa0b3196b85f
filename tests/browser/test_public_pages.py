"""The public pages in a real browser: with scripts and without, wide and narrow."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.pages import complaints, follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def projects():
    """Nine countries with a project each; two of them in Viet Nam."""
    make.Page(title="About the Network", slug="about", body="Text.")
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    water, trade = make.Sector(slug="water"), make.Sector(slug="trade")
    make.Project(title="Water in Viet Nam", countries=[viet_nam], sectors=[water])
    make.Project(title="Trade with Viet Nam", countries=[viet_nam], sectors=[trade])
    for n in range(10):
        country = make.Country(iso2=f"A{chr(75 + n)}", tile_column=n, tile_row=1)
        make.Project(title=f"Water {n}", countries=[country], sectors=[water])


@pytest.fixture
def phone(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, is_mobile=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_ticking_a_filter_refreshes_list_counts_address_and_switch(projects, page):
    found = complaints(page)
    page.goto("/projects/")

    page.get_by_role("checkbox", name="Viet Nam").check()

    page.wait_for_url("**country=VN**")
    expect(page.locator("#found")).to_have_text(re.compile("^2"))
    assert page.locator("#found").inner_text() == "2 projects in Viet Nam"
    assert page.locator(".result").count() == 2
    assert page.locator("label", has=page.locator("#sector-trade")).inner_text().endswith("1")
    assert "country=VN" in page.locator("#language a").get_attribute("href")
    assert page.locator("#announcement").text_content().strip() == "2 projects in Viet Nam"
    assert found == []


def test_focus_stays_on_what_was_ticked(projects, page):
    page.goto("/projects/")

    page.locator("#country-VN").focus()
    page.keyboard.press("Space")
    page.wait_for_url("**country=VN**")
    expect(page.locator("#found")).to_have_text(re.compile("^2"))

    assert page.evaluate("document.activeElement.id") == "country-VN"


def test_what_was_opened_stays_open(projects, page):
    page.goto("/projects/")

    page.get_by_text("More filters").click()
    page.locator("#programme-pgtf").check()
    page.wait_for_url("**programme=pgtf**")
    page.locator("#programme-pgtf").uncheck()
    page.wait_for_url(lambda url: "programme=pgtf" not in url)
    expect(page.locator("#found")).to_have_text("12 projects")

    assert page.locator("#more-filters").get_attribute("open") is not None


def test_all_values_are_found_while_one_types(projects, page):
    found = complaints(page)
    page.goto("/projects/")

    follow(page.get_by_role("link", name="Show all 11 : Country"))
    page.get_by_label("Find a value").fill("viet")

    expect(page.locator("#values li:not([hidden])")).to_have_count(1)
    follow(page.get_by_role("link", name="Viet Nam"))
    follow(page.get_by_role("link", name="Show the 2 projects"))
    assert page.url.endswith("/projects/?country=VN")
    assert found == []


def test_what_is_typed_before_the_script_came_counts(projects, page):
    held = []
    page.route("**/js/find*.js", lambda route: held.append(route))
    page.goto("/projects/values/country/", wait_until="commit")

    page.get_by_label("Find a value").fill("viet")
    held[0].continue_()

    expect(page.locator("#values li:not([hidden])")).to_have_count(1)


def test_going_back_shows_the_list_before(projects, page):
    page.goto("/projects/")
    page.get_by_role("checkbox", name="Viet Nam").check()
    page.wait_for_url("**country=VN**")

    page.go_back()

    expect(page.locator("#found")).to_have_text(re.compile("^12"))
    assert not page.get_by_role("checkbox", name="Viet Nam").is_checked()


def test_the_list_works_without_scripts(projects, without_scripts):
    page = without_scripts
    page.goto("/projects/")

    page.get_by_role("checkbox", name="Viet Nam").check()
    follow(page.get_by_role("button", name="Show results"))

    expect(page.locator(".result")).to_have_count(2)
    assert "country=VN" in page.url


def test_the_menu_opens_without_scripts_on_a_phone(projects, browser, live_server):
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/projects/")
    link = page.get_by_role("link", name="Members", exact=True)
    assert not link.is_visible()

    page.get_by_text("Menu", exact=True).click()
    follow(link)

    assert page.url.endswith("/members/")
    context.close()


def test_the_facts_come_after_the_outcome_on_a_phone(projects, phone):
    phone.goto("/projects/water-in-viet-nam/")

    parts = [phone.locator(part).bounding_box()["y"] for part in (".story", ".facts", ".more")]

    assert parts == sorted(parts)
    assert len(set(parts)) == 3


def test_the_facts_stand_beside_the_text_on_a_desk(projects, page):
    page.goto("/projects/water-in-viet-nam/")

    facts = page.locator(".facts").bounding_box()
    story = page.locator(".story").bounding_box()

    assert facts["x"] > story["x"]
    assert facts["y"] == story["y"]


def test_a_tile_opens_the_projects_of_its_country(projects, page):
    page.goto("/")

    follow(page.get_by_role("link", name="Viet Nam: 2 projects"))

    assert page.url.endswith("/countries/VN/")
    assert page.locator(".result").count() == 2


def test_the_first_visit_of_home_is_at_most_120_kb(projects, page):
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))

    page.goto("/", wait_until="networkidle")

    # Uncompressed, as the test's server sends them; on the way to a reader they are smaller.
    assert 0 < sum(sizes) < 120_000


def test_text_and_marks_can_be_told_from_their_ground(projects, page):
    """Measure the contrast of every text on the list, light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/projects/?country=VN&country=XX")
        assert page.evaluate(CONTRAST) == [], scheme


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const color = rgba(getComputedStyle(element).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    const hidden = element.closest(".visually-hidden, .skip-link");
    if (!text.length || hidden || !element.getClientRects().length) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.className}: ${text[0].data.trim()} ${ratio.toFixed(2)}`);
  }
  return low;
}"""
