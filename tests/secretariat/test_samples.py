"""Samples are another world: whatever the portal says in public is the same with and without."""

import html
import io
import os
import re
import zipfile
from datetime import date
from itertools import zip_longest
from urllib.parse import urlsplit

import feedparser
import pytest
from django.test import Client

from meetings.models import Meeting
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from secretariat.open_data import bundle
from secretariat.setup.demo import FOCAL_POINT
from secretariat.setup.sample.meeting import make_sample_meeting
from secretariat.setup.sample.stock import make_sample
from sscnet.codelists.models import SDG, Country, Topic
from sscnet.facets.params import NOT_STATED
from tests import make

PROOF = bool(os.environ.get("PROOF"))
# When an IATI file was made.
MADE_AT = re.compile('generated-datetime="[^"]+"')
LISTS = [
    *("/", "/projects/", "/members/", "/meetings/", "/countries/", "/topics/", "/sdgs/"),
    *("/about/", "/about/data/", "/projects/export/", "/calls/"),
    "/calls/feed/",
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
    settings.IATI_REGISTRATION_AGENCY = "XI-ROR"
    settings.IATI_REPORTING_ORG_REF = "XI-ROR-example"
    settings.IATI_REPORTING_ORG_NAME = "Example Centre"
    settings.IATI_REPORTING_ORG_TYPE = "10"


def addresses():
    """List every public address of the real records, with lists in each value of each filter."""
    locations = text("/sitemap.xml").split("<loc>")[1:]
    yield from (urlsplit(line.partition("</loc>")[0]).path for line in locations)
    some = Country.objects.filter(tile_row__lte=6).values_list("pk", flat=True)
    landing = [
        *(f"/countries/{iso2}/" for iso2 in some),
        *(f"/topics/{slug}/" for slug in Topic.objects.values_list("slug", flat=True)),
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
            # A workbook says in its properties when it was made.
            names = [name for name in archive.namelist() if "docProps" not in name]
            content = b"".join(archive.read(name) for name in names)
    content = MADE_AT.sub("", content.decode())
    return f"{response.status_code} {response.get('Location', '')}\n{content}"


def everything_public():
    with zipfile.ZipFile(bundle.make()) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    every = list(dict.fromkeys(addresses()))
    return found | {address: text(address) for address in (every if PROOF else every[::3])}


# Of the sample institutions.
SECTORS = [
    *("agriculture", "clean-water", "environment-and-mountain-areas", "fishery-and-aquaculture"),
    *("food-security", "forestry-and-bamboo", "health", "industry-and-materials"),
    *("renewable-energy", "trade", "training-and-research"),
]


def make_samples():
    """Make samples, some of them tied to real records, as who tries the portal may tie them."""
    make_sample()
    meeting = make_sample_meeting()
    project = Project.objects.published().filter(is_sample=True).first()
    for institution in Institution.objects.published().filter(is_sample=False)[:3]:
        project.project_institutions.create(institution=institution)
        meeting.meeting_institutions.create(institution=institution, role="attended")
    for real in Project.objects.published().filter(is_sample=False)[:3]:
        meeting.meeting_projects.create(project=real)
    with make.without_history():
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


class TestWithSamples:
    @pytest.fixture(autouse=True)
    def records(self, db):
        countries = [make.Country(iso2="VN")]
        sectors = [make.Sector(dac_category=make.DACSector())]
        self.real = make.Project(title="Biogas for real", countries=countries)
        for n in range(21):
            self.sample = make.Project(
                title=f"Sample: biogas {n}",
                actual_start_on="2019",
                countries=countries,
                sectors=sectors,
                status="completed",
                programme="pgtf",
                approved_on=date(2019, 9, 23),
                is_sample=True,
            )

    def links(self, client, address):
        page = client.get(address).content.decode()
        return {html.unescape(link) for link in re.findall(r'(?:href|action)="([^"]+)"', page)}

    def test_a_list_shows_and_counts_them_where_they_are_asked_for(self, client):
        # In turn, as nothing of it may stay in the thread or in the pages that are kept.
        for query, heading in (("", "1 project"), ("?samples=1", "22 projects")) * 2:
            page = client.get(f"/projects/{query}").content.decode()
            assert f'<h2 id="found">{heading}</h2>' in page
            assert ("Samples are shown here." in page) is bool(query)
        assert client.get("/projects/?samples=yes").context["listing"].count == 1

    def test_every_way_of_reading_the_list_has_as_many(self, client):
        def entries(address):
            return len(feedparser.parse(client.get(address).content).entries)

        assert client.get("/api/v1/projects").json()["total"] == 1
        assert client.get("/api/v1/projects?samples=1").json()["total"] == 22
        assert (entries("/projects/feed/"), entries("/projects/feed/?samples=1")) == (1, 22)
        assert text("/projects/export.csv").count("\r\n") == 2
        assert text("/projects/export.csv?samples=1").count("\r\n") == 23
        assert "22 projects" in text("/countries/VN/?samples=1")

    def test_links_of_a_list_keep_them(self, client):
        links = self.links(client, "/projects/?samples=1&country=VN")
        for link in (
            "?samples=1&country=VN&page=2",
            "/zh-hans/projects/?samples=1&country=VN",
            "/projects/?country=VN&samples=1&view=table",
            "/projects/export/?country=VN&samples=1",
            "/projects/feed/?country=VN&samples=1",
            "/projects/?country=VN&sort=title&samples=1",
            "/projects/?samples=1",
            "/members/?samples=1",
            "/meetings/?samples=1",
        ):
            assert link in links
        assert 'name="samples" value="1"' in client.get("/projects/?samples=1").content.decode()
        following = client.get("/api/v1/projects?samples=1").json()["links"]["next"]
        assert following.endswith("?samples=1&per_page=20&page=2")

    def test_the_page_of_a_sample_is_there_and_leads_to_lists_with_samples(self, client):
        address = self.sample.get_absolute_url()
        page = client.get(address).content.decode()
        assert "Sample: made up" in page
        assert '<meta name="robots" content="noindex">' in page
        links = self.links(client, address)
        assert {"/projects/?samples=1", "/countries/VN/?samples=1"} <= links
        assert "Sample: biogas" in page.partition("<h1")[2].partition("</h1>")[2]

    def test_the_page_of_a_real_project_shows_none_as_like_it(self, client):
        assert "Sample: biogas" not in client.get(self.real.get_absolute_url()).content.decode()
        assert client.get(f"{self.real.get_absolute_url()}?samples=1").status_code == 200

    def test_the_way_back_leads_to_the_list_one_came_from(self, client):
        address = f"{self.real.get_absolute_url()}?list=samples%3D1"
        assert client.get(address).context["before"] == {"count": 22, "query": "?samples=1"}

    def test_the_search_neither_finds_nor_suggests_them(self, client):
        make.Project(title="Sample: hydroponics", is_sample=True)
        assert client.get("/projects/?q=hydroponics").context["listing"].count == 0
        assert client.get("/projects/?q=hydroponiks").context["listing"].answer.suggestion == ""
        found = client.get("/projects/?q=hydroponiks&samples=1").context["listing"]
        assert (found.count, found.answer.corrected) == (1, "hydroponics")

    def test_iati_has_one_only_where_it_is_asked_for(self, client):
        address = f"{self.sample.get_absolute_url()}iati.xml"
        assert client.get(address).status_code == 404
        assert "iati-activit" in client.get(f"{address}?samples=1").content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_home_names_the_sample_meeting_on_a_development_server_only(client, db, settings, debug):
    make.Country(iso2="CN")
    for slug in SECTORS:
        make.Sector(slug=slug)
    meeting = make_sample_meeting()
    settings.DEBUG = debug
    response = client.get("/")
    page = response.content.decode()
    assert (f'href="{meeting.get_absolute_url()}register/"' in page) is debug
    assert ("For trying out the portal" in page) is debug
    assert list(response.context["coming"]) == []


def test_who_acts_for_a_sample_institution_still_finds_its_meeting(client, db):
    user = make.User(email=FOCAL_POINT)
    make.Country(iso2="CN")
    for slug in SECTORS:
        make.Sector(slug=slug)
    meeting = make_sample_meeting()
    client.force_login(user)
    institution = user.affiliations.get().institution
    page = client.get(f"/my/{institution.slug}/").content.decode()
    register = f"{meeting.get_absolute_url()}register/{institution.slug}/"
    assert register in page
    assert client.get(register).status_code == 200


@pytest.mark.usefixtures("network")
def test_every_public_figure_and_file_is_the_same_with_and_without_samples(db):
    """It stands last: the others want a database without the records that it reads."""
    before = everything_public()
    make_samples()
    after = everything_public()
    assert differences(before, after) == {}
    assert after.keys() == before.keys()
