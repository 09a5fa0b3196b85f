"""IATI activities and G77 sheets through the import, in the admin too."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.iati.reading import rows_of
from projects.models import Project
from projects.partner_files import read_file
from projects.resources import ProjectResource
from tests.factories import CountryFactory, InstitutionFactory, ProjectFactory, UserFactory

IMPORT = reverse("admin:projects_project_import")
CONFIRM = reverse("admin:projects_project_process_import")
FILE = """<iati-activities version="2.03"><iati-activity default-currency="USD">
<iati-identifier>XX-OTHER-1</iati-identifier>
<reporting-org ref="XX-OTHER" type="10"><narrative>Other</narrative></reporting-org>
<title><narrative>Solar pumps</narrative><narrative xml:lang="fr">Pompes</narrative></title>
{more}</iati-activity></iati-activities>"""


def bring_in(content):
    resource = ProjectResource()
    result = resource.import_data(read_file(content, resource.fields))
    assert [row.refusals for row in result.rows if row.refusals] == []
    return result


@pytest.mark.django_db
def test_a_g77_sheet_comes_back_as_it_went(client):
    countries = [CountryFactory(name=name) for name in ("China", "Viet Nam")]
    project = ProjectFactory(
        title="Biogas",
        numbers=["INT/18/K08"],
        countries=countries,
        granted_usd=29000,
        other_inputs_usd=56000,
        outcome="200 took part.",
        submitter=InstitutionFactory(name="Biogas Institute"),
    )
    content = client.get(f"/projects/{project.slug}/g77.json").content
    project.delete()
    bring_in(content)
    project = Project.objects.get()
    assert project.title == "Biogas"
    assert (project.granted_usd, project.other_inputs_usd) == (29000, 56000)
    assert project.outcome == "200 took part."
    assert {link.country for link in project.project_countries.all()} == set(countries)
    assert str(project.submitter) == "Biogas Institute"
    assert project.state == "draft"


# ------------------------------------------------------------------ files of others


@pytest.mark.django_db
def test_an_activity_of_another_publisher_is_a_new_project_with_what_it_says():
    CountryFactory(iso2="KE")
    more = """<activity-status code="6"/><activity-date type="2" iso-date="2019-03-01"/>
    <recipient-country code="KE" percentage="100"/><sector code="ag" vocabulary="99"/>"""
    bring_in(FILE.format(more=more).encode())
    project = Project.objects.get()
    assert (project.title, project.status, project.programme) == ("Solar pumps", "", "")
    assert project.actual_start_on.isoformat() == "2019-03-01"
    assert [link.country_id for link in project.project_countries.all()] == ["KE"]


@pytest.mark.parametrize(
    "more",
    [
        "<tag/><sector/><policy-marker/><document-link/><transaction/><activity-date/>",
        '<tag vocabulary="2" code="7"/><recipient-country/><participating-org/>',
        '<transaction><transaction-type code="2"/></transaction><other-identifier/>',
        "<description/><description type='4'><narrative/></description><activity-status/>",
    ],
)
def test_half_an_activity_is_read_as_far_as_it_goes(more):
    [row] = rows_of(FILE.format(more=more).encode())
    assert row["title_en"] == "Solar pumps"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<iati-activities", "cannot be read as XML"),
        (b"<html></html>", "no IATI activities"),
        (b"<iati-activities></iati-activities>", "no IATI activities"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><iati-activities>&a;</iati-activities>', "as XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "as XML"),
        (b"{", "cannot be read as JSON"),
        (b"[]", "no sheet of G77 fields"),
        (b'{"sheet": "galaxy", "fields": {}}', "no sheet of G77 fields"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'\xef\xbb\xbf{"sheet": "g77", "fields": []}', "no sheet of G77 fields"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, said):
    with pytest.raises(ValidationError, match=said):
        read_file(content, ProjectResource().fields)


# ------------------------------------------------------------------ in the admin


@pytest.fixture
def officer(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    permissions = [f"projects.{verb}_project" for verb in ("add", "change", "view")]
    user = UserFactory(is_staff=True, permissions=permissions)
    client.force_login(user)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["iati", "g77"])
def test_an_officer_sees_first_what_such_a_file_would_do(client, officer, kind):
    sheet = {"sheet": "g77", "language": "en", "fields": {"title": "Solar pumps"}}
    files = {"iati": FILE.format(more="").encode(), "g77": json.dumps(sheet).encode()}
    response = client.post(IMPORT, {"file": SimpleUploadedFile(f"a.{kind}", files[kind])})
    assert [outcome.title for outcome in response.context["preview"].new] == ["Solar pumps"]
    assert not Project.objects.exists()
    client.post(CONFIRM, {"preview": response.context["token"]})
    assert Project.objects.get().title == "Solar pumps"


@pytest.mark.django_db
def test_a_row_that_is_refused_comes_back_as_a_table(client, officer):
    more = '<recipient-country code="ZZ"/>'
    file = SimpleUploadedFile("a.xml", FILE.format(more=more).encode())
    response = client.post(IMPORT, {"file": file})
    [refused] = response.context["preview"].refused
    assert (refused.number, refused.refusals[0].column) == (1, "participating_countries")
    assert b"Solar pumps" in response.context["preview"].refused_file()
