"""The page of figures: what it says, how many queries it takes."""

import re

import pytest

from tests import make
from tests.secretariat.test_figures_checker import make_meetings

pytestmark = pytest.mark.django_db


def test_the_page_says_what_is_missing_and_leaves_statements_alone(client):
    make.DatedFigure(value=66, as_of="2024-12")
    make.Project(granted_usd=1000, year_approved=2019)
    make.Project(year_approved=2019)

    page = client.get("/figures/?year_from=2019")

    text = re.sub(r"<[^>]+>", "", page.content.decode())
    assert "Of 2, 1 state it; 1 do not" in text
    assert [o.value for s in page.context["sections"] for o in s.statements] == [66]


def test_a_new_page_takes_few_queries(client, django_assert_max_num_queries):
    make.Project(granted_usd=1000)
    make_meetings()
    client.get("/projects/")
    client.get("/activities/")

    with django_assert_max_num_queries(12):
        client.get("/figures/")


def test_a_grant_of_several_countries_is_no_countrys_own(client):
    china = make.Country(iso2="CN", name="China")
    vietnam = make.Country(iso2="VN", name="Viet Nam")
    make.Project(countries=[china, vietnam], granted_usd=30_000)
    sections = {one.name: one for one in client.get("/figures/?country=VN").context["sections"]}
    assert "all its countries share its grant" in sections["money"].figures[0].definition
    assert "Grants of these projects, US$" in sections["country"].table.columns
    [_projects, reached, _institutions] = sections["projects"].figures
    assert (reached.label, reached.number.value) == ("Countries reached", 1)
    assert "1 in these projects" in client.get(reached.number.address).content.decode()
    page = client.get("/countries/VN/").content.decode()
    assert "Grants of projects with Viet Nam, shared by all their countries, US$" in page
    assert "Granted by the Fund, US$" not in page
