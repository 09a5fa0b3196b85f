"""Proposals that were really sent, and those who handle them."""

import pgtrigger

from projects.calls.handling.deciding import decide
from projects.calls.handling.reports import today
from projects.calls.models import ProposalState, RequiredPaper
from projects.calls.proposals import sending
from secretariat.back_office import groups
from tests import make
from tests.calls.proposals.complete import scan

State = ProposalState
# The road from the Secretariat to the final report, with what each step needs.
ROAD = {
    State.CLEARED: {},
    State.AT_FUND: {},
    State.RECOMMENDED: {},
    State.APPROVED: {"approval_meeting": "43rd Ministerial Meeting", "granted_usd": 30_000},
    State.UNDER_WAY: {},
    State.COMPLETED: {},
    State.CLOSED: {},
}


def officer_of(client=None, group=groups.OFFICER, **values):
    user = make.Officer(group=group, **values)
    if client:
        client.force_login(user)
    return user


def full_proposal(call=None, **values):
    """Make a draft with something in every field that the catalogue knows."""
    call = call or make.Call(final_report_months=3, progress_report_months=6)
    defaults = {
        "title": "Biogas for villages",
        "title_zh_hans": "乡村沼气",
        "area": make.PGTFArea(),
        "starts_in": "2028-01",
        "ends_in": "2028-12",
        "situation": "Wood is scarce.",
        "situation_zh_hans": "木柴短缺。",
        "strategy": "Digesters are built together.",
        "strategy_zh_hans": "共同修建沼气池。",
        "intended_outcome": "Households cook with gas.",
        "intended_outcome_zh_hans": "农户用沼气做饭。",
        "beneficiaries": "Farmers",
        "beneficiaries_zh_hans": "农民",
        "beneficiaries_number": 400,
        "contact_email": "contact@example.org",
        "contact_name": "Lin Example",
        "asked": 30_000,
        "other": 32_000,
        "countries": make.Country.create_batch(3),
    }
    proposal = make.Proposal(call=call, **defaults | values)
    proposal.proposal_countries.create(country=make.Country(), role="beneficiary")
    proposal.budget_lines.create(purpose="Travel", cash_usd=4_000, year=2)
    proposal.outputs.create(name="Ten digesters", activities="Build", inputs="Bricks")
    bring_form(proposal)
    return proposal


def bring_form(proposal):
    """Bring the Fund's own form, without which nothing is cleared, also where it was sent."""
    asked = {"call": proposal.call, "kind": "fund_form"}
    paper = RequiredPaper.objects.filter(**asked).first() or make.RequiredPaper(
        **asked, name="Form of the Fund", each_country=False
    )
    with pgtrigger.ignore("calls.Endorsement:kept_after_sending"):
        proposal.endorsements.get_or_create(paper=paper, defaults={"file": scan()})


def send(proposal):
    """Send a proposal as its focal point."""
    affiliation = proposal.institution.affiliations.first()
    affiliation = affiliation or make.Affiliation(institution=proposal.institution)
    sending.send(proposal, by=affiliation.user)
    proposal.refresh_from_db()
    return proposal


def sent(call=None, **values):
    return send(full_proposal(call, **values))


def bring(proposal, state, by=None, on=None, **more):
    """Take the steps of the road up to a state."""
    by = by or make.User()
    road = list(ROAD)
    for after in road[road.index(proposal.state) + 1 if proposal.state in road else 0 :]:
        if after == State.CLEARED:
            bring_form(proposal)
        said = ROAD[after] | (more if after == state else {})
        decide(proposal, after, by, on=on or today(), **said)
        proposal.refresh_from_db()
        if after == state:
            break
    return proposal


def refuse(proposal, ground, by=None, on=None):
    by = by or make.User()
    bring(proposal, State.AT_FUND, by, on)
    decide(proposal, State.NOT_RECOMMENDED, by, on=on or today(), ground=ground, words="No.")
    proposal.refresh_from_db()
    return proposal


def many(number):
    """Make a call with so many proposals that were received, the least that lists show of each."""
    call = make.Call(binding_rules=[])
    countries = make.Country.create_batch(3)
    area = make.PGTFArea()
    for _number in range(number):
        values = {"countries": countries, "asked": 30_000, "other": 30_000, "area": area}
        make.Proposal(call=call, state="received", **values)
    return call
