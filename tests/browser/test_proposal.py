"""A newcomer's proposal in a real browser: from what is due to the receipt, on a phone."""

import pytest
from playwright.sync_api import expect

from projects.calls.models import Proposal
from tests import make
from tests.browser.pages import follow
from tests.calls.proposals.complete import call_with_papers, country, scan

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}}
MOST_PAGES = 25
OF_EVERY_PAGE = {"version", "then", "csrfmiddlewaretoken", "_person"}


@pytest.fixture
def newcomer():
    call = call_with_papers(title="Seed money of the Fund", title_zh_hans="基金项目征集")
    for iso2, name in (("CN", "China"), ("LA", "Laos"), ("NP", "Nepal")):
        country(iso2, name)
    institution = make.Member(country_id="CN")
    return call, make.Affiliation(institution=institution, user__name="Wang Li").user


def letter():
    return {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": scan().read()}


# What has to stand beside an endorsement.
SIGNED = {
    "institution_name": "Ministry of Energy",
    "person_name": "Minister Example",
    "person_position": "Minister",
    "signed_on": "2026-03-01",
}


class Writer:
    """Fills in page after page, and notes which fields each asked for."""

    def __init__(self, page):
        self.page, self.opened, self.asked = page, [], []
        page.on("response", self.note)

    def note(self, response):
        if response.request.is_navigation_request() and response.status == 200:
            self.opened.append(response.url)

    def save(self, files=(), choices=(), **values):
        names = self.page.locator("form.form [name]").evaluate_all("all => all.map(f => f.name)")
        self.asked.append({n for n in names if not n.startswith("rows-")} - OF_EVERY_PAGE)
        for name, value in values.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']").fill(value)
        for name, value in dict(choices).items():
            self.page.locator(f"[name='{name}']").select_option(value)
        for name in files:
            self.page.locator(f"[name='{name}']").set_input_files(letter())
        follow(self.page.locator(".actions button[value=continue]"))

    def press(self, selector):
        follow(self.page.locator(selector).first)


@pytest.mark.parametrize(
    "prefix",
    [
        pytest.param("", id="English", marks=pytest.mark.proof),
        pytest.param("/zh-hans", id="Chinese"),
    ],
)
def test_from_the_call_to_a_sent_proposal_on_a_phone_without_scripts(open_page, newcomer, prefix):
    call, person = newcomer
    page = open_page(person, java_script_enabled=False, **PHONE)
    writer = Writer(page)

    page.goto(f"{prefix}/my/")
    writer.press(f"a[href$='/proposals/start/{call.slug}/']")
    writer.press("form.form .button")
    writer.save(
        title="Biogas for mountain villages",
        title_zh_hans="山村沼气",
        starts_in="2027-12",
        ends_in="2028-11",
        beneficiaries_number="1,200",
        beneficiaries="Farmers of ten villages",
        choices={"scope": "regional"},
    )
    writer.save(situation="Wood is short.")
    writer.save(strategy="Digesters are built together.")
    writer.save(
        intended_outcome="Less wood is burnt.",
        outcome_indicator="Tonnes of wood a year",
        rows__0__name="Ten digesters",
        rows__0__activities="Building",
    )
    expect(page.locator("[name='rows-0-country']")).to_have_value("CN")
    writer.save(choices={"rows-1-country": "LA", "rows-2-country": "NP"})
    writer.save()
    paper = call.required_papers.get().pk
    signed = {
        f"rows__{paper}__{country}__{name}": text
        for country in ("LA", "NP")
        for name, text in SIGNED.items()
    }
    writer.save(files=[f"rows-{paper}-LA-file", f"rows-{paper}-NP-file"], **signed)
    writer.save(rows__0__fund_usd="35,000", rows__1__kind_usd="US$ 35 000")
    expect(page.locator("[name=contact_name]")).to_have_value("Wang Li")
    expect(page.locator("[name=contact_email]")).to_have_value(person.email)
    writer.save()
    writer.press("a.button[href$='/send/']")
    writer.press("form.form .button")

    expect(page.locator("[role=status]").first).to_contain_text("PGTF-2027-001")
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.asked_usd, proposal.other_usd) == ("received", 35_000, 35_000)
    assert len(writer.opened) <= MOST_PAGES
    fields = [name for names in writer.asked for name in names]
    assert len(fields) == len(set(fields)), "asked twice"


def test_characters_are_counted_while_typing(open_page, newcomer):
    call, person = newcomer
    call.one_page_characters = 20
    call.save()
    page = open_page(person)
    page.goto("/my/")
    follow(page.locator(f"a[href$='/proposals/start/{call.slug}/']"))
    follow(page.locator("form.form .button"))
    page.goto(page.url.replace("/cover/", "/situation/"))

    page.locator("#id_situation").fill("Wood is short 😀.")
    count = page.locator("output[for=id_situation]")
    expect(count).to_have_text("16 / 20")
    page.locator("#id_situation").fill("Wood is short, and more.")
    expect(count).to_have_class("hint is-over")
