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


@pytest.mark.parametrize(
    "text",
    [
        "biogas",
        "BIOGAS digesters",
        "沼气",
        "nepal",
        "尼泊尔",
        "bioma",
        "研究所 biogas",
        "示范 项目",
    ],
)
def test_it_finds_words_in_the_record_and_in_what_it_links_to(client, biogas, text):
    assert found(client, text) == [biogas.code]


def test_an_institution_with_many_links_does_not_multiply_rows(client):
    institute = make.Member(name="Biogas Institute")
    project = make.Project(title="Biogas", submitter=institute)
    make.ProjectInstitution(project=project, institution=institute)

    assert found(client, "biogas") == [project.code]


@pytest.mark.parametrize("text", ["INT/18/K08", "int18k08", "18 K08", "ssc {}"])
def test_a_number_leads_to_the_page(client, biogas, text):
    response = client.get(LIST, {"q": text.format(biogas.code[4:])})

    assert response.status_code == 302
    assert response.url == biogas.get_absolute_url()


def test_a_number_among_other_things_is_a_search(client, biogas):
    assert found(client, "INT/18/K08", country="NP") == [biogas.code]


def test_what_was_asked_for_is_marked_in_the_title(client, biogas):
    assert "<mark>Biogas</mark> digesters</a>" in page_of(client, "biogas")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("18/K08 nepal", "Number: <mark>INT/18/K08</mark>"),
        ("沼气", f"Institution: {CHINESE}农业农村部<mark>沼气</mark>科学研究所</span>"),
        ("示范", f"Title: {CHINESE}<mark>示范</mark>项目</span>"),
        ("nepal", "Country: <mark>Nepal</mark>"),
        ("bioma", "Institution: <mark>BIOMA</mark>"),
        ("zhaoqi", f"Institution: {CHINESE}农业农村部<mark>沼气</mark>科学研究所</span>"),
        ("ke xue yan jiu", f"Institution: {CHINESE}农业农村部沼气<mark>科学研究</mark>所</span>"),
    ],
)
def test_a_match_elsewhere_is_shown_with_its_place(client, biogas, text, line):
    assert f'<p class="match">{line}</p>' in page_of(client, text)


def test_a_match_in_a_text_is_shown_with_the_words_around(client, biogas):
    page = page_of(client, "steel")

    assert re.search(r'class="match">What came of it: .*&lt;of <mark>steel</mark>&gt; &amp;', page)
    assert page.count("Forty engineers") <= 3


def test_a_forgiven_mistake_is_said(client, biogas):
    page = page_of(client, "biogass digestrs")

    assert "Showing results for “biogas digesters”" in page
    assert "<mark>Biogas digesters</mark>" in page


def test_a_near_spelling_is_offered(client, biogas):
    page = page_of(client, "biogaxx")

    assert 'Did you mean: <a href="/projects/?q=biogas">biogas</a>' in page


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


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "100% (a|b)* [x", '"<b>'])
def test_every_character_is_taken_as_it_stands(client, biogas, text):
    assert found(client, text) == []
    assert reverse("projects:list") in page_of(client, text)
