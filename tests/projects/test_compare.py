"""Projects side by side."""

import re
from urllib.parse import urlencode

import pytest

from projects.catalogue.compare import MOST
from tests import make

pytestmark = pytest.mark.django_db

COMPARE = "/projects/compare/"


def compared(client, keys):
    return client.get(f"{COMPARE}?{urlencode([('id', key) for key in keys])}")


def heads(response):
    return re.findall(r'<th scope="col"><a [^>]*>([^<]*)</a>', response.content.decode())


def test_they_stand_in_the_order_of_the_address(client, django_assert_max_num_queries):
    records = [make.Project(title=f"Number {n}") for n in range(3)]
    keys = [record.code for record in (records[2], records[0])]
    with django_assert_max_num_queries(9):
        response = compared(client, keys)
    assert heads(response) == ["Number 2", "Number 0"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_what_cannot_be_shown_is_said(client):
    five = [make.Project(title=f"Number {n}").code for n in range(MOST + 1)]
    hidden = [
        make.Project(title="Not for all", state=state).code for state in ("draft", "withdrawn")
    ]
    asked = [five[0], *five, *hidden, "<b>" * 100, "9" * 5000, " ", *five]

    response = compared(client, asked)

    page = response.content.decode()
    assert response.status_code == 200
    assert heads(response) == [f"Number {n}" for n in range(MOST)]
    assert f"At most four are compared. Left out: {five[4]}." in page
    for one in hidden:
        assert re.search(rf"no longer public: [^.]*{one}", page)
    assert "Not for all" not in page
    assert "<b>" not in page


def test_nothing_chosen_says_how_and_the_list_sends_what_is_ticked(client):
    page = client.get(COMPARE).content.decode()
    assert "Tick up to four in the list" in page
    assert "<table" not in page

    records = [make.Project(title=f"Number {n}") for n in range(2)]
    page = client.get("/projects/").content.decode()
    assert f'<form id="compare" action="{COMPARE}">' in page
    for record in records:
        assert f'name="id" value="{record.code}" form="compare"' in page


def test_rows_that_say_nothing_are_left_out(client):
    countries = [make.Country(name=f"Land {n}") for n in range(9)]
    project = make.Project(countries=countries, granted_usd=0)
    page = compared(client, [project.code]).content.decode()
    labels = re.findall(r'<th scope="row">([^<]*)', page)
    assert "Countries" in labels
    assert not {"Sectors", "What came of it"} & set(labels)
    assert "Grant, US$" in labels
    assert all(country.name in page for country in countries)
