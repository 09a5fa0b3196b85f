"""The search over everything, on the Network's real records: `site_search_cases.csv` says what."""

import csv
from pathlib import Path

import pytest

from tests.factories import MeetingFactory, ProjectFactory

FILE = Path(__file__).parent / "site_search_cases.csv"
CASES = list(csv.DictReader(FILE.read_text().splitlines()))


def search(client, text, prefix=""):
    return client.get(f"{prefix}/search/", {"q": text})


def address_of(record) -> str:
    return getattr(record, "address", None) or record.get_absolute_url()


def found(response) -> dict[str, list[str]]:
    """Return the addresses of what was found, by kind."""
    return {
        group.kind.key: [
            getattr(one, "address", None) or one.get_absolute_url() for one in group.records
        ]
        for group in response.context["groups"]
    }


@pytest.mark.django_db
def test_groups_say_how_many_there_are_and_projects_lead_to_the_list(client):
    ProjectFactory.create_batch(7, title="Biogas")
    MeetingFactory(title="Biogas forum")

    page = search(client, "biogas").content.decode()

    assert 'href="/projects/?q=biogas">All 7 projects</a>' in page
    assert "Projects <small>7</small>" in page
    assert "Meetings <small>1</small>" in page


@pytest.mark.django_db
def test_another_spelling_is_looked_for_only_where_nothing_has_the_words(client):
    ProjectFactory(title="Bamboo")
    MeetingFactory(title="Bambou and rattan")

    assert list(found(search(client, "bambou"))) == ["meeting"]
    corrected = search(client, "bambuo")
    assert "project" in found(corrected)
    assert "Nothing found for “bambuo”" in corrected.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("junk", ["", " ", "\0", "%", "-", '"', "9" * 500, "x" * 5000])
def test_junk_finds_nothing_and_breaks_nothing(client, junk):
    ProjectFactory(title="Biogas", state="draft")

    assert search(client, junk).status_code in (200, 400)


@pytest.mark.django_db
def test_drafts_are_not_found(client):
    ProjectFactory(title="Biogas", state="draft")
    MeetingFactory(title="Biogas", state="ready")

    assert found(search(client, "biogas")) == {}


# ------------------------------------------------------------------ the real records


def wanted(address):
    """Return what an address must be, or after * what it must hold."""
    part = address.removeprefix("*")
    return lambda found: part in found if address.startswith("*") else found == address


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_case(network, client, case):
    response = search(client, case["query"])

    if case["kind"] == "goes to":
        assert (response.status_code, response.url) == (302, case["finds"])
    elif case["finds"]:
        assert any(map(wanted(case["finds"]), found(response).get(case["kind"], [])))
    else:
        assert found(response) == {}
