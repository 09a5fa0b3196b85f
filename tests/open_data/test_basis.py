"""Twenty facts a project and how each is known: alike on the page, in file, API and IATI."""

from datetime import date

import pytest
from django.test import Client

from projects.fields import FIELDS
from projects.models import Project
from projects.pages.project import ProjectPage
from secretariat.api import describe
from sscnet.core.records.basis import Basis, Fact, How
from sscnet.exchange.fields import FieldList
from tests import make
from tests.open_data import basis_checker
from tests.open_data.basis_checker import Told


def get(address):
    response = Client().get(address)
    return b"".join(response) if response.streaming else response.content


def readings_of(project, rows):
    page = Client().get(project.get_absolute_url()).content.decode()
    readings = {
        "page": basis_checker.of_page(page),
        "csv": rows[project.code],
        "api": basis_checker.of_api(get(f"/api/v1/projects/{project.code}")),
    }
    if "iati.xml" in page:
        readings["iati"] = basis_checker.of_iati(get(f"/projects/{project.slug}/iati.xml"))
    return readings


def all_differences():
    rows = basis_checker.of_csv(get("/projects/export.csv"))
    projects = Project.objects.published()
    return {p.code: basis_checker.differences(readings_of(p, rows)) for p in projects}


@pytest.mark.django_db
class TestTheRealProjects:
    @pytest.fixture(autouse=True)
    def records(self, network, publisher):
        """The real records, and somebody who reports them."""

    def test_every_format_tells_the_same_of_twenty_facts_a_project(self):
        assert len(basis_checker.FACTS) >= 20
        told = all_differences()
        assert len(told) == 14
        assert set().union(*told.values()) == set()

    @pytest.mark.parametrize(
        ("place", "name", "broken"),
        [
            (describe, "basis_of", lambda fact: {"basis": "stated", "how": None}),
            (FieldList, "bases_in_words", lambda fields, project: []),
            (ProjectPage, "classification", []),
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
            ("projects.iati.shares.lead_alone", lambda country: ("China", "")),
            ("projects.iati.activity.our_tags", lambda project: []),
        ],
    )
    def test_an_activity_that_tells_otherwise_is_seen(self, monkeypatch, name, broken):
        monkeypatch.setattr(name, broken)
        assert any(all_differences().values())

    @pytest.mark.parametrize(
        ("number", "name", "expected"),
        [
            ("INT/17/K03", "approved_on", Told("2016-09-23", "derived", "from_number")),
            ("INT/17/K03", "countries", Told("CN; IN; KE; TH", "derived", "from_damaged_copy")),
            ("INT/10/K04", "countries", Told("CN", "not_stated", "others_not_stated")),
            ("INT/10/K04", "lead_country", Told("CN", "stated")),
            ("INT/09/K10", "dac_purposes", Told("31161", "ours", "proposed")),
            ("INT/09/K10", "area", Told("Food and agriculture", "derived", "from_list")),
            ("INT/18/K08", "total_usd", Told("85000.00", "derived", "added_up")),
            ("INT/20/K03", "title", Told("", "not_stated")),
        ],
    )
    def test_what_is_known_of_single_facts(self, number, name, expected):
        project = Project.objects.get(fund_numbers__number=number)
        rows = basis_checker.of_csv(get("/projects/export.csv"))
        readings = readings_of(project, rows).values()
        told = {reading[name] for reading in readings if name in reading}
        assert told - {Told(None, expected.basis, expected.how)} == {expected}

    def test_a_source_says_what_was_read_there_and_when_in_both_languages(self):
        project = Project.objects.get(fund_numbers__number="INT/18/K06")
        page = Client().get(project.get_absolute_url()).content.decode()
        assert "For: <span>the title</span>." in page
        assert "Consulted on 26 November 2026." in page
        page = Client().get(f"/zh-hans{project.get_absolute_url()}").content.decode()
        assert "<span>名称</span>" in page
        [source, _other] = Client().get(f"/api/v1/projects/{project.code}").json()["sources"]
        assert source["supports_in"] == {"en": "the title", "zh": "名称"}
        assert source["read_on"] == "2026-11-26"


@pytest.mark.django_db
class TestHowAFactIsKnown:
    def test_a_confirmed_classification_stays_ours_and_says_so(self):
        project = make.Project(sectors=[make.Sector()])
        assert FIELDS.fact(project, "sectors").how is How.PROPOSED
        project.classification_confirmed_on = date(2026, 1, 1)
        fact = FIELDS.fact(project, "sectors")
        assert (fact.basis, fact.how) == (Basis.OURS, How.CONFIRMED)

    def test_a_project_says_of_one_fact_how_it_is_known(self):
        project = make.Project(title="Bamboo in Kenya", countries=make.Country.create_batch(2))
        project.fact_bases.create(field="countries", how="from_title")
        facts = FIELDS.facts(project)
        assert (facts["countries"].basis, facts["countries"].how) == (Basis.DERIVED, How.FROM_TITLE)
        assert (facts["title"].basis, facts["title"].how) == (Basis.STATED, None)
        assert facts["granted_usd"] == Fact(None, Basis.NOT_STATED)
        project.fact_bases.update(field="sectors", how="stated")
        make.ProjectSector(project=project)
        fact = FIELDS.fact(project, "sectors")
        assert (fact.basis, fact.how) == (Basis.STATED, None)

    @pytest.mark.parametrize("how", How)
    def test_each_way_has_a_basis(self, how):
        assert Fact.of("value", how).value == "value"
        assert (Fact.of("value", how).how is None) == (how == How.STATED)
        assert Fact.of("", how) == Fact(None, Basis.NOT_STATED)
