"""The facts of records and how each is known: alike on the page, in files, API and IATI."""

import os
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override

from meetings.models import Meeting
from members.models import Institution
from projects.fields import FIELDS
from projects.models import Project
from secretariat.api import describe
from secretariat.open_data import bundle
from sscnet.core.models import Source
from sscnet.core.records.basis import Basis, Fact, How
from sscnet.exchange.fields import FieldList
from tests import make
from tests.many_records import make_many
from tests.open_data import basis_checker
from tests.open_data.basis_checker import Stated, institution_page, meeting_page

G77 = ("Group of 77 (high)",)
COPY = ("vdocuments, a copy of the final report (high)",)
GALAXY = (
    "South-South Galaxy, solution page of the China South-South Cooperation Network (medium)",
)
MADE_UP = 300 if os.environ.get("PROOF") else 12
DAMAGED = "derived", "from_damaged_copy", (" (low)",)
OURS = "ours", "translated", (" ()",)
FROM_ADDRESS = (
    "derived",
    "from_list",
    ("Group of 77, area page that names the project, known from its address (medium)",),
)
FINANCE = "Accessibility of financial services and the private sector in Africa"


def get(address):
    response = Client().get(address)
    return b"".join(response) if response.streaming else response.content


def in_both_languages(record):
    address = record.get_absolute_url()
    return [Client().get(f"{start}{address}").content.decode() for start in ("", "/zh-hans")]


def project_files():
    """Read the rows of each file of the projects, by the name of the file and by code."""
    return {
        "csv": basis_checker.of_csv(get("/projects/export.csv")),
        "xlsx": basis_checker.of_xlsx(get("/projects/export.xlsx?fields=all")),
        "json": basis_checker.of_json(get("/projects/export.json")),
        "bundle": basis_checker.of_bundle(bundle.make().read_bytes(), "projects"),
    }


def readings_of(project, files):
    page, chinese = in_both_languages(project)
    readings = {name: rows[project.code] for name, rows in files.items()}
    readings["page"] = basis_checker.project_page(page, chinese)
    readings["api"] = basis_checker.of_api(get(f"/api/v1/projects/{project.code}"))
    if "iati.xml" in page:
        readings["iati"] = basis_checker.of_iati(get(f"/projects/{project.slug}/iati.xml"))
    return readings


def all_differences(**wanted):
    files = project_files()
    projects = Project.objects.published().filter(**wanted)
    return {p.code: basis_checker.differences(readings_of(p, files)) for p in projects}


@pytest.mark.django_db
class TestTheRealProjects:
    @pytest.fixture(autouse=True)
    def records(self, network, publisher):
        """The real records, and somebody who reports them."""

    def test_every_format_tells_the_same_of_48_facts_a_project(self):
        assert len(basis_checker.FACTS) == 48
        told = all_differences()
        assert len(told) == 19
        assert [found for differences in told.values() for found in differences] == []

    @pytest.mark.parametrize(
        ("place", "name", "broken"),
        [
            (describe, "basis_of", lambda fact: {"basis": "stated", "how": None, "sources": [1]}),
            (FieldList, "bases_in_words", lambda fields, project: []),
            (FieldList, "explained", lambda fields, facts: []),
            (Source, "get_confidence_display", lambda source: "low"),
        ],
    )
    def test_a_format_that_tells_otherwise_is_seen(self, monkeypatch, place, name, broken):
        monkeypatch.setattr(place, name, broken)
        assert any(all_differences().values())

    @pytest.mark.parametrize(
        ("name", "broken"),
        [
            (
                "projects.iati.activity.bases_of",
                lambda project: ("sectors: derived: added up", ""),
            ),
            ("projects.iati.activity.sources_of", lambda project: ("1. Another (low)", "")),
            ("projects.iati.activity.region_note", lambda links: ("China", "")),
            ("projects.iati.activity.our_tags", lambda project: []),
        ],
    )
    def test_an_activity_that_tells_otherwise_is_seen(self, monkeypatch, name, broken):
        monkeypatch.setattr(name, broken)
        assert any(all_differences().values())

    @pytest.mark.parametrize(
        ("number", "name", "expected"),
        [
            (
                "INT/17/K03",
                "approved_on",
                Stated("2016-09-23", "derived", "from_number", (" (low)",)),
            ),
            ("INT/17/K03", "countries", Stated("CN; IN; KE; TH", *DAMAGED)),
            ("INT/10/K04", "countries", Stated("CN", "not_stated", "others_not_stated", COPY)),
            ("INT/10/K04", "lead_country", Stated("CN", "stated", "", COPY)),
            (
                "INT/10/K04",
                "title_zh",
                Stated("玻璃钢沼气池在边远地区和低收入家庭的应用与推广", *OURS),
            ),
            ("INT/18/K06", "title_en", Stated(FINANCE, "stated", "", GALAXY)),
            ("INT/09/K10", "area", Stated("Food and agriculture", *FROM_ADDRESS)),
            ("INT/18/K08", "total_usd", Stated("85000.00", "derived", "added_up", G77)),
            ("INT/20/K03", "challenge_en", Stated("", "not_stated")),
        ],
    )
    def test_what_is_known_of_single_facts(self, number, name, expected):
        project = Project.objects.get(fund_numbers__number=number)
        readings = readings_of(project, project_files()).values()
        told = {reading[name] for reading in readings if name in reading}
        assert told - {replace(expected, value=None)} == {expected}

    def test_a_source_says_what_it_is_for_and_when_it_was_read_in_both_languages(self):
        project = Project.objects.get(fund_numbers__number="INT/18/K06")
        page, chinese = in_both_languages(project)
        assert "For: title (English)." in page
        assert "Consulted on 26 November 2026." in page
        assert "标题（英文）" in chinese
        [source, _other, ours] = Client().get(f"/api/v1/projects/{project.code}").json()["sources"]
        assert (source["number"], source["fields"]) == (1, ["title_en"])
        assert (source["confidence"], source["read_on"]) == ("medium", "2026-11-26")
        assert (ours["name"]["en"], ours["how"]["code"]) == (None, "translated")


