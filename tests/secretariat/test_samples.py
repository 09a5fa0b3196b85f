"""Samples are another world: whatever the portal says in public is the same with and without."""

import io
import re
import zipfile
from itertools import zip_longest
from urllib.parse import urlsplit

import pgtrigger
import pytest
from django.test import Client

from meetings.models import Meeting
from members.models import Institution
from projects.filters import ProjectFilter
from projects.models import Project
from secretariat.open_data import bundle
from secretariat.sample.meeting import make_sample_meeting
from secretariat.sample.stock import make_sample
from sscnet.codelists.models import SDG, Country, Sector
from sscnet.facets.params import NOT_STATED

SAMPLES = 300
# When an IATI file was made.
MADE_AT = re.compile('generated-datetime="[^"]+"')
LISTS = [
    *("/", "/projects/", "/members/", "/meetings/", "/countries/", "/sectors/", "/sdgs/"),
    *("/about/", "/about/data/", "/projects/export/"),
]
MACHINES = [
    *("/sitemap.xml", "/robots.txt", "/meetings/calendar.ics"),
    *("/projects/feed/", "/members/feed/", "/meetings/feed/"),
    *("/projects/export.csv", "/projects/export.csv?rows=country", "/projects/export.iati.xml"),
    *("/projects/export.xlsx", "/projects/export.json", "/members/export.csv"),
    *("/members/export.xlsx", "/api/v1/openapi.json"),
    *("/api/v1/projects?per_page=250", "/api/v1/institutions?per_page=250", "/api/v1/meetings"),
    *("/api/v1/countries?per_page=250", "/api/v1/sectors", "/api/v1/sdgs", "/api/v1/figures"),
]
# Found in both worlds, in samples alone, in neither, with faults, and in Chinese.
SEARCHES = [
    *("biogas", "biogs", "irrigation", "irigation", "sample", "SAMPLE-000001", "farming -biogas"),
    *("竹", "沼气", "示例", "shuili", "water wat", "INT/18/K08", "regional station"),
]


@pytest.fixture(autouse=True)
def a_publisher(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IATI_REGISTRATION_AGENCY = "CN-USCC"
    settings.IATI_REPORTING_ORG_REF = "CN-USCC-12345"
    settings.IATI_REPORTING_ORG_NAME = "Example Centre"
    settings.IATI_REPORTING_ORG_TYPE = "10"


def addresses():
    """List every public address of the real records, with lists in each value of each filter."""
    locations = text("/sitemap.xml").split("<loc>")[1:]
    yield from (urlsplit(line.partition("</loc>")[0]).path for line in locations)
    some = Country.objects.filter(tile_row__lte=6).values_list("pk", flat=True)
    landing = [
        *(f"/countries/{iso2}/" for iso2 in some),
        *(f"/sectors/{slug}/" for slug in Sector.objects.values_list("slug", flat=True)),
        *(f"/sdgs/{number}/" for number in SDG.objects.values_list("pk", flat=True)),
    ]
    yield from [*LISTS, *MACHINES, *landing]
    yield from (f"/zh-hans{address}" for address in LISTS)
    for view in ("table", "map"):
        yield f"/projects/?view={view}&sort=-grant"
    for word in SEARCHES:
        yield from (f"{path}?q={word}" for path in ("/projects/", "/members/"))
    for values in ProjectFilter.values_filters():
        yield f"/projects/values/{values.name}/"
        yield f"/projects/?{values.name}={NOT_STATED}"


def text(address):
    response = Client().get(address)
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    content = MADE_AT.sub("", content.decode())
    return f"{response.status_code} {response.get('Location', '')}\n{content}"


def everything_public():
    with zipfile.ZipFile(bundle.make()) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    return found | {address: text(address) for address in dict.fromkeys(addresses())}


def make_samples():
    """Make samples, some of them tied to real records, as who tries the portal may tie them."""
    make_sample(SAMPLES)
    meeting, _is_new = make_sample_meeting()
    project = Project.objects.published().filter(is_sample=True).first()
    for institution in Institution.objects.published().filter(is_sample=False)[:3]:
        project.project_institutions.create(institution=institution)
        meeting.meeting_institutions.create(institution=institution, role="attended")
    for real in Project.objects.published().filter(is_sample=False)[:3]:
        meeting.meeting_projects.create(project=real)
    with pgtrigger.ignore():
        # Else the meeting would have been changed, and rightly say so.
        Meeting.objects.filter(is_sample=False).first().meeting_projects.create(project=project)


def differences(before, after):
    """Return of each address that differs the first line that does."""
    return {
        address: next((a, b) for a, b in zip_longest(old.split("\n"), new.split("\n")) if a != b)
        for address, old in before.items()
        for new in [after.get(address, "")]
        if new != old
    }


@pytest.mark.usefixtures("network")
def test_every_public_figure_and_file_is_the_same_with_and_without_samples(db):
    before = everything_public()
    make_samples()
    after = everything_public()
    assert differences(before, after) == {}
    assert after.keys() == before.keys()
