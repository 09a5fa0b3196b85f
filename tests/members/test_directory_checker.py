"""Every number of the directory against a slow count: 40 combinations, 500 for the proof."""

import csv
import html
import io
import os
import re
from copy import copy
from datetime import date
from random import Random

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from members.directory.filters import InstitutionFilter
from members.models import (
    Institution,
    InstitutionName,
    InstitutionSector,
    Membership,
    Service,
)
from sscnet.codelists.choices import Province
from sscnet.codelists.models import Sector
from tests.members.directory_checker import NONE, VALUES, Records, walk

COMBINATIONS = 500 if os.environ.get("PROOF") else 40
SAMPLE = 150
LIST = "/members/"
LABEL = re.compile(
    r'name="(\w+)" value="([^"]*)" id="[^"]*"[^>]*>.*?<span class="count">(\d+)</span>'
)
VALUE = re.compile(r'<li data-value="([^"]*)">.*?<span class="count">(\d+)</span>')
RESULT = re.compile(r'<li class="card" id="([^"]+)"')
HEADING = re.compile(r'<h2 id="found">(\d+) institution')


@pytest.fixture(scope="module")
def records(network):
    """The real records, and institutions with empty fields."""
    make_institutions(Random(1))
    return Records()


def make_institutions(random):
    kinds = [kind for kind in Institution.Kind.values if kind]
    sectors = list(Sector.objects.order_by("slug"))[:12]
    for n in range(SAMPLE):
        institution = Institution.objects.create(
            name=f"Made-up centre {n}" if n % 7 else "",
            name_zh_hans=f"研究所{n}" if n % 3 == 0 else "",
            kind=random.choice(["", *kinds]),
            province=random.choice(["", *Province.values[:9]]),
            state=random.choice(["published"] * 5 + ["draft", "withdrawn"]),
        )
        for sector in random.sample(sectors, random.choice([0, 1, 2, 3])):
            InstitutionSector.objects.create(institution=institution, sector=sector)
        for kind in random.choices(Service.Kind.values, k=random.choice([0, 0, 1, 3])):
            Service.objects.create(institution=institution, kind=kind, title="Any")
        if n % 4:
            InstitutionName.objects.create(institution=institution, name=f"MUC{n}", kind="acronym")
            make_membership(random, institution)


def make_membership(random, institution):
    state = random.choice(Membership.State.values)
    until = random.choice([None, None, date(2020, 1, 1)])
    Membership.objects.create(institution=institution, state=state, until=until)


def get(path, query):
    response = Client().get(f"{path}?{query}")
    assert response.status_code == 200, query
    return response.getvalue()


def numbers_beside_values(asked, filterset=InstitutionFilter):
    for view in filterset.listing(QueryDict(asked.query)).facets:
        shown = {value.code: value.count for value in view.values}
        expected = {code: asked.expected_beside(view.name, code) for code in shown}
        assert shown == expected, (asked.query, view.name)
        assert shown.keys() == asked.expected_values(view.name), (asked.query, view.name)


def page(asked):
    text = get(LIST, asked.query).decode()
    assert int(HEADING.search(text)[1]) == len(asked.expected), asked.query
    for name, code, number in LABEL.findall(text):
        expected = asked.expected_beside(name, html.unescape(code))
        assert int(number) == expected, (asked.query, name, code)
    assert RESULT.findall(text) == asked.expected[:50], asked.query


def all_values(asked):
    for name in ("sector", "province"):
        shown = dict(VALUE.findall(get(f"{LIST}values/{name}/", asked.query).decode()))
        expected = {code: asked.expected_beside(name, code) for code in asked.expected_values(name)}
        assert {html.unescape(code): int(n) for code, n in shown.items()} == expected, asked.query


def ways_out(asked):
    for way in InstitutionFilter.listing(QueryDict(asked.query)).ways_out:
        left = {name: values for name, values in asked.filters.items() if name != way.name}
        assert way.count == len(asked.records.matching(left)), (asked.query, way.name)


def files(asked):
    text = get(f"{LIST}export.csv", asked.query).decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(text, newline=""))
    assert [line["slug"] for line in lines] == asked.expected, asked.query
    book = load_workbook(io.BytesIO(get(f"{LIST}export.xlsx", asked.query)), read_only=True)
    _labels, *lines = book.active.iter_rows(values_only=True)
    assert [line[0] for line in lines] == asked.expected, asked.query


def test_every_number_is_that_of_the_slow_count(records, db):
    observers = [numbers_beside_values, ways_out, page, all_values, files]
    walk(records, COMBINATIONS, seed=3, observers=observers)


@pytest.mark.parametrize("name", ["standing", "service"])
def test_the_checker_sees_a_query_that_is_broken(records, db, name):
    whole = InstitutionFilter.base_filters[name]
    half = copy(whole)
    half.pairs = lambda records: whole.pairs(records.filter(pk__in=even()))
    broken = type("Broken", (InstitutionFilter,), {name: half})

    with pytest.raises(AssertionError, match=name):
        walk(records, 20, seed=5, observers=[lambda asked: numbers_beside_values(asked, broken)])


def even():
    return [pk for pk in Institution.objects.values_list("pk", flat=True) if pk % 2 == 0]


def test_the_checker_walks_over_gaps(records):
    """Each filter has institutions that do not state it."""
    assert {values.name for values in InstitutionFilter.values_filters()} == set(VALUES)
    for name in VALUES:
        assert NONE in records.values_in(name, records.slugs)
    assert len(records.slugs) > SAMPLE / 2
