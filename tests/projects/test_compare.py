"""Records side by side, of projects and of institutions."""

import re
from urllib.parse import urlencode

import pytest

from sscnet.facets.compare import MOST
from tests.factories import CountryFactory, InstitutionFactory, ProjectFactory

pytestmark = pytest.mark.django_db

KINDS = {
    "/projects/compare/": (ProjectFactory, "code", "title"),
    "/members/compare/": (InstitutionFactory, "slug", "name"),
}


@pytest.fixture(params=KINDS)
def made(request):
    """Return where they are compared, what makes one, and by which key the address names it."""
    factory, key, name = KINDS[request.param]
    return request.param, lambda words, **values: factory(**{name: words}, **values), key


def compared(client, path, keys=(), **params):
    return client.get(f"{path}?{urlencode([*(('id', key) for key in keys), *params.items()])}")


def heads(response):
    return re.findall(r'<th scope="col"><a [^>]*>([^<]*)</a>', response.content.decode())


def test_they_stand_in_the_order_of_the_address(client, made, django_assert_max_num_queries):
    path, make, key = made
    records = [make(f"Number {n}") for n in range(3)]
    keys = [getattr(record, key) for record in (records[2], records[0])]

    with django_assert_max_num_queries(9):
        response = compared(client, path, keys)

    assert heads(response) == ["Number 2", "Number 0"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_what_cannot_be_shown_is_said(client, made):
    path, make, key = made
    five = [getattr(make(f"Number {n}"), key) for n in range(MOST + 1)]
    hidden = [getattr(make("Not for all", state=state), key) for state in ("draft", "withdrawn")]
    asked = [five[0], *five, *hidden, "<b>" * 100, "9" * 5000, " ", *five]

    response = compared(client, path, asked)

    page = response.content.decode()
    assert response.status_code == 200
    assert heads(response) == [f"Number {n}" for n in range(MOST)]
    assert f"At most four are compared. Left out: {five[4]}." in page
    for one in hidden:
        assert re.search(rf"no longer public: [^.]*{one}", page)
    assert "Named more than once, shown once: " in page
    assert "Not for all" not in page
    assert "<b>" not in page


def test_nothing_chosen_is_a_page_that_says_how(client, made):
    path, _make, _key = made

    page = client.get(path).content.decode()

    assert "Or tick up to four in the list" in page
    assert "<table" not in page


def test_one_more_is_found_and_added_by_links_alone(client, made):
    path, make, key = made
    first, other = make("Bamboo one"), make("Bamboo two")

    page = compared(client, path, [getattr(first, key)], find="bamboo").content.decode()

    both = urlencode([("id", getattr(record, key)) for record in (first, other)])
    assert f'href="{path}?{both}"'.replace("&", "&amp;") in page
    assert "+ <span>Bamboo one" not in page


def test_the_list_sends_what_is_ticked(client, made):
    path, make, key = made
    records = [make(f"Number {n}") for n in range(2)]

    page = client.get(path.replace("compare/", "")).content.decode()

    assert f'<form id="compare" action="{path}">' in page
    for record in records:
        assert f'name="id" value="{getattr(record, key)}" form="compare"' in page


def test_the_file_has_the_rows_of_the_list_in_the_order_chosen(client, made):
    path, make, key = made
    keys = [getattr(make(f"Number {n}"), key) for n in range(2)][::-1]
    whole = b"".join(client.get(path.replace("compare/", "export.csv"))).decode()

    chosen = b"".join(compared(client, f"{path[:-1]}.csv", [*keys, "none-such"])).decode()

    head, *rows = chosen.splitlines()
    assert head == whole.splitlines()[0]
    assert [row.split(",")[0] for row in rows] == keys
    assert set(rows) <= set(whole.splitlines())


def test_rows_that_say_nothing_are_left_out_and_all_countries_are_named(client):
    countries = [CountryFactory(name=f"Land {n}") for n in range(9)]
    project = ProjectFactory(countries=countries, granted_usd=0)

    page = compared(client, "/projects/compare/", [project.code]).content.decode()

    labels = re.findall(r'<th scope="row">([^<]*)', page)
    assert "Countries" in labels
    assert not {"Sectors", "What came of it"} & set(labels)
    assert "Grant, US$" in labels
    assert all(country.name in page for country in countries)
