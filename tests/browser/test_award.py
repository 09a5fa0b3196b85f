"""From a proposal that was sent to a published project with its final report, in a real browser."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format
from playwright.sync_api import expect

from projects.calls.handling.reports import today
from projects.models import Project
from secretariat.back_office import groups
from tests import make
from tests.browser.pages import follow
from tests.calls.made import full_proposal, officer_of, send
from tests.calls.proposals.complete import scan

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = "49th Ministerial Meeting of the Group of 77"
OUTCOME = "Ten villages cook with biogas, and masons of three countries build digesters."


@pytest.fixture
def proposal(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call = make.Call(final_report_months=3, progress_report_months=None)
    institution = make.Member(name="Biogas Institute", slug="biogas")
    make.Affiliation(institution=institution)
    return send(full_proposal(call, institution=institution))


@pytest.fixture
def officer():
    groups.make_groups()
    return officer_of(group=groups.OFFICER, name="Wang Li")


class Desk:
    """An officer at the page of one proposal."""

    def __init__(self, page, proposal):
        self.page = page
        self.address = f"/admin/calls/proposal/{proposal.pk}/change/"

    def open(self):
        self.page.goto(self.address)

    def take_step(self, state, **values):
        """Fill in, look at the mails, and confirm."""
        self.open()
        self.page.locator(f".figures a[href$='/step/{state}/']").click()
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
        self.page.locator(".submit-row input[type=submit]").click()
        expect(self.page.locator("#would-go")).to_be_visible()
        self.page.locator("button[name=_confirmed]").click()
        expect(self.page.locator("h2#standing")).to_be_visible()

    def press(self, name):
        follow(self.page.get_by_role("button", name=name, exact=True))


def test_from_sent_to_a_published_project_with_its_final_report(open_page, proposal, officer):
    page = open_page(officer)
    desk = Desk(page, proposal)
    for state in ("cleared", "at_fund", "recommended"):
        desk.take_step(state)
    approved = today() - timedelta(days=40)
    desk.take_step("approved", on=str(approved), approval_meeting=MEETING, granted_usd="28000")

    # A draft of the catalogue: nothing is missing that would keep it from being published.
    desk.press("Make the project")
    page.locator("#number").fill("INT/26/K07")
    desk.press("Add the number")
    project = Project.objects.get()
    follow(page.get_by_role("link", name=project.code))
    expect(page.locator(".standing .blocks")).to_have_count(0)
    follow(page.locator("button[value=mark_ready]").first)
    follow(page.locator("button[value=publish]").first)
    page.locator(".step input[type=submit]").click()
    expect(page.locator(".standing .is-published")).to_be_visible()
    desk.take_step("under_way")

    # The institution uploads its final report.
    focal_point = proposal.institution.affiliations.get().user
    other = open_page(focal_point)
    other.goto(f"/my/biogas/proposals/{proposal.pk}/")
    other.get_by_role("link", name="Reports").click()
    form = other.locator("section:has([name^=final-])")
    form.locator("[type=file]").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": scan().read()}
    )
    form.locator("textarea").fill(OUTCOME)
    form.locator("button").click()
    expect(other.get_by_text("waiting for the Secretariat")).to_be_visible()

    # It is accepted, and goes to the project by one click.
    desk.open()
    desk.press("Accept the report")
    desk.press("Accept the report")
    expect(page.locator("table").get_by_text(OUTCOME)).to_be_visible()
    desk.press("Copy to the project")

    visitor = open_page()
    visitor.goto(f"/projects/{project.slug}/")
    expect(visitor.locator("main")).to_contain_text(OUTCOME)
    expect(fact(visitor, "Approved")).to_have_text([MEETING, date_format(approved, "DATE_FORMAT")])
    expect(fact(visitor, "Final report")).to_have_text(date_format(today(), "DATE_FORMAT"))
    expect(visitor.locator("main")).to_contain_text("INT/26/K07")
    expect(visitor.locator("main")).to_contain_text("28,000")


def fact(page, name):
    term = page.locator(f"dt:text-is('{name}')")
    return page.locator(".pairs div").filter(has=term).locator("dd")
