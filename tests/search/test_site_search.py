"""The search over everything, on the Network's real records: `site_search_cases.csv` says what."""

import csv
from pathlib import Path

import pytest

from meetings.models import Meeting
from sscnet.core.pages.page_cache import pages
from tests import make

FILE = Path(__file__).parent / "site_search_cases.csv"
CASES = list(csv.DictReader(FILE.read_text().splitlines()))


def search(client, text, **others):
    # A page that was kept has no context.
    pages.forget()
    return client.get("/search/", {"q": text, **others})


def found(response) -> dict[str, list[str]]:
    """Return the addresses of what was found, by kind."""
    return {
        group.kind.key: [
            getattr(one, "address", None) or one.get_absolute_url() for one in group.records
        ]
        for group in response.context["groups"]
    }


@pytest.mark.django_db
def test_groups_lead_to_their_lists_and_spelling_is_looked_at_last(client):
    make.Project.create_batch(7, title="Biogas")
    make.Meeting(title="Biogas forum")
    page = search(client, "biogas").content.decode()
    assert '<a href="/projects/?q=biogas">Open as a list' in page
    assert '<a href="/meetings/?q=biogas">Open as a list' in page
    assert "Projects <small>7</small>" in page
    assert "Meetings <small>1</small>" in page

    make.Project(title="Bamboo")
    make.Meeting(title="Bambou and rattan")
    assert list(found(search(client, "bambou"))) == ["meeting"]
    corrected = search(client, "bambuo")
    assert "project" in found(corrected)
    assert "Nothing found for “bambuo”" in corrected.content.decode()


@pytest.mark.django_db
def test_drafts_are_not_found_and_junk_breaks_nothing(client):
    make.Project(title="Biogas", state="draft")
    make.Meeting(title="Biogas", state="ready")

    assert found(search(client, "biogas")) == {}
    for junk in ("", " ", "\0", "%", "-", '"', "9" * 500, "x" * 5000):
        assert search(client, junk).status_code in (200, 400), junk


def test_the_one_record_meant_is_opened_and_leads_to_all_else(client, db):
    country = make.Country(iso2="VN", name="Viet Nam")
    make.ProjectCountry(country=country, project__title="Ponds in Viet Nam")

    page = client.get("/search/", {"q": "viet-NAM"}, follow=True)
    link = '<a href="/search/?all=1&amp;q=viet-NAM" rel="nofollow">Everything found for it</a>'
    groups = found(search(client, "viet-NAM", all="1"))

    assert page.redirect_chain == [("/countries/VN/?searched=viet-NAM", 302)]
    assert " ".join(page.content.decode().split()).count(link) == 1
    assert list(groups) == ["country", "project"]


def test_a_page_is_kept_until_what_it_shows_changes_and_not_while_it_waits(
    client, db, django_assert_num_queries, monkeypatch
):
    meeting = make.Meeting(title="Forum on biogas")
    search(client, "forum")
    with django_assert_num_queries(1):
        client.get("/search/", {"q": "forum"})
    Meeting.objects.filter(pk=meeting.pk).update(title="Forum on ponds")
    assert b"Forum on ponds" in client.get("/search/", {"q": "forum"}).content

    monkeypatch.setattr("sscnet.search.renewal.INLINE", 2)
    make.Project.create_batch(5, title="Biogas")
    counts = [client.get("/search/", {"q": "biogas"}).context["groups"][0].count for _ in "123"]
    assert counts == [2, 4, 5]


# ------------------------------------------------------------------ the real records


def wanted(address):
    """Return what an address must be, or after * what it must hold."""
    part = address.removeprefix("*")
    return lambda found: part in found if address.startswith("*") else found == address


def is_met(client, case):
    response = search(client, case["query"])
    if case["kind"] == "goes to":
        return response.status_code == 302 and wanted(case["finds"])(address_without(response))
    if response.status_code != 200:
        return False
    if not case["finds"]:
        return found(response) == {}
    return any(map(wanted(case["finds"]), found(response).get(case["kind"], [])))


def address_without(response):
    return response.url.partition("?searched=")[0]


def test_what_the_cases_ask_for_is_found(network, db, client):
    assert len(CASES) >= 120
    assert [case["query"] for case in CASES if not is_met(client, case)] == []


def test_a_search_takes_at_most_twelve_queries(network, db, client, django_assert_max_num_queries):
    search(client, "reads what a process reads once")
    for text in ("training", "2019", "沼气", "hangzhuo", "xyzzy qwert"):
        with django_assert_max_num_queries(12):
            search(client, text)


# A wrong, missing or swapped letter in each, and the address that is found nevertheless.
MISTYPED = {
    "Indonasia": "/countries/ID/",
    "Phillipines": "/countries/PH/",
    "Bangladash": "/countries/BD/",
    "Malayisa": "/countries/MY/",
    "Etiopia": "/countries/ET/",
    "Madagascer": "/countries/MG/",
    "Camboida": "/countries/KH/",
    "Thailnd": "/countries/TH/",
    "Mongolai": "/countries/MN/",
    "Zambie": "/countries/ZM/",
    "Hangzhoe": "/members/international-center-on-small-hydropower/",
    "Sichuen": "/members/biogas-institute-of-ministry-of-agriculture/",
    "Zhejang": "/members/national-bamboo-research-center/",
    "Jiangsuu": "/members/nantong-pesticide-formulation-development-centre/",
    "Jiangix": "/members/jiangxi-academy-of-agricultural-sciences/",
    "Nantnog": "/members/nantong-pesticide-formulation-development-centre/",
    "CIFLA Shanghai": "/members/cifal-shanghai/",
    "Freshwatter Fisheries": (
        "/members/freshwater-fisheries-research-center-of-the-chinese-academy-of-fishery-sciences/"
    ),
    "Pestcide Formulation": "/members/nantong-pesticide-formulation-development-centre/",
    "Busines Council": "/members/china-africa-business-council/",
    "Kunmnig": "/meetings/28th-annual-meeting-of-the-network/",
    "Chongqinq": "/meetings/25th-annual-meeting-of-the-network/",
    "digtal economy": (
        "/meetings/forum-on-south-south-cooperation-and-the-development-of-the-digital-economy/"
    ),
    "anual meeting": "/meetings/24th-annual-meeting-of-the-network/",
    "Edibel Mushroom": "/projects/regional-cooperation-on-edible-mushroom-technology/",
    "Informaton Security": "/projects/information-security-capacity-building-programme/",
    "Spirullina": "*high-yield",
    "recirculatng": "*aquaculture",
    "aquacultre": "/topics/aquaculture/",
    "Perez-Guererro": "/about/pgtf/",
}


def test_a_wrong_letter_in_a_name_is_helped_and_said_in_each_list(network, db, client):
    assert len(MISTYPED) == 30
    assert [text for text in MISTYPED if not is_helped(client, text)] == []

    for path, word in (
        *(("/members/", "Hangzou"), ("/meetings/", "Kunmnig")),
        ("/projects/", "mushrom"),
    ):
        page = client.get(path, {"q": word}).content.decode()
        assert f"Nothing was found for “{word}”. Showing results for “" in page
        assert '<li class="result' in page, path


def is_helped(client, text):
    response = search(client, text)
    addresses = [one for several in found(response).values() for one in several]
    is_said = f"Nothing found for “{text}”" in response.content.decode()
    return is_said and any(map(wanted(MISTYPED[text]), addresses))
