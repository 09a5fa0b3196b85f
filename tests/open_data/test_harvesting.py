"""Public files as programs take them: 304 until something changes, open to other sites."""

import pytest

from members.models import Institution
from projects.models import Project
from secretariat.open_data import bundle
from tests import make

FILES = [
    *(f"/projects/export.{kind}" for kind in ("csv", "xlsx", "json", "iati.xml")),
    "/zh-hans/projects/export.csv?country=VN",
    "/projects/tea/iati.xml",
    "/projects/organisation.iati.xml",
    "/projects/feed/",
    "/members/export.csv",
    "/members/export.xlsx",
    "/members/feed/",
    "/meetings/feed/",
    "/meetings/calendar.ics",
    "/figures/export.csv",
    "/about/data/latest.zip",
    "/api/v1/projects",
]
# What no change of a project touches.
OF_OTHERS = {"/projects/organisation.iati.xml", "/about/data/latest.zip"}


@pytest.fixture
def project(publisher, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SECURE_SSL_REDIRECT = tmp_path, False
    vietnam = make.Country(iso2="VN")
    known = {"status": "completed", "actual_start_on": "2018", "sectors": [make.Sector()]}
    project = make.Project(slug="tea", countries=[vietnam], **known)
    make.Institution(name="Institute of Tea")
    make.Meeting(slug="tea-day")
    bundle.make()
    return project


def get(client, address, **headers):
    """Get a file to its end, so that what it reads from is closed."""
    response = client.get(address, follow=True, headers=headers)
    if response.streaming:
        b"".join(response)
    return response


@pytest.mark.django_db
@pytest.mark.parametrize("address", FILES)
def test_a_file_is_sent_once_and_again_when_something_changed(client, project, address):
    first = get(client, address)
    told = first.headers
    assert first.status_code == 200
    assert {"public", "max-age=0", "must-revalidate"} <= set(told["Cache-Control"].split(", "))
    assert told["Access-Control-Allow-Origin"] == "*"

    again = get(client, address, if_none_match=told["ETag"])
    assert (again.status_code, again.headers["ETag"]) == (304, told["ETag"])
    assert again.headers["Access-Control-Allow-Origin"] == "*"

    Project.objects.filter(pk=project.pk).update(title="Green tea")
    Institution.objects.update(city="Hangzhou")
    changed = get(client, address, if_none_match=told["ETag"])
    assert changed.status_code == (304 if address in OF_OTHERS else 200)


@pytest.mark.django_db
def test_other_sites_may_ask_before_they_read(client, project):
    asked = client.options("/projects/export.csv")
    assert asked.status_code == 204
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


@pytest.mark.django_db
def test_what_is_shown_to_staff_is_kept_by_nobody(client, project):
    client.force_login(make.Administrator())
    told = client.get("/projects/export.csv").headers
    assert told["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in told
