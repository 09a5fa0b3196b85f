"""The catalogue in a real browser: from a need to the one project, its file, and back."""

import csv

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.pages import follow

pytestmark = pytest.mark.django_db(transaction=True)

QUERY = "?country=VN&country=ID&sector=forestry-and-bamboo"


@pytest.fixture
def many():
    """Sixty projects, three pages; one in three is in Viet Nam."""
    viet_nam, kenya = make.Country(iso2="VN", name="Viet Nam"), make.Country(iso2="KE")
    tea = make.Sector(slug="tea", name="Tea")
    for n in range(60):
        countries = [kenya] if n % 3 else [kenya, viet_nam]
        make.Project(title=f"Tea {n:02}", countries=countries, sectors=[tea], year_approved=2020)


@pytest.fixture(params=["without scripts", pytest.param("with scripts", marks=pytest.mark.proof)])
def visitor(request, open_page):
    return open_page(java_script_enabled=request.param == "with scripts")


@pytest.fixture
def few():
    """Four projects, of which one is about bamboo, in two countries."""
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    indonesia = make.Country(iso2="ID", name="Indonesia", tile_column=27, tile_row=10)
    bamboo = make.Sector(slug="forestry-and-bamboo", name="Forestry and bamboo")
    make.Project(title="Bamboo houses", countries=[viet_nam, indonesia], sectors=[bamboo])
    make.Project(title="Bamboo paper", countries=[make.Country()], sectors=[bamboo])
    for country in (viet_nam, indonesia):
        make.Project(countries=[country], sectors=[make.Sector()])


def test_two_countries_and_a_sector_give_the_one_project_its_file_and_the_way_back(few, visitor):
    visitor.goto(f"/projects/{QUERY}")
    assert visitor.locator("#found").inner_text() == (
        "1 project in Viet Nam or Indonesia about forestry and bamboo"
    )
    title = visitor.locator(".result h3 a").inner_text()

    follow(visitor.locator(".result h3 a"))
    assert visitor.locator("h1").inner_text() == title
    canonical = visitor.locator("link[rel=canonical]").get_attribute("href")
    assert "?" not in canonical
    follow(visitor.get_by_role("link", name="Your 1 result"))
    assert visitor.url.partition("#")[0].endswith(f"/projects/{QUERY}")
    assert visitor.locator(".result").count() == 1

    follow(visitor.get_by_role("link", name="Download"))
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["title_en"] for row in csv.DictReader(file)] == [title]

    visitor.go_back()
    assert visitor.url.partition("#")[0].endswith(f"/projects/{QUERY}")

    # A tile of the map adds its country.
    visitor.goto("/projects/?view=map&sector=forestry-and-bamboo")
    follow(visitor.get_by_role("link", name="Viet Nam: 1 project"))
    assert "country=VN" in visitor.url
    assert "view=map" in visitor.url
    expect(visitor.locator("#found")).to_contain_text("1 project in Viet Nam")


def test_back_leads_to_the_same_page_and_place(many, visitor):
    visitor.goto("/projects/?country=KE&sort=title&page=2")
    follow(visitor.get_by_role("link", name="Tea 35"))

    follow(visitor.get_by_role("link", name="Your 60 results"))

    assert "?country=KE&sort=title&page=2#SSC-" in visitor.url
    place = visitor.get_by_role("link", name="Tea 35").bounding_box()
    assert 0 <= place["y"] < visitor.viewport_size["height"]


def test_ticking_starts_at_the_first_page_and_back_undoes_one_step(many, page):
    page.goto("/projects/?sort=title&view=table&page=2")

    page.locator("#country-VN").check()
    page.wait_for_url("**country=VN**")
    expect(page.locator("#found")).to_contain_text("20 projects")

    # The order and the view are kept.
    assert "page=" not in page.url
    assert "sort=title" in page.url
    assert page.locator("tbody tr").first.locator("th").inner_text() == "Tea 00"
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Title")

    page.locator("#sector-tea").check()
    page.wait_for_url("**sector=tea**")
    page.go_back()
    page.wait_for_url(lambda url: "sector=tea" not in url and "country=VN" in url)
    expect(page.locator("#found")).to_contain_text("20 projects")
    assert page.locator("#country-VN").is_checked()
    assert not page.locator("#sector-tea").is_checked()


def test_the_panel_does_not_flicker(many, page):
    """The list before stays in sight until the new one is there, focus and place stay."""
    page.goto("/projects/")
    page.evaluate("""() => {
        window.least = Infinity;
        new MutationObserver(() => {
            const height = document.querySelector("#catalogue")?.offsetHeight ?? 0;
            window.least = Math.min(window.least, height);
        }).observe(document.querySelector("main"), {childList: true, subtree: true});
        scrollTo(0, 150);
    }""")
    page.locator("#country-VN").focus()
    page.evaluate("scrollTo(0, 150)")

    page.keyboard.press("Space")
    expect(page.locator("#found")).to_contain_text("20 projects")

    assert page.evaluate("document.activeElement.id") == "country-VN"
    assert page.evaluate("scrollY") == 150
    assert page.evaluate("window.least") > 500
