"""No request of any shape makes a server error: 60 examples, for the proof thrice 3,000."""

import os
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from projects.catalogue.filters import ProjectFilter

PROOF = bool(os.environ.get("PROOF"))
EXAMPLES = 3000 if PROOF else 60
SEEDS = (1, 2, 3) if PROOF else (1,)

KNOWN = [
    *("VN", "LK", "CN", "asia", "forestry-and-bamboo", "7", "13", "completed", "pgtf", "submitter"),
    *("sichuan", "2017", "0", "none", "newest", "-title", "relevance", "map", "table", "list"),
    *("biogas", "竹", "INT/18/K08", "SSC-0002", "title", "grant", "country"),
]
HOSTILE = [
    "",
    "-1",
    "9" * 40,
    "' OR 1=1 --",
    "<script>",
    "\0",
    "%",
    "\ud7ff",
    "٢",
    "２０１７",
    "a" * 3000,
]
NAMES = [
    *(parameter for values in ProjectFilter.values_filters() for parameter in values.parameters),
    *("q", "sort", "page", "view", "columns", "list", "rows", "find", "nonsense", "country[]"),
]
PATHS = [
    *("/projects/",) * 4,
    *("/projects/export/", "/projects/export.json", "/projects/export.csv"),
    *(f"/projects/values/{values.name}/" for values in ProjectFilter.values_filters()),
    *("/projects/values/nonsense/", "/projects/nonsense/"),
    "/projects/demonstration-and-promotion/",
]
values = st.one_of(st.sampled_from(KNOWN), st.sampled_from(HOSTILE), st.text(max_size=30))
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=8)
# Bytes that a browser would not send: broken UTF-8, lone signs.
raw = st.binary(max_size=30).map(quote)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def records(network):
    return network


def encoded(pairs):
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs])


@pytest.mark.parametrize("number", SEEDS)
def test_no_parameters_make_a_server_error(records, db, number):
    client = Client(raise_request_exception=True)

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(path=st.sampled_from(PATHS), pairs=queries, tail=raw)
    def ask(path, pairs, tail):
        response = client.get(path, QUERY_STRING=f"{encoded(pairs)}&{tail}")
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code in (200, 302, 400, 404)

    ask()
