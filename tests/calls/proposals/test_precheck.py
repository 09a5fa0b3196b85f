"""The rules of a call, judged on a proposal: met or not, and the way out."""

import pytest

from projects.calls.models import Proposal
from projects.calls.proposals.checks.precheck import check
from tests import make
from tests.calls.proposals.complete import (
    call_with_papers,
    complete_proposal,
    country,
    scan,
)

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


def test_language_and_group_of_77_are_those_of_call_and_fund(django_assert_max_num_queries):
    proposal = complete_proposal(language="ru")
    assert "English, French, Spanish, Arabic" in broken(proposal)["language"].source
    loaded = Proposal.objects.for_form().get()
    with django_assert_max_num_queries(0):
        check(loaded)

    proposal = complete_proposal()
    for iso2, g77 in (("MX", False), ("BR", None)):
        proposal.proposal_countries.create(country=country(iso2, f"Land {iso2}", g77=g77))
        rule = broken(proposal)["group_of_77"]
        assert f"Land {iso2}" in rule.words
        assert not rule.blocks


def test_what_is_weak_is_named():
    call = call_with_papers(least_characters=16)
    letters = make.RequiredPaper(
        call=call, name="Letter of inputs", kind="inputs", each_country=False
    )
    proposal = complete_proposal(
        call,
        endorsed=False,
        starts_in="2020-01",
        strategy="Wood is short.",
        strategy_zh_hans="",
        beneficiaries="Farmers of ten  villages in the hills",
        intended_outcome="farmers of ten villages in the hills",
    )
    proposal.endorsements.create(
        paper=call.required_papers.get(kind="endorsement"), country_id="LA", file=scan()
    )
    proposal.endorsements.create(paper=letters, file=scan(), amount_usd=29_999)

    found = broken(proposal)

    assert {rule: [part.label for part in one.missing] for rule, one in found.items()} == {
        "start": [],
        "texts": [
            "Situation analysis: 14 / 16",
            "Strategy: 14 / 16",
            "Beneficiaries and Intended outcome say the same",
        ],
        "endorsements": [
            "Endorsement letter: Laos: institution that endorses, signed by, position, signed on",
            "Endorsement letter: Nepal",
            "Letter of inputs: institution that endorses, signed by, position, signed on",
        ],
        "inputs_shown": [],
    }
    assert found["inputs_shown"].words.startswith("Letters show US$ 29,999 of US$ 30,000:")
    assert "after" in found["start"].words


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
