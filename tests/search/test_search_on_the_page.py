"""The search box of the list: what it finds, what it shows of that, what it offers instead."""

import re

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db

LIST = "/projects/"
CHINESE = '<span lang="zh-Hans">'


def page_of(client, text, **params):
    response = client.get(LIST, {"q": text, **params})
    return " ".join(response.content.decode().split())


def found(client, text, **params):
    return re.findall(r'class="result" id="([^"]+)"', page_of(client, text, **params))


@pytest.fixture
def biogas():
    nepal = make.Country(iso2="NP", name="Nepal", name_zh_hans="尼泊尔")
    institute = make.Member(name="Institute", name_zh_hans="农业农村部沼气科学研究所")
    make.InstitutionName(institution=institute, name="BIOMA")
    make.Project(title="Bamboo")
    return make.Project(
        title="Biogas digesters",
        title_zh_hans="示范项目",
        countries=[nepal],
        submitter=institute,
        numbers=["INT/18/K08"],
        outcome="Forty engineers learned how to build a fermenter <of steel> & glass. " * 9,
    )


def test_it_finds_words_in_the_record_and_its_links_and_takes_signs_as_they_are(client, biogas):
    # Two links to one institution do not multiply rows.
    make.ProjectInstitution(project=biogas, institution=biogas.submitter, role="supporter")

    for text in (
        *("biogas", "BIOGAS digesters", "沼气", "nepal", "尼泊尔"),
        *("bioma", "研究所 biogas", "示范 项目"),
    ):
        assert found(client, text) == [biogas.code], text
    for text in ("%", "_", "\\", "'", "100% (a|b)* [x", '"<b>'):
        assert found(client, text) == [], text
        assert reverse("projects:list") in page_of(client, text)


def test_a_number_leads_to_the_page_and_a_mistake_is_forgiven(client, biogas):
    for text in ("INT/18/K08", "int18k08", "18 K08", f"ssc {biogas.code[4:]}"):
        response = client.get(LIST, {"q": text})
        assert (response.status_code, response.url) == (302, biogas.get_absolute_url()), text
    assert found(client, "INT/18/K08", country="NP") == [biogas.code]

    page = page_of(client, "biogass digestrs")
    assert "Showing results for “biogas digesters”" in page
    assert "<mark>Biogas digesters</mark>" in page
    page = page_of(client, "biogaxx")
    assert 'Did you mean: <a href="/projects/?q=biogas">biogas</a>' in page


def test_what_was_asked_for_is_marked_in_the_title_or_shown_with_its_place(client, biogas):
    assert "<mark>Biogas</mark> digesters</a>" in page_of(client, "biogas")

    for text, line in [
        ("18/K08 nepal", "Number: <mark>INT/18/K08</mark>"),
        ("沼气", f"Institution: {CHINESE}农业农村部<mark>沼气</mark>科学研究所</span>"),
        ("示范", f"Title: {CHINESE}<mark>示范</mark>项目</span>"),
        ("nepal", "Country: <mark>Nepal</mark>"),
        ("bioma", "Institution: <mark>BIOMA</mark>"),
    ]:
        assert f'<p class="match">{line}</p>' in page_of(client, text), text

    page = page_of(client, "steel")
    assert re.search(r'class="match">What came of it: .*&lt;of <mark>steel</mark>&gt; &amp;', page)
    assert page.count("Forty engineers") <= 3


def test_the_best_match_comes_first_and_another_order_can_be_asked_for(client):
    water = make.Sector(name="Water", slug="water")
    newer = make.Project(title="Wells", sectors=[water], year_approved=2020)
    older = make.Project(title="Water", year_approved=2001)

    assert found(client, "water") == [older.code, newer.code]
    assert found(client, "water", sort="newest") == [newer.code, older.code]
    assert "sort=relevance" not in page_of(client, "water")
    assert found(client, "", sort="relevance") == [newer.code, older.code]


def test_a_search_text_that_is_too_long_is_left_out_and_said(client):
    project = make.Project()

    assert found(client, "x" * 5000) == [project.code]
    assert "The search text is too long" in page_of(client, "x" * 5000)
