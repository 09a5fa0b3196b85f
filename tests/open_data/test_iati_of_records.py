"""IATI files of real records and samples (2,000 with PROOF=1), and rules broken on purpose."""

import os

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from projects.iati import activity as writing
from projects.iati import words
from projects.models import Project
from tests.many_records import make_many
from tests.open_data import iati_contradictions, iati_rules
from tests.open_data.test_iati import attributes, get, of_project

LIST = "/projects/export.iati.xml"
WITH_SAMPLES = f"{LIST}?samples=1"
SAMPLE = 2000 if os.environ.get("PROOF") else 200


@pytest.mark.django_db
class TestFilesOfTheRecords:
    @pytest.fixture(autouse=True)
    def records(self, network, publisher):
        return network

    def test_the_file_of_every_real_project_is_right(self):
        own = {}
        for project in Project.objects.published():
            response = Client().get(reverse("projects:iati_project", args=[project.slug]))
            own[project.code] = response.status_code
            assert response.status_code == 404 or iati_rules.problems(response.content) == []
            # The page leads to the file where there is one, and nowhere else.
            page = Client().get(project.get_absolute_url()).content.decode()
            assert (response.status_code == 200) == ("iati.xml" in page)
        told = etree.fromstring(get(LIST)).iter("other-identifier")
        codes = {other.get("ref") for other in told if other.get("type") == "A1"}
        assert {code for code, status in own.items() if status == 200} == codes
        # Of nine with a status, these state when work started.
        assert len(codes) == 6

    def test_what_no_source_states_keeps_a_project_out_and_the_file_says_so(self):
        project = Project.objects.get(fund_numbers__number="INT/17/K03")
        content = get(LIST).decode()
        assert (
            f"<!-- {project.code} is left out. Not stated: the status; when work starts. -->"
            in content
        )
        page = Client().get(f"/projects/{project.slug}/iati.xml").content.decode()
        assert "<li>the status</li>" in page

    def test_the_biogas_forum_is_told_as_its_page_tells_it(self):
        project = Project.objects.get(fund_numbers__number="INT/18/K08")
        forum = of_project(project)
        assert forum.findtext("iati-identifier") == f"XI-ROR-example-{project.code}"
        assert attributes(forum, "activity-status", "code") == [("4",)]
        assert attributes(forum, "activity-date", "type", "iso-date") == [
            ("2", "2018-04-16"),
            ("4", "2018-04-19"),
        ]
        assert forum.find("result/indicator/period/actual").get("value") == "200"
        assert forum.findtext("transaction/value") == "29000.00"
        assert forum.findtext("transaction/description/narrative").startswith("41st")
        countries = attributes(forum, "recipient-country", "code", "percentage")
        assert countries[0] == ("CN", "11.11")
        assert len(countries) == 9
        assert forum.find("recipient-country").findtext("narrative").startswith("lead country; ")
        assert attributes(forum, "sector[@vocabulary='1']", "code") == [("23210",)]
        roles = attributes(forum, "participating-org", "role")
        assert roles == [("1",), ("3",), ("2",), ("4",)]
        assert attributes(forum, "tag[@vocabulary='2']", "code")[0] == ("7",)


def contradictions_in(content):
    projects = {project.code: project for project in Project.objects.published()}
    return [
        f"{code}: {text}"
        for activity in etree.fromstring(content).iter("iati-activity")
        for code in activity.xpath("other-identifier[@type='A1']/@ref")
        for text in iati_contradictions.contradictions(activity, projects[code])
    ]


@pytest.fixture(scope="module")
def sample(network):
    make_many(SAMPLE)


@pytest.mark.django_db
class TestSampleProjects:
    @pytest.fixture(autouse=True)
    def records(self, sample, publisher):
        """The sample on top of the real records."""

    def test_the_file_is_right(self):
        content = get(WITH_SAMPLES)
        assert iati_rules.problems(content) == []
        activities = content.count(b"<iati-activity ")
        assert activities > SAMPLE / 2
        assert (
            activities + content.count(b" is left out. Not stated: ")
            == Project.objects.published().count()
        )

    def test_no_activity_contradicts_its_record(self):
        assert contradictions_in(get(WITH_SAMPLES)) == []

    @pytest.mark.parametrize(
        ("name", "broken"),
        [
            ("partly_stated", lambda stated: ("The day is not stated.", "")),
            ("first_day", lambda stated: "2017-09-22"),
            ("title_of", lambda project: (f"{project.code}, title not known", "")),
        ],
    )
    def test_a_contradiction_is_seen(self, monkeypatch, name, broken):
        monkeypatch.setattr(writing, name, broken)
        assert contradictions_in(get(f"{WITH_SAMPLES}&year_from=2018"))

    @pytest.mark.parametrize(
        ("place", "name", "broken", "problem"),
        [
            (words.STATUSES, "completed", "9", "9 is no code of ActivityStatus"),
            (words.DATES, "actual_start_on", "7", "7 is no code of ActivityDateType"),
            (words.DATES, "planned_end_on", "1", "a type of date stands twice"),
            (words, "REGIONAL", "4", "the scope is national"),
            (words, "STARTS", ("1", "2", "3", "4"), 'none of these is there: ["activity-date'),
            (words, "GOALS", "3", "is no code of UNSDG-Targets"),
            (words, "DAC_PURPOSE", "2", "is no code of SectorCategory"),
            (words, "ACTIVITY_PAGE", "Z99", "Z99 is no code of DocumentCategory"),
            (writing, "title_of", lambda project: ("", ""), "Missing child element"),
            (writing, "dates_of", lambda project: [("1", "2018-01-01", ("", ""))] * 2, "twice"),
        ],
    )
    def test_a_rule_that_the_code_breaks_is_seen(self, monkeypatch, place, name, broken, problem):
        if isinstance(place, dict):
            monkeypatch.setitem(place, name, broken)
        else:
            monkeypatch.setattr(place, name, broken)
        content = get(f"{WITH_SAMPLES}&year_from=2018&sort=code")
        assert any(problem in text for text in iati_rules.problems(content))

    def test_percentages_that_do_not_add_up_are_seen(self, monkeypatch):
        monkeypatch.setattr("projects.iati.shares.even_parts", lambda number: [3333] * number)
        problems = iati_rules.problems(get(f"{WITH_SAMPLES}&year_from=2018"))
        assert any("do not add up to 100" in text for text in problems)
