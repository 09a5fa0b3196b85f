"""Home: what the Network is, how large, where; every number on it opens its list."""

import re

import pytest

pytestmark = pytest.mark.django_db


def found(client, address):
    return client.get(address.replace("&amp;", "&")).context["listing"].count


class TestOnTheRealRecords:
    @pytest.fixture(autouse=True)
    def records(self, network):
        return network

    @pytest.mark.parametrize("number", range(2))
    def test_each_bar_opens_a_list_of_just_as_many(self, client, number):
        bars = client.get("/").context["charts"][number]

        assert bars.rows
        shown = {bar.label: bar.number.value for bar in bars.in_sight}
        assert shown == {bar.label: found(client, bar.number.address) for bar in bars.in_sight}

    def test_each_year_opens_a_list_of_just_as_many(self, client):
        years = client.get("/").context["timeline"].rows

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
