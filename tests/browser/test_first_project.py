"""An officer enters a project, in a real browser; the clicks are counted."""

import pytest
from playwright.sync_api import expect

from projects.fields import FIELDS
from projects.models import Project
from tests import make
from tests.browser.pages import fits

pytestmark = pytest.mark.django_db(transaction=True)

SOURCES = "core-source-content_type-object_id"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TEXTS = {
    "title": "Bamboo houses",
    "title_zh_hans": "竹屋",
    "summary": "Houses of bamboo.",
    "challenge": "Wood is dear.",
    "approach": "Builders learn.",
    "outcome": "Forty houses.",
    "year_approved": "2025",
    "approved_on": "2025-09-26",
    "approval_meeting": "Annual meeting",
    "planned_start_on": "2026-01-01",
    "planned_end_on": "2027-12-31",
    "granted_usd": "US$ 35,000",
    "other_inputs_usd": "56,000",
    "other_cash_usd": "6 000",
    "other_kind_usd": "50000",
    "gender_evidence": "Half of the builders are women.",
    "beneficiaries": "Families",
    "beneficiaries_number": "1,200",
    "women_beneficiaries_number": "640",
}


class Hand:
    """Fills in a form; what is typed is reached by Tab, all else costs clicks."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, target):
        self.clicks += 1
        self.page.locator(target).click()

    def choose(self, field, label):
        """Open a list and choose from it."""
        self.clicks += 2
        self.page.locator(f"#id_{field}").select_option(label=label)

    def find(self, field, text):
        """Open a box that searches, type, and choose what was found."""
        self.click(f"#id_{field} + .select2")
        self.page.locator(".select2-container--open .select2-search__field").fill(text)
        self.click(f".select2-results__option:has-text({text!r})")


@pytest.fixture
def lists(db):
    make.Country(iso2="VN", name="Viet Nam", name_zh_hans="越南")
    make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    make.Institution(name="Bamboo Centre", name_zh_hans="竹子中心")
    make.PGTFArea(name="Energy", name_zh_hans="能源")
    make.Sector(name="Forestry", name_zh_hans="林业")
    for number, name in ((7, "Energy for all"), (13, "Climate")):
        make.SDG(number=number, name=name, name_zh_hans=name)


@pytest.mark.parametrize(
    ("language", "viewport", "words"),
    [
        ("", DESK, ("Viet Nam", "Kenya", "Bamboo Centre", "Energy", "Forestry")),
        pytest.param(
            *("", PHONE, ("Viet Nam", "Kenya", "Bamboo Centre", "Energy", "Forestry")),
            marks=pytest.mark.proof,
        ),
        pytest.param(
            *("/zh-hans", DESK, ("越南", "肯尼亚", "竹子中心", "能源", "林业")),
            marks=pytest.mark.proof,
        ),
        pytest.param(
            *("/zh-hans", PHONE, ("越南", "肯尼亚", "竹子中心", "能源", "林业")),
            marks=pytest.mark.proof,
        ),
    ],
)
def test_a_project_is_entered_with_at_most_21_clicks(open_page, lists, language, viewport, words):
    page = open_page(make.Administrator(), viewport=viewport)
    page.goto(f"{language}/admin/projects/project/")
    hand = Hand(page)
    lead, other, institution, area, sector = words

    hand.click(".object-tools .addlink")
    for field, text in TEXTS.items():
        page.locator(f"#id_{field}").fill(text)
    hand.click("input[name=programme][value=pgtf]")
    hand.choose("area", area)
    hand.click("input[name=status][value=ongoing]")
    hand.click("input[name=modality][value=south-south]")
    for row, name in enumerate(("Letter of approval", "Report of 2025", "News of 2025")):
        if row == 2:
            hand.click(f"#{SOURCES}-group .add-row :is(a, button)")
        page.locator(f"#id_{SOURCES}-{row}-name").fill(name)
    hand.click(f"input[name={SOURCES}-1-fields][value=granted_usd]")
    hand.find("project_countries-0-country", lead)
    hand.find("project_countries-1-country", other)
    hand.find("project_institutions-0-institution", institution)
    hand.choose("project_sectors-0-sector", sector)
    for row, number in enumerate((7, 13)):
        hand.choose(f"project_sdgs-{row}-sdg", f"{number} " + ("Energy for all", "Climate")[row])
    hand.click(".submit-row input[name=_save]")

    expect(page.locator(".messagelist .success")).to_be_visible()
    project = Project.objects.get()
    assert hand.clicks <= 21
    assert set(project.project_countries.values_list("country", "role")) == {
        ("VN", "lead"),
        ("KE", "participating"),
    }
    assert list(project.project_sdgs.values_list("sdg__number", "place")) == [(7, 0), (13, 1)]
    assert [gap.field for gap in project.gaps() if gap.blocks] == []
    assert (project.granted_usd, project.women_beneficiaries_number) == (35000, 640)
    assert FIELDS.facts(project)["granted_usd"].sources == (2,)
    assert FIELDS.facts(project)["programme"].sources == (1, 3)


def test_save_and_sections_stay_in_sight_and_a_new_row_is_written_in_at_once(open_page, lists):
    page = open_page(make.Administrator(), viewport=PHONE)
    page.goto("/admin/projects/project/add/")

    for key in ("End", "Home"):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Goals (SDGs)").click()
    expect(page.get_by_role("navigation", name="Sections of the form")).to_be_in_viewport()
    page.get_by_role("button", name="Add another Number of the Fund").click()
    page.keyboard.type("INT/25/K99")
    assert page.locator("#id_fund_numbers-1-number").input_value() == "INT/25/K99"
    assert fits(page, "#id_fund_numbers-1-number")
