"""A yearly report in a real browser: made and published; in both languages, on a phone."""

import pytest
from playwright.sync_api import expect

from secretariat.models import YearlyReport
from tests import make
from tests.browser.pages import fits

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
ENGLISH = ("", None, ("Save and continue editing", "Publish the report"))
CHINESE = ("/zh-hans", PHONE, ("保存并继续编辑", "发布报告"))


@pytest.mark.parametrize(
    ("prefix", "viewport", "words"),
    [pytest.param(*ENGLISH, marks=pytest.mark.proof), CHINESE],
    ids=["English", "Chinese phone"],
)
def test_a_report_is_made_and_published(open_page, prefix, viewport, words):
    make.Project(year_approved=2019, granted_usd=36_500)
    save, publish = words
    options = {"viewport": viewport} if viewport else {}
    office = open_page(make.Administrator(), **options)

    office.goto(f"{prefix}/admin/secretariat/yearlyreport/add/")
    office.locator("#id_year").fill("2019")
    office.locator("#sections-group .add-row a").click()
    office.locator("#id_sections-0-section").select_option("money")
    office.locator("#id_sections-0-words").fill("Money first.")
    office.locator("#id_sections-0-words_zh_hans").fill("先看资金。")
    office.get_by_role("button", name=save).click()
    office.get_by_role("link", name=publish, exact=True).click()
    office.get_by_role("button", name=publish, exact=True).click()
    office.locator(".messagelist .success, .messagelist .info").wait_for()

    visitor = open_page(**options)
    visitor.goto(f"{prefix}/figures/")
    visitor.locator("#reports + ul a").click()
    visitor.get_by_text("先看资金。" if prefix else "Money first.").wait_for()
    visitor.get_by_role("link", name="36,500").click()
    expect(visitor.locator(".values li")).to_have_count(1)
    assert fits(visitor, ".values li")
    assert YearlyReport.objects.get().is_frozen