@pytest.mark.django_db
class TestMadeUpProjects:
    @pytest.fixture(autouse=True)
    def records(self, network, publisher):
        make_many(MADE_UP)
        Project.objects.update(is_sample=False)

    def test_every_format_tells_the_same_of_them(self):
        told = all_differences(slug__startswith="many-")
        assert len(told) >= MADE_UP * 11 // 12
        assert {code: found for code, found in told.items() if found} == {}


@pytest.mark.django_db
class TestTheOtherRealRecords:
    def test_page_api_and_bundle_tell_the_same_of_institutions_and_meetings(self, network):
        archive = bundle.make().read_bytes()
        found, count = [], set()
        for table, records, read in (
            ("institutions", Institution.objects.listed().published(), institution_page),
            ("meetings", Meeting.objects.published(), meeting_page),
        ):
            rows = basis_checker.of_bundle(archive, table)
            for record in records:
                readings = {
                    "bundle": rows[record.slug],
                    "page": read(*in_both_languages(record)),
                    "api": basis_checker.of_api(get(f"/api/v1/{table}/{record.slug}")),
                }
                count |= set().union(*readings.values())
                found += basis_checker.differences(readings)
        assert found == []
        assert len(count | basis_checker.FACTS) >= 60


@pytest.mark.django_db
class TestHowAFactIsKnown:
    def test_a_confirmed_classification_stays_ours_and_says_so(self):
        project = make.Project(sectors=[make.Sector()])
        assert FIELDS.facts(project)["sectors"].how is How.PROPOSED
        project.classification_confirmed_on = date(2026, 1, 1)
        fact = FIELDS.facts(project)["sectors"]
        assert (fact.basis, fact.how) == (Basis.OURS, How.CONFIRMED)

    def test_a_source_is_for_the_facts_it_names_and_the_others_for_the_rest(self):
        project = make.Project(
            title="Bamboo in Kenya",
            title_zh_hans="肯尼亚竹子",
            countries=make.Country.create_batch(2),
        )
        make.Source(record=project, name="Report")
        make.Source(record=project, fields=["title_en", "granted_usd", "sectors"], name="News")
        make.Source(record=project, fields=["countries"], how="from_title", name="")
        make.Source(record=project, fields=["zh"], how="translated", name="")
        facts = FIELDS.facts(project)
        assert (facts["countries"].how, facts["countries"].sources) == (How.FROM_TITLE, (3,))
        assert facts["title_en"] == Fact("Bamboo in Kenya", Basis.STATED, None, (2,))
        assert facts["title_zh"] == Fact("肯尼亚竹子", Basis.OURS, How.TRANSLATED, (4,))
        assert facts["granted_usd"] == Fact(None, Basis.NOT_STATED)
        assert facts["programme"].sources == (1,)
        make.ProjectSector(project=project)
        fact = FIELDS.facts(project)["sectors"]
        assert (fact.basis, fact.how, fact.sources) == (Basis.STATED, None, (2,))
        with override("zh-hans"):
            assert FIELDS.shown_facts(project)["title"] == facts["title_zh"]

    @pytest.mark.parametrize("how", How)
    def test_each_way_has_a_basis(self, how):
        assert Fact.of("value", how).how is how
        assert Fact.of("", how) == Fact(None, Basis.NOT_STATED)
