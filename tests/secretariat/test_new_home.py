"""Home while records come in."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


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
