"""Home: what the Network is, how large, where; every number on it opens its list."""

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def found(client, address):
    return client.get(address.replace("&amp;", "&")).context["listing"].count


def test_without_projects_home_says_what_will_be_there(client):
    page = client.get("/").content.decode()

    assert "The projects of the Network will appear here" in page
    assert '<table class="bars">' not in page


def test_a_new_project_is_on_the_map_at_once(client):
    country = make.Country(iso2="VN", name="Viet Nam", tile_column=1, tile_row=1)
    make.Project(countries=[country])
    assert "Viet Nam: 1 project<" in client.get("/").content.decode()

    make.Project(countries=[country])

    assert "Viet Nam: 2 projects<" in client.get("/").content.decode()


@pytest.mark.usefixtures("network")
class TestOnTheRealRecords:
    def test_each_bar_and_year_opens_a_list_of_just_as_many(self, client):
        home = client.get("/").context

        for bars in home["charts"][:2]:
            assert bars.rows
            shown = {bar.label: bar.number.value for bar in bars.in_sight}
            assert shown == {bar.label: found(client, bar.number.address) for bar in bars.in_sight}
        years = home["timeline"].rows
        assert [int(year.label) for year in years] == list(range(2007, 2020))
        for year in years:
            number = year.number
            assert bool(number.address) == bool(number.value)
            if number.value:
                assert found(client, number.address) == number.value

    def test_each_tile_opens_the_page_of_a_country_with_just_as_many(self, client):
        page = client.get("/").content.decode()

        tiles = re.findall(r'<a class="level-\d" href="([^"]+)"><title>[^<]*: (\d+) project', page)

        assert len(tiles) > 20
        for address, count in tiles[::6]:
            assert client.get(address).context["landing"].listing.count == int(count)

    def test_the_newest_projects_are_the_first_of_the_list(self, client):
        """The newest has no title, and the one told above is among them."""
        home = client.get("/")
        listed = client.get("/projects/").context["results"]

        codes = re.findall(r'<li class="result" id="([A-Z]+-\d+)"', home.content.decode())

        assert codes == [project.code for project in listed][:4]
