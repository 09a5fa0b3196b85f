"""The picture of where a project was."""

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def countries():
    make.Country(iso2="NO", name="Norway", tile_column=12, tile_row=0)
    return [
        make.Country(iso2="CN", name="China", tile_column=26, tile_row=5),
        make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9),
        make.Country(iso2="LA", name="Laos", tile_column=25, tile_row=9),
        make.Country(iso2="TH", name="Thailand", tile_column=25, tile_row=8),
    ]


def page_of(client, project):
    return client.get(project.get_absolute_url()).content.decode()


def test_its_countries_are_marked_on_the_ground_of_all(client, countries):
    page = page_of(client, make.Project(countries=countries))
    marked = re.findall(r'<g class="(level-\d)"><title>([^<]+)', page)
    assert marked[:2] == [("level-4", "China"), ("level-2", "Laos")]
    assert 'aria-label="The countries of this project: China, Laos, Thailand, Viet Nam"' in page
    # The part of the map that has them all, with the line around their squares.
    assert 'viewBox="600 120 48 120"' in page

    shape = re.search(r'<svg class="where".*?<path d="([^"]+)"', page, re.DOTALL)[1]
    assert shape.count("M") == 5

    # Three are told in words.
    for project in (make.Project(), make.Project(countries=countries[:3])):
        assert 'class="where"' not in page_of(client, project)
