"""A project in the fields of others, and how to cite it."""

import json
from datetime import date

import pytest

from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = make.Project(
        title="Biogas",
        title_zh_hans="沼气",
        challenge="Smoke in kitchens.",
        outcome="200 took part.",
        status="completed",
        approved_on=date(2017, 9, 22),
        granted_usd=29000,
        numbers=["INT/18/K08"],
        countries=[make.Country(name="China"), make.Country(name="Viet Nam")],
        sdgs=[make.SDG(number=7, name="Clean energy"), make.SDG(number=13, name="Climate")],
        submitter=make.Institution(
            name="Biogas Institute", city="Chengdu", role_mailbox="office@example.org"
        ),
    )
    partner = make.Institution(name="Partner")
    make.ProjectInstitution(project=project, institution=partner, role="subcontractor")
    return Project.objects.get(pk=project.pk)


def fields(client, project, kind, prefix=""):
    response = client.get(f"{prefix}/projects/{project.slug}/{kind}.json")
    assert response.status_code == 200
    return json.loads(response.content)


def test_the_fields_of_g77(client, project):
    sheet = fields(client, project, "g77")
    assert sheet["fields"] == {
        "number": "INT/18/K08",
        "title": "Biogas",
        "submitted_by": "Biogas Institute",
        "based_in": "Chengdu",
        "subcontractor": "Partner",
        "priority_area": None,
        "number_of_countries": "2",
        "countries": "China; Viet Nam",
        "pgtf_input": "29000.00",
        "other_inputs": None,
        "duration": None,
        "approval_meeting": None,
        "approval_date": "2017-09-22",
        "completion": None,
        "impact": "200 took part.",
        "contact": "Biogas Institute, office@example.org",
        "final_report": None,
    }
    assert sheet["missing"] == [key for key, value in sheet["fields"].items() if value is None]


def test_a_lead_alone_is_not_counted_as_all_countries(client):
    project = make.Project(countries=[make.Country(name="China")])
    told = fields(client, project, "g77")["fields"]
    assert (told["number_of_countries"], told["countries"]) == (None, "China")


def test_the_fields_of_the_galaxy(client, project):
    told = fields(client, project, "galaxy")["fields"]
    assert told["challenges"] == "Smoke in kitchens."
    assert told["supported_by"] == "Perez-Guerrero Trust Fund for South-South Cooperation"
    assert told["implementing_entities"] == "Biogas Institute; Partner"
    assert (told["status"], told["period"]) == ("Completed", None)
    assert (told["primary_sdg"], told["secondary_sdgs"]) == ("7 Clean energy", "13 Climate")


@pytest.mark.parametrize("kind", ["g77", "galaxy"])
@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_the_page_says_what_is_missing(client, project, kind, prefix):
    response = client.get(f"{prefix}/projects/{project.slug}/{kind}/")
    page = response.content.decode()
    sheet = fields(client, project, kind, prefix)
    assert "Set-Cookie" not in response.headers
    for key in sheet["missing"]:
        assert f'<li><a href="#{key}">' in page
    assert page.count('<li><a href="#') == len(sheet["missing"]) > 0
    assert sheet["fields"]["title"] == ("沼气" if prefix else "Biogas")


def test_names_in_the_other_language_are_marked_on_the_sheet(client, project):
    partner = make.Institution(name="", name_zh_hans="对外科技交流中心")
    make.ProjectInstitution(project=project, institution=partner, role="co_implementer")
    page = client.get(f"/projects/{project.slug}/galaxy/").content.decode()
    assert '<span lang="zh-Hans">对外科技交流中心</span>' in page
    assert "<span>Biogas Institute</span>" in page
    assert fields(client, project, "galaxy")["fields"]["implementing_entities"].endswith("中心")


def test_a_draft_has_no_sheet_and_an_old_address_leads_on(client, project):
    draft = make.Project(state="draft")
    assert client.get(f"/projects/{draft.slug}/g77/").status_code == 404
    Project.objects.filter(pk=project.pk).update(slug="another")
    for ending in ("g77/", "galaxy.json"):
        response = client.get(f"/projects/{project.slug}/{ending}")
        assert (response.status_code, response.url) == (301, f"/projects/another/{ending}")


def test_the_page_of_a_project_says_how_to_cite_it(client, project, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    page = client.get(project.get_absolute_url()).content.decode()
    address = f"https://portal.example.org/projects/{project.code}/"
    day = project.updated_at.date().isoformat()[:4]
    assert f"China South-South Cooperation Network: Biogas ({project.code}). As of {day}" in page
    assert address in page
    assert client.get(f"/projects/{project.code}/").url == project.get_absolute_url()
