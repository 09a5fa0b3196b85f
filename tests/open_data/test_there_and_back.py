"""A public file brought back changes nothing; the bundle fills an empty database."""

import re
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override

from meetings.models import Meeting
from members.models import Institution
from members.resources import InstitutionResource
from projects.models import Project
from projects.resources import ProjectResource
from secretariat.open_data import bundle
from secretariat.setup.loading import load_network
from sscnet.changes.trial import trial
from sscnet.exchange.sheets import read_sheet
from tests import make

# What a spreadsheet would run, what empties a cell, and what parts a list.
ODD = {
    "title": "=cmd|' /C calc'!A0",
    "title_zh_hans": "＋山村沼气",
    "subtitle": "'=already quoted",
    "summary": "Two\r\nlines, with a comma; and more ",
    "challenge": "-",
    "approach": "\t- not a dash",
    "outcome": 'Outcome “quoted” "twice"',
    "outcome_zh_hans": "'-",
    # Longer than a cell of a workbook.
    "gender_evidence": "=" + "长" * 40_000,
}
FILES = {
    "/projects/export.csv": ProjectResource,
    "/projects/export.xlsx": ProjectResource,
    "/projects/export.xlsx?fields=all": ProjectResource,
    "/projects/export.csv?q={}": ProjectResource,
    "/members/export.csv": InstitutionResource,
    "/members/export.xlsx": InstitutionResource,
    "/members/export.xlsx?fields=all": InstitutionResource,
}


def content(address):
    return b"".join(Client().get(address))


def pages():
    """Return the pages of all that is published, in both languages, without the day of today."""
    records = [
        *Project.objects.published(),
        *Institution.objects.published().listed(),
        *Meeting.objects.published(),
    ]
    addresses = ["/projects/", "/members/", "/meetings/", "/activities/", "/figures/"]
    with override("en"):
        addresses += [record.get_absolute_url() for record in records]
    texts = {}
    for address in (prefix + one for one in addresses for prefix in ("", "/zh-hans")):
        response = Client().get(address)
        assert response.status_code == 200, address
        own = r'(nonce|datetime)="[^"]*"'
        texts[address] = re.sub(own, "", response.content.decode())
    return texts


@pytest.mark.django_db
def test_the_bundle_in_an_empty_database_gives_the_same_pages(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with trial():
        load_network()
        written = pages()
        with zipfile.ZipFile(bundle.make()) as archive:
            archive.extractall(tmp_path / "bundle")
    assert not Project.objects.exists()
    with connection.cursor() as cursor:
        # As in a database that never gave a code.
        cursor.execute("SELECT setval('project_code', 1, false)")
    load_network(tmp_path / "bundle")
    read = pages()
    assert len(written) >= 60
    assert read.keys() == written.keys()
    assert [address for address in written if read[address] != written[address]] == []
    codes = set(Project.objects.values_list("code", flat=True))
    assert make.Project().code not in codes


@pytest.mark.django_db
class TestTheRealRecords:
    @pytest.fixture(autouse=True)
    def records(self, network):
        """The real records, and two with whatever is hard to write in a cell."""
        places = [make.Country(name="A; B, C"), *make.Country.create_batch(2)]
        project = make.Project(**ODD, countries=places, granted_usd="29000.50", gender_marker=0)
        self.code = project.code
        make.Source(record=project, name="Report ; annex | 2", address="https://example.org/1")
        make.Source(record=project, name="News", name_zh_hans="新闻", confidence="low")
        make.Institution(name="=1+1", description="-")

    @pytest.mark.parametrize("prefix", ["", "/zh-hans"])
    @pytest.mark.parametrize("address", FILES)
    def test_the_same_file_changes_nothing(self, address, prefix):
        resource = FILES[address]()
        with override("zh-hans" if prefix else "en"):
            sheet = read_sheet(content(prefix + address.format(self.code)), resource.fields)
            rows = resource.import_data(sheet, dry_run=True)
        assert len(rows) >= 15 or "q=" in address
        told = [(r.kind, r.changes, r.refusals, r.warnings) for r in rows]
        assert [one for one in told if one != ("same", [], [], [])] == []
        assert [n for n in sheet.notices if "country" not in n] == []
