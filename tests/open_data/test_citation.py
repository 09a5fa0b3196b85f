"""How to cite a project."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_the_page_of_a_project_says_how_to_cite_it(client, settings):
    project = make.Project(title="Biogas")
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    page = client.get(project.get_absolute_url()).content.decode()
    address = f"https://portal.example.org/projects/{project.code}/"
    day = project.updated_at.date().isoformat()[:4]
    assert f"China South-South Cooperation Network: Biogas ({project.code}). As of {day}" in page
    assert address in page
    assert client.get(f"/projects/{project.code}/").url == project.get_absolute_url()
