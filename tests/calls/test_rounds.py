"""Figures of a round equal the list below them, over rounds made at random; files and print."""

import csv
import io
import os
import random
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.handling.reports import today
from projects.calls.models import Call, Proposal
from projects.calls.public.rounds import taking_part
from sscnet.core.pages import page_cache
from tests import make
from tests.calls.made import ROAD, State, bring, many, officer_of, refuse
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def make_round(seed):
    """Make a closed call with proposals of all states, areas and countries, by chance."""
    chance = random.Random(seed)
    areas, countries = make.PGTFArea.create_batch(2), make.Country.create_batch(4)
    call = make.Call(binding_rules=[])
    for number in range(10):
        proposal = make.Proposal(
            call=call,
            countries=chance.sample(countries, chance.randint(0, 3)),
            area=chance.choice([*areas, None]),
            asked=chance.randint(1, 35) * 1000,
            state=["received", "draft", "withdrawn"][number if number < 3 else 0],
        )
        if number == 0 or number > 2:
            walk(proposal, chance)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(days=1))
    return Call.objects.get(pk=call.pk)


def walk(proposal, chance):
    """Write the steps of a proposal that goes some way, as `decide` does, but without mails."""
    road = [State.RECEIVED, *ROAD][: chance.randint(1, 7)]
    ground = chance.choice(["", "", "national", "other"]) if State.AT_FUND in road else ""
    if ground:
        road = [*road[: road.index(State.AT_FUND) + 1], State.NOT_RECOMMENDED]
    on = today() - timedelta(days=90)
    for before, after in zip(["draft", *road], road, strict=False):
        proposal.steps.create(
            before=before,
            after=after,
            on=on,
            ground=ground if after == State.NOT_RECOMMENDED else "",
        )
        on += timedelta(days=chance.randint(0, 10))
    granted = chance.randint(1, 35) * 1000 if State.APPROVED in road else None
    Proposal.objects.filter(pk=proposal.pk).update(state=road[-1], granted_usd=granted)


def values(figure):
    return [number.value for number in figure.numbers]


def officers_page(call, name="comparison", *args):
    return reverse(f"admin:calls_call_{name}", args=[call.pk, *args])


@pytest.mark.parametrize("seed", range(5 if os.environ.get("PROOF") else 2))
def test_figures_equal_the_list_below_them(client, seed):
    call = make_round(seed)
    many(2)
    address = f"{call.get_absolute_url()}round/"
    found = client.get(address).context["round"]

    total, by_area, by_country = ([values(row) for row in s.table.rows] for s in found.sections)
    [(count, approved_count, *_money)] = total
    states = [proposal.state for proposal in Proposal.objects.filter(call=call)]
    assert count == sum(state not in ("draft", "withdrawn") for state in states)
    assert count == approved_count + found.not_approved + found.undecided
    listed = client.get(address).content.decode().count('<li class="result">')
    assert [listed, len(found.approved)] == [approved_count] * 2
    for group, (_count, approved, _asked, granted) in zip(
        found.sections[1].table.rows, by_area, strict=True
    ):
        own = [one for one in found.approved if group.label == str(one.area or "not stated")]
        assert (len(own), sum(one.granted_usd for one in own)) == (approved, granted)
    for group, (_count, approved, *_money) in zip(
        found.sections[2].table.rows, by_country, strict=True
    ):
        names = [[*map(str, taking_part(one))] or ["not stated"] for one in found.approved]
        own = [one for one in names if group.label in one]
        assert len(own) == approved
    assert sum(row[0] for row in by_area) == count


def test_the_public_reads_of_a_closed_call_what_was_approved_alone(client):
    call = make.Call(binding_rules=[])
    assert client.get(f"{call.get_absolute_url()}round/").status_code == 404
    assert client.get(f"{call.get_absolute_url()}round.csv").status_code == 404
    refused, approved = (
        make.Proposal(call=call, state="received", title=title)
        for title in ("Hidden dream", "Shining tea")
    )
    refuse(refused, "national")
    bring(approved, State.APPROVED)
    Call.objects.update(closes_at=timezone.now())

    page = text_of(client.get(f"{call.get_absolute_url()}round/"))
    file = b"".join(client.get(f"{call.get_absolute_url()}round.csv")).decode()

    assert "Shining tea" in page
    for text in (page, file):
        assert "Hidden dream" not in text
        assert str(refused.institution) not in text
        assert "national" not in text.replace("International", "")


def test_the_file_has_the_figures_of_the_page(client):
    call = make_round(2)
    found = client.get(f"{call.get_absolute_url()}round/").context["round"]

    content = b"".join(client.get(f"{call.get_absolute_url()}round.csv")).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content)))
    total = found.sections[0].table.rows[0]
    assert rows[1] == ["", "total", *map(str, values(total))]
    assert len(rows) == 1 + sum(len(section.table.rows) for section in found.sections)


def test_an_officer_with_a_conflict_compares_and_exports_without_it(client):
    call = many(3)
    make.Criterion(call=call)
    hidden = Proposal.objects.first()
    officer = officer_of(client)
    make.Affiliation(institution=hidden.institution, user=officer)

    compared = text_of(client.get(officers_page(call)))
    sheet = client.get(officers_page(call, "sheet", "csv"))

    assert hidden.reference not in compared
    assert hidden.reference not in sheet.content.decode()
    assert len(sheet.content.decode().splitlines()) == 3


def test_proposals_are_compared_and_taken_as_a_sheet(client):
    call = many(2)
    heavy, light = make.Criterion(call=call, weight=3), make.Criterion(call=call, weight=1)
    proposal = Proposal.objects.first()
    for points in ((4, 8), (10, 6)):
        reading = make.Reading(proposal=proposal)
        type(reading).objects.filter(pk=reading.pk).update(finished_at=timezone.now())
        for criterion, number in zip((heavy, light), points, strict=True):
            reading.scores.create(criterion=criterion, points=number)
    officer_of(client)

    response = client.get(officers_page(call, "comparison"))

    [one] = [a for a in response.context["appraisals"] if a.proposal == proposal]
    assert (one.lowest, one.highest, one.mean) == (5.0, 9.0, 7.0)
    assert "<td>5–9</td>" in text_of(response)

    answer = client.get(officers_page(call, "sheet", "xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    names, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    asked, mean = names.index("requested, US$"), names.index("mean score")
    assert [(row[asked], row[mean]) for row in rows] == [(30_000, 7.0), (30_000, None)]
    assert client.get(officers_page(call, "sheet", "exe")).status_code == 404


def test_pages_of_a_round_take_few_queries_for_sixty(client, django_assert_max_num_queries):
    call = many(60)
    make.Criterion.create_batch(3, call=call)
    Call.objects.update(closes_at=timezone.now())
    public = f"{call.get_absolute_url()}round/"
    client.get(public)
    page_cache.pages.clear()
    with django_assert_max_num_queries(10):
        client.get(public)

    officer_of(client)
    for page in (["comparison"], ["sheet", "csv"]):
        client.get(officers_page(call, *page))
        with django_assert_max_num_queries(15):
            client.get(officers_page(call, *page))
