"""Pages of a country and goal: their map, and what is not shown for want of room."""

import re

import pytest

from sscnet.codelists.models import Country
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def projects():
    """Two in Viet Nam, of which one is for the sixth goal; the other one, in Nepal too, is not."""
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    nepal = make.Country(iso2="NP", name="Nepal", tile_column=22, tile_row=6)
    make.Country(iso2="NO", name="Norway", tile_column=12, tile_row=0)
    make.Project(countries=[viet_nam], sdgs=[make.SDG(number=6)])
    make.Project(countries=[viet_nam, nepal])


def tiles(client, path):
    page = client.get(path).content.decode()
    found = re.findall(r'<a class="level-\d[^"]*" href="([^"]+)"[^>]*><title>([^<]+)', page)
    return {title: address.replace("&amp;", "&") for address, title in found}


def test_it_leads_to_the_projects_of_a_goal_or_from_one_country_to_the_other(client):
    assert tiles(client, "/sdgs/6/") == {"Viet Nam: 1 project": "/projects/?country=VN&sdg=6"}
    for path in ("/countries/", "/countries/VN/"):
        assert tiles(client, path) == {
            "Nepal: 1 project": "/countries/NP/",
            "Viet Nam: 2 projects": "/countries/VN/",
        }

    page = client.get("/countries/VN/").content.decode()
    assert page.count('href="/countries/VN/" rel="nofollow" aria-current="page"') == 1
    assert page.count('aria-current="page"') == 1


def test_a_narrow_screen_opens_the_map_where_the_projects_are(client):
    for path, where in [
        # The middle of column 26 of the 27 that the map has.
        ("/countries/VN/", "97%"),
        ("/countries/NP/", "83%"),
        ("/projects/?view=map&country=NP", "83%"),
        # Two projects of three.
        ("/countries/", "97%"),
    ]:
        page = client.get(path).content.decode()
        assert f'<div class="opens-here"><svg width="{where}"' in page, path


def test_institutions_beyond_the_first_ten_are_a_link_away(client):
    viet_nam = Country.objects.get(iso2="VN")
    for _ in range(12):
        make.Project(countries=[viet_nam], submitter=make.Institution())

    page = client.get("/countries/VN/")

    assert len(page.context["landing"].institutions) == 10
    assert '<a href="/projects/values/institution/?country=VN" rel="nofollow">and 2 more</a>' in (
        page.content.decode()
    )
