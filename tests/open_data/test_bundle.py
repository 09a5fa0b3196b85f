"""The bundle of everything, read by others' programs."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from django.core.management import call_command
from frictionless import Package, system

from members.models import Institution
from projects.models import Project
from secretariat.open_data import bundle
from tests import make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PORTAL_ADDRESS = "https://portal.example.org"


def table(archive, name):
    text = archive.read(f"{name}.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def archive(network, db):
    make.Project(title="Sample", is_sample=True)
    make.Project(title="Draft", state="draft")
    with zipfile.ZipFile(bundle.make()) as archive:
        yield archive


def test_it_is_a_right_data_package(archive, tmp_path):
    archive.extractall(tmp_path / "bundle")
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "bundle" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "rowNumber", "fieldName"])
    assert report.stats["tasks"] == 15


def test_it_has_all_that_is_public_and_nothing_made_up(archive):
    published = Project.objects.published().filter(is_sample=False)
    codes = [row["code"] for row in table(archive, "projects")]
    assert sorted(codes) == sorted(published.values_list("code", flat=True))
    # Those as well that the directory does not list: other tables name them.
    published = Institution.objects.published()
    assert len(table(archive, "institutions")) == published.count() > 0
    assert len(table(archive, "figures")) == 10
    for name in ("projects", "institutions", "meetings"):
        assert all(row["sources"] for row in table(archive, name))


def test_without_a_licence_it_says_that_there_is_none_yet(archive):
    assert b"not chosen a licence" in archive.read("LICENCE.txt")
    assert "licenses" not in json.loads(archive.read("datapackage.json"))


@pytest.mark.django_db
def test_the_command_says_what_it_made_and_old_ones_go(capsys):
    bundle.folder().mkdir(parents=True)
    for day in range(1, 29):
        bundle.path_of(date(2020, 1, day)).touch()
    call_command("make_bundle")
    assert "sscnet-data-" in capsys.readouterr().out
    assert len(bundle.days()) == bundle.KEPT
    assert bundle.days()[-1] == date(2020, 1, 18)
    assert not list(bundle.folder().glob("*.part"))


@pytest.mark.django_db
def test_it_is_offered_by_its_day_and_as_the_latest(client):
    assert client.get("/about/data/latest.zip").status_code == 404
    day = bundle.make().name[-14:-4]
    latest = client.get("/about/data/latest.zip")
    assert latest.url == f"/about/data/{day}.zip"
    response = client.get(latest.url)
    assert zipfile.is_zipfile(io.BytesIO(b"".join(response)))
    assert f"sscnet-data-{day}.zip" in response.headers["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2020-01-01", "x", "..", "2020-13-01", "20200101", "%2e%2e%2fx"])
def test_what_is_not_there_is_not_found(client, day):
    bundle.make()
    assert client.get(f"/about/data/{day}.zip").status_code == 404
