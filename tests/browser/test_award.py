"""From a proposal that was sent to the last payment and the final report, in a real browser."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format
from playwright.sync_api import expect

from projects.calls.handling.reports import today
from projects.models import Project
from secretariat.back_office import groups
from tests import make
from tests.browser.pages import complaints, fits, follow
from tests.calls.made import full_proposal, officer_of, send
from tests.calls.proposals.complete import scan
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = "49th Ministerial Meeting of the Group of 77"
OUTCOME = "Ten villages cook with biogas, and masons of three countries build digesters."
# What the two read on their pages, by the language in the address.
READ = {
    "": {
        "due": "Upload the revised budget on “Biogas for villages”",
        "wrong": "The lines add up to US$ 27,000; the grant is US$ 28,000.",
        "waiting": "waiting for the Secretariat",
        "spent": "US$ 26,500 until ",
        "overspent": "More was spent than the Fund has paid",
    },
    "/zh-hans": {
        "due": "上传“乡村沼气”的修订预算",
        "wrong": "各项合计为27,000美元，资助额为28,000美元。",
        "waiting": "待秘书处处理",
        "spent": "26,500美元",
        "overspent": "支出已超过基金付款",
    },
}


@pytest.fixture
def proposal(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call = make.Call(final_report_months=3, progress_report_months=None)
    institution = make.Member(name="Biogas Institute", name_zh_hans="沼气研究所", slug="biogas")
    make.Affiliation(institution=institution)
    return send(full_proposal(call, institution=institution))


@pytest.fixture
def officer():
    groups.make_groups()
    return officer_of(group=groups.OFFICER, name="Wang Li")


class Desk:
    """An officer at the page of one proposal."""

    def __init__(self, page, proposal, language):
        self.page = page
        self.address = f"{language}/admin/calls/proposal/{proposal.pk}/change/"

    def open(self):
        self.page.goto(self.address)

    def take_step(self, state, **values):
        self.fill_in(f"/step/{state}/", **values)

    def fill_in(self, page_name, **values):
        """Fill in, look at the mails, and confirm."""
        self.open()
        follow(self.page.locator(f".figures a[href$='{page_name}']"))
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
        follow(self.page.locator(".submit-row input[type=submit]"))
        follow(self.page.locator("button[name=_confirmed]"))
        expect(self.page.locator("h2#standing")).to_be_visible()

    def press(self, page_name, more=""):
        follow(self.page.locator(f"button[formaction$='{page_name}']{more}").last)

    def accept(self):
        self.open()
        self.press("/judge/", "[name=_accept]")
        follow(self.page.locator("button.is-danger"))


@pytest.mark.parametrize("language", READ, ids=["English", "Chinese"])
def test_from_sent_to_the_last_payment_and_the_final_report(open_page, proposal, officer, language):
    read = READ[language]
    page = open_page(officer)
    desk = Desk(page, proposal, language)
    for state in ("cleared", "at_fund", "recommended"):
        desk.take_step(state)
    approved = today() - timedelta(days=40)
    desk.take_step("approved", on=str(approved), approval_meeting=MEETING, granted_usd="28000")

    # A draft of the catalogue: nothing is missing that would keep it from being published.
    desk.press("/award/")
    page.locator("#number").fill("INT/26/K07")
    desk.press("/number/")
    project = Project.objects.get()
    follow(page.get_by_role("link", name=project.code))
    expect(page.locator(".standing .blocks")).to_have_count(0)
    follow(page.locator("button[value=mark_ready]").first)
    follow(page.locator("button[value=publish]").first)
    page.locator(".step input[type=submit]").click()
    expect(page.locator(".standing .is-published")).to_be_visible()
    desk.fill_in("/letter/", conditions="Show two farms.")

    # The institution reads what was granted, takes the letter, and revises its budget.
    focal_point = proposal.institution.affiliations.get().user
    other = open_page(focal_point, viewport={"width": 390, "height": 844})
    found = complaints(other)
    other.goto(f"{language}/my/biogas/")
    follow(other.get_by_role("link", name=read["due"]))
    with other.expect_download() as download:
        other.locator("a[href$='/reports/letter/']").click()
    assert "INT/26/K07" in words(Path(download.value.path()).read_bytes())
    form = other.locator("section:has([name^=budget-])")
    for amount, line in zip(("26,000", "1,000", "0"), form.locator("input").all(), strict=True):
        line.fill(amount)
    follow(form.locator("button"))
    expect(form.get_by_text(read["wrong"])).to_be_visible()
    form.locator("input").first.fill("27,000")
    follow(form.locator("button"))
    expect(other.get_by_text(read["waiting"])).to_be_visible()
    desk.accept()
    desk.fill_in("/payment/", amount_usd="20000", note="First part")
    desk.take_step("under_way")

    # It uploads its final report, and is told that more was spent than was paid.
    other.goto(f"{language}/my/biogas/proposals/{proposal.pk}/reports/")
    form = other.locator("section:has([name^=final-])")
    form.locator("[type=file]").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": scan().read()}
    )
    form.locator("[name$=spent_usd]").fill("26,500")
    form.locator("[name$=spent_on]").fill(str(today()))
    form.locator("textarea").fill(OUTCOME)
    follow(form.locator("button"))
    expect(other.get_by_text(read["spent"]).first).to_be_visible()
    expect(other.get_by_text(read["overspent"])).to_be_visible()
    assert fits(other, "#award")

    # The last payment; the report is accepted, and goes to the project by one click.
    desk.fill_in("/payment/", amount_usd="8000", note="Last part")
    desk.accept()
    expect(page.locator("table").get_by_text(OUTCOME)).to_be_visible()
    desk.press("/outcome/")
    other.reload()
    expect(other.get_by_text(read["overspent"])).to_have_count(0)
    page.goto(f"{language}/admin/calls/call/{proposal.call.pk}/comparison/")
    row, total = page.locator("tbody tr td"), page.locator("tfoot tr td")
    assert row.all_inner_texts()[1:6] == total.all_inner_texts()[1:6]
    assert total.all_inner_texts()[1:6] == ["30,000", "36,000", "28,000", "28,000", "26,500"]

    visitor = open_page()
    visitor.goto(f"{language}/projects/{project.slug}/")
    for text in (OUTCOME, MEETING, "INT/26/K07", "28,000"):
        expect(visitor.locator("main")).to_contain_text(text)
    with translation.override(language[1:] or "en"):
        for day in (approved, today()):
            expect(visitor.locator("main")).to_contain_text(date_format(day, "DATE_FORMAT"))
    assert found == []
