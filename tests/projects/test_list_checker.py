"""Every number of the catalogue against a slow count: 12 combinations, 500 for the proof."""

import os

import pytest
from django.db.models import Q

from projects.catalogue.filters import ProjectFilter
from sscnet.facets import engine
from sscnet.facets.filters import ValuesFilter
from tests.projects import list_observers
from tests.projects.list_checker import FILTERS, NONE, Records, walk
from tests.projects.made_records import make_records

PROOF = bool(os.environ.get("PROOF"))
COMBINATIONS = 500 if PROOF else 12
SAMPLE = 2000 if PROOF else 400


@pytest.fixture(scope="module")
def records(network):
    """The real records, and projects with empty fields."""
    make_records(SAMPLE)
    return Records()


@pytest.fixture
def index(records, db):
    return engine.build(ProjectFilter)


def listing(asked, index):
    return index.filterset.listing(asked.params, index)


def numbers_beside_values(index):
    def observe(asked):
        facets = {facet.name: facet for facet in listing(asked, index).facets}
        assert facets.keys() == set(FILTERS)
        for name, facet in facets.items():
            shown = {value.code: value.count for value in facet.values}
            expected = {code: asked.expected_beside(name, code) for code in shown}
            assert shown == expected, (asked.query, name)
            assert carried_by_some(asked, name) <= shown.keys(), (asked.query, name)

    return observe


def carried_by_some(asked, name):
    """List the values that must be shown: of the projects that match the other filters."""
    left_out = {name}
    if name == "year":
        left_out |= {"year_from", "year_to"}
    others = {n: values for n, values in asked.filters.items() if n not in left_out}
    ticked = set(asked.filters.get(name, []))
    carried = asked.records.values_in(name, asked.records.matching(others))
    if name in ("institution", "role"):  # One of a ticked role, or a role of a ticked institution.
        carried = {value for value in carried if asked.records.matching(others | {name: [value]})}
    return carried | ticked


def rows_in_order(index):
    def observe(asked):
        chosen = listing(asked, index)
        assert chosen.count == len(asked.expected), asked.query
        assert list(chosen.ids) == asked.expected, asked.query
        page = chosen.page(9999, size=7)
        assert page.object_list == asked.expected[(page.number - 1) * 7 :], asked.query
        middle = len(asked.expected) // 2
        assert chosen.ids[middle : middle + 5] == asked.expected[middle : middle + 5], asked.query

    return observe


def ways_out(index):
    def observe(asked):
        for way in listing(asked, index).ways_out:
            dropped = {way.name, f"{way.name}_from", f"{way.name}_to"}
            left = {n: values for n, values in asked.filters.items() if n not in dropped}
            assert way.count == len(asked.records.matching(left)), (asked.query, way.name)

    return observe


def everything(index):
    return [observer(index) for observer in (numbers_beside_values, rows_in_order, ways_out)]


def test_every_number_is_that_of_the_slow_count(records, index):
    walk(records, COMBINATIONS, seed=3, observers=everything(index))


@pytest.mark.parametrize(
    ("observer", "share"),
    [
        (list_observers.page, 1),
        (list_observers.all_values, 4),
        (list_observers.tile_map, 2),
        (list_observers.files, 10),
        (list_observers.feed, 2),
        (list_observers.api, 2),
        (list_observers.iati, 4),
    ],
)
def test_pages_and_files_show_the_same_numbers(records, db, settings, observer, share):
    """Files of a thousand rows take a second or two: fewer of them, but 500 for the proof."""
    settings.API_REQUESTS_A_MINUTE = 10**6
    settings.IATI_REGISTRATION_AGENCY = "XI-ROR"
    settings.IATI_REPORTING_ORG_REF = "XI-ROR-example"
    settings.IATI_REPORTING_ORG_NAME = "Example organisation"
    settings.IATI_REPORTING_ORG_TYPE = "10"
    number = COMBINATIONS if PROOF else max(2, COMBINATIONS // share)
    walk(records, number, seed=6, observers=[observer])


class OnlyPrimaryGoals(ProjectFilter):
    sdg = ValuesFilter(
        "project_sdgs__sdg_id",
        label="",
        labels=ProjectFilter.base_filters["sdg"].labels,
        where=Q(project_sdgs__place=0),
    )


class ProvincesOfAll(ProjectFilter):
    province = ValuesFilter(
        "project_institutions__institution__province",
        label="",
        labels=ProjectFilter.base_filters["province"].labels,
    )


@pytest.mark.parametrize(
    ("name", "broken"), [("sdg", OnlyPrimaryGoals), ("province", ProvincesOfAll)]
)
def test_the_checker_sees_a_query_that_is_broken(records, db, name, broken):
    index = engine.build(broken)
    with pytest.raises(AssertionError, match=name):
        walk(records, 20, seed=5, observers=[numbers_beside_values(index)])


def test_the_checker_walks_over_gaps(records):
    """Each filter has projects that do not state it, or the walk would prove little."""
    assert all(NONE in records.values_in(name, records.projects) for name in FILTERS)
    assert len(records.projects) > SAMPLE * 0.6
