"""The rules of a call, judged on a proposal: met or not, and the way out."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from projects.calls.checks.precheck import check
from projects.calls.models import Call, Proposal
from projects.calls.models.binding_rules import BROKEN
from sscnet.core.i18n.dates import BEIJING
from tests import make
from tests.calls.proposals.complete import (
    call_with_papers,
    complete_proposal,
    country,
)
from tests.calls.test_guards import send

pytestmark = pytest.mark.django_db


def rules_of(proposal):
    return {one.rule: one for one in check(Proposal.objects.for_form().get(pk=proposal.pk))}


def broken(proposal):
    return {rule: one for rule, one in rules_of(proposal).items() if not one.is_met}


def test_a_complete_proposal_keeps_every_rule_and_other_inputs_count_to_the_dollar():
    rules = rules_of(complete_proposal())
    assert all(one.is_met for one in rules.values())
    assert rules["countries"].words == "3 countries take part."
    assert rules["countries"].source.startswith("The call requires at least 3")

    call = call_with_papers(least_other_inputs_percent=50)
    assert "other_inputs" in broken(complete_proposal(call, asked=30_001, other=15_000))
    Proposal.objects.all().delete()
    assert "other_inputs" not in broken(complete_proposal(call, asked=30_001, other=15_001))


def test_china_and_one_other_36000_asked_20000_brought_no_endorsement_break_four_rules():
    proposal = complete_proposal(asked=36_000, other=20_000, endorsed=False)
    proposal.proposal_countries.filter(country="NP").delete()

    found = broken(proposal)

    assert {rule: one.words for rule, one in found.items()} == {
        "countries": (
            "2 countries so far; name 1 more developing country, or choose a project in which"
            " others take part."
        ),
        "endorsements": (
            "1 document is missing or not described: ask for it early, upload it signed and"
            " scanned, and say who signed it."
        ),
        "ceiling": (
            "US$ 36,000 is requested from the Fund: request US$ 1,000 less, or find others "
            "to pay it."
        ),
        "other_inputs": (
            "Other inputs are US$ 20,000 so far: show US$ 16,000 more, in cash or "
            "in kind, from your own institution or from partners, or request less from the "
            "Fund."
        ),
    }
    assert [part.label for part in found["endorsements"].missing] == ["Endorsement letter: Laos"]
    assert all(one.blocks for one in found.values())


def test_what_the_call_does_not_ask_for_is_no_rule_and_what_is_not_binding_warns():
    call = make.Call(
        least_countries=None, ceiling_usd=None, least_other_inputs_percent=None, languages=[]
    )
    assert rules_of(complete_proposal(call, endorsed=False)).keys() == {
        "complete",
        "start",
        "texts",
        "length",
        "group_of_77",
    }

    call = make.Call(binding_rules=[])
    proposal = complete_proposal(call, asked=99_000)
    assert broken(proposal).keys() == {"ceiling", "other_inputs"}
    assert not any(one.blocks for one in broken(proposal).values())


def test_empty_parts_and_texts_longer_than_a_page_are_named():
    proposal = complete_proposal(title="", strategy="", title_zh_hans="只有中文")
    proposal.outputs.all().delete()
    missing = broken(proposal)["complete"].missing
    assert [(part.section, part.label) for part in missing] == [
        ("cover", "Title"),
        ("strategy", "Strategy"),
        ("results", "an intended output"),
    ]

    proposal = complete_proposal(call_with_papers(one_page_characters=20), situation="x" * 21)
    assert [part.label for part in broken(proposal)["length"].missing] == [
        "Situation analysis: 21 / 20",
        "Strategy: 29 / 20",
    ]


def test_the_rules_are_judged_without_a_query(django_assert_max_num_queries):
    proposal = complete_proposal(language="ru")
    assert "English, French, Spanish, Arabic" in broken(proposal)["language"].source
    loaded = Proposal.objects.for_form().get()
    with django_assert_max_num_queries(0):
        check(loaded)


def strong_proposal():
    """Make a proposal that keeps all rules of a call that binds to each of them."""
    opens_at = datetime(2026, 1, 15, tzinfo=BEIJING)
    area = make.PGTFArea()
    call = call_with_papers(binding_rules=[*Call.Rule], least_characters=10, opens_at=opens_at)
    call.areas.add(area)
    make.RequiredPaper(call=call, name="Letter of inputs", kind="inputs", each_country=False)
    proposal = complete_proposal(call, area=area, contact_phone="+86 28 8432 0000")
    proposal.institution.country_id = "CN"
    proposal.institution.save()
    return proposal


def of_proposal(**values):
    return lambda proposal: Proposal.objects.filter(pk=proposal.pk).update(**values)


def of_rows(rows, which, **values):
    return lambda proposal: getattr(proposal, rows).filter(**which).update(**values)


WEAK = {
    "past start": (of_proposal(starts_in="2020-01"), "start", "Choose a first month after"),
    "telephone": (of_proposal(contact_phone="abc"), "complete", "a telephone number with country"),
    "Chinese contact": (of_proposal(contact_name="王丽"), "complete", "in Latin letters"),
    "empty": (of_proposal(strategy=""), "complete", "Strategy"),
    "no lead": (
        lambda proposal: proposal.proposal_countries.filter(role="lead").delete(),
        "complete",
        "the country that leads",
    ),
    "another lead": (
        of_rows("proposal_countries", {"role": "lead"}, country="TZ"),
        "complete",
        "the country that leads",
    ),
    "unsigned": (of_rows("endorsements", {"country": "LA"}, person_name=""), "endorsements", "by"),
    "signed before the call": (
        of_rows("endorsements", {"country": "LA"}, signed_on="2026-01-14"),
        "endorsements",
        "Laos: signed after the call opened on",
    ),
    "not handed in": (of_rows("endorsements", {"country": "LA"}, file=""), "endorsements", "Laos"),
    "too short": (of_proposal(situation="Wood lack"), "texts", "Situation analysis: 9 / 10"),
    "twice": (
        of_proposal(intended_outcome=" farmers of ten  villages"),
        "texts",
        "Beneficiaries and Intended outcome say the same",
    ),
    "twice in outputs": (
        of_rows("outputs", {}, activities="Digesters  in villages ", name="digesters in villages"),
        "texts",
        "say the same",
    ),
    "inputs not shown": (
        of_rows("endorsements", {"country": None}, amount_usd=29_999),
        "inputs_shown",
        "Letters show US$ 29,999 of US$ 30,000: upload a letter",
    ),
    "no member of the Group of 77": (
        of_rows("proposal_countries", {"country": "LA"}, country="MX"),
        "group_of_77",
        "Not known to be members: Mexico. Ask the Secretariat",
    ),
    "two countries": (
        of_rows("proposal_countries", {"country": "NP"}, role="beneficiary"),
        "countries",
        "name 1 more developing country",
    ),
    "ceiling": (of_rows("budget_lines", {}, fund_usd=17_501), "ceiling", "request US$ 2 less"),
    "other inputs": (of_rows("budget_lines", {}, kind_usd=14_999), "other_inputs", "US$ 2 more"),
    "too long": (of_proposal(situation="x" * 3001), "length", "3001 / 3000"),
    "language": (of_proposal(language="ru"), "language", "one of the call’s languages"),
    "area": (of_proposal(area=None), "area", "Choose one of the call’s areas"),
}


@pytest.mark.parametrize("weakness", WEAK)
def test_what_is_weak_is_named_and_the_database_refuses_it(weakness):
    country("MX", "Mexico", g77=False)
    country("TZ", "Tanzania")
    proposal = strong_proposal()
    assert broken(proposal) == {}
    weaken, rule, way_out = WEAK[weakness]

    weaken(proposal)

    found = broken(proposal)[rule]
    assert found.blocks
    assert found.source
    assert way_out in " ".join([found.words, *(part.label for part in found.missing)])
    Call.objects.update(binding_rules=[rule])
    with pytest.raises(IntegrityError, match=BROKEN[rule][1]), transaction.atomic():
        send(proposal)
    Call.objects.update(binding_rules=[one for one in Call.Rule if one not in broken(proposal)])
    send(proposal)


def test_of_what_is_not_written_nothing_is_said():
    proposal = make.Proposal(title="")
    assert {"start", "texts"}.isdisjoint(rules_of(proposal))
    Proposal.objects.update(title="Biogas", starts_in="2028-01")
    assert {"start", "texts"} <= rules_of(proposal).keys()


def test_what_was_handed_in_waits_for_an_officer():
    proposal = complete_proposal()
    assert "2 were handed in" in rules_of(proposal)["endorsements"].words
    for paper in proposal.endorsements.all():
        paper.confirm(make.User())
    assert rules_of(proposal)["endorsements"].words == "All documents are there."
