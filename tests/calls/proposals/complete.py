"""A proposal with every part filled in, to a call that asks for an endorsement a country."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from projects.calls.models import Endorsement
from sscnet.codelists.models import Country
from tests import make

RULES = ["complete", "length", "countries", "ceiling", "other_inputs", "endorsements"]
TEXTS = {
    "title": "Biogas for mountain villages",
    "title_zh_hans": "山村沼气",
    "scope": "interregional",
    "starts_in": "2027-12",
    "ends_in": "2028-11",
    "beneficiaries": "Farmers of ten villages",
    "beneficiaries_zh_hans": "十个村庄的农民",
    "beneficiaries_number": 1200,
    "situation": "Wood is short.",
    "situation_zh_hans": "柴火不足。",
    "strategy": "Digesters are built together.",
    "strategy_zh_hans": "共同建设沼气池。",
    "intended_outcome": "Less wood is burnt.",
    "outcome_indicator": "Tonnes of wood a year",
    "contact_name": "Wang Li",
    "contact_email": "wang@example.org",
}


def picture_of_page(kind="PDF", *, ink="black", size=(1000, 1400)):
    """Make the scan of a page with a line on it."""
    image, file = Image.new("L", size, "white"), BytesIO()
    image.paste(ink, (100, 100, 900, 120))
    image.save(file, kind)
    return file.getvalue()


SCAN = picture_of_page()


def scan():
    """Return a letter as it is scanned: a PDF with the picture of a page."""
    return ContentFile(SCAN, "letter.pdf")


def country(iso2, name, g77=True):
    found = Country.objects.filter(iso2=iso2).first()
    return found or make.Country(iso2=iso2, name=name, g77=g77)


def complete_proposal(call=None, *, asked=30_000, other=30_000, endorsed=True, **values):
    """Make a draft that keeps every rule of its call."""
    call = call or call_with_papers()
    places = [country("CN", "China"), country("LA", "Laos"), country("NP", "Nepal")]
    proposal = make.Proposal(call=call, countries=places, **TEXTS | values)
    output = proposal.outputs.create(name="Ten digesters", activities="Building", inputs="Bricks")
    proposal.budget_lines.create(output=output, purpose="Bricks", fund_usd=asked, cash_usd=0)
    proposal.budget_lines.create(output=output, purpose="Staff", kind_usd=other)
    if endorsed:
        endorse(proposal)
    return proposal


def call_with_papers(**values):
    call = make.Call(**{"binding_rules": RULES} | values)
    make.RequiredPaper(call=call)
    return call


def endorse(proposal):
    others = [row.country for row in proposal.proposal_countries.exclude(role="lead")]
    for paper in proposal.call.required_papers.all():
        for one in others if paper.each_country else [None]:
            Endorsement.objects.create(
                proposal=proposal,
                paper=paper,
                country=one,
                amount_usd=proposal.other_usd if paper.kind == "inputs" else None,
                file=scan(),
                institution_name="Ministry of Energy",
                person_name="Minister Example",
                person_position="Minister",
                signed_on="2026-03-01",
            )
