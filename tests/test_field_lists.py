"""A field of a record is named in its model, its list of fields and its templates, and used from
there by imports, files, the API, the bundle and the admin."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.management import call_command

from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from projects.fields import FIELDS as PROJECTS
from projects.resources import ProjectResource
from secretariat.open_data import bundle
from sscnet.core.models import PublicRecord
from tests import make

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sscnet", "members", "projects", "meetings", "secretariat")
# What the portal notes about a record by itself, and who may see it.
NOTED = {
    *(field.name for field in PublicRecord._meta.fields),
    *("id", "i18n", "classification_confirmed_on", "classification_confirmed_by"),
    *("profile_confirmed_on", "profile_confirmed_by", "merged_into"),
}
# How registration works at a meeting is nobody's data; the admin's form has it as it is.
OF_REGISTRATION = {
    *("registration_opens_at", "registration_closes_at", "name_by_on", "freeze_on"),
    *(
        "waiting_list_ends_at",
        "capacity",
        "taken",
        "last_in_line",
        "sequence",
        "unannounced_change",
        "tells_opening",
        *("opening_announced_at", "erasure_told_for", "erasure_told_at"),
        "quota",
        "giving",
    ),
    "answer_hours",
    *("approval", "asks", "registration_contact", "retain_until"),
    *("travel_asks", "passport_months", "gives_letters", "signature", "slip_due_on"),
}


def modules_naming(word: str) -> set[str]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {
        str(path.relative_to(ROOT))
        for path in paths
        if "migrations" not in path.parts and re.search(rf"\b{word}\b", path.read_text())
    }


@pytest.mark.parametrize("fields", [PROJECTS, INSTITUTIONS, MEETINGS])
def test_every_field_of_the_model_is_in_the_list(fields):
    own = {field.name for field in fields.model._meta.concrete_fields}
    assert own - NOTED - OF_REGISTRATION - {field.name for field in fields.fields} == set()


@pytest.mark.parametrize("name", ["other_cash_usd", "other_kind_usd", "planned_end_on"])
def test_a_field_without_a_rule_of_its_own_stands_in_the_model_and_the_list(name):
    iati = {"projects/iati/words.py"} if name.endswith("_on") else set()
    # A proposal has fields of its own that are called so, and becomes a project.
    named = {module for module in modules_naming(name) if not module.startswith("projects/calls/")}
    assert named - iati == {
        "projects/fields.py",
        "projects/models/project.py",
    }


@pytest.mark.django_db
def test_what_the_list_has_is_in_import_files_api_bundle_and_form(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    project = make.Project(beneficiaries_number=9, women_beneficiaries_number=7)
    name = "women_beneficiaries_number"

    assert name in ProjectResource().fields
    file = json.loads(b"".join(client.get("/projects/export.json")))
    assert [row[name] for row in file["rows"]] == [7]
    assert client.get(f"/api/v1/projects/{project.code}").json()[name] == 7
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]["Project"]
    assert described["properties"][name]["anyOf"][0] == {"type": "integer"}
    call_command("make_bundle", stdout=io.StringIO())
    with zipfile.ZipFile(bundle.path_of(bundle.days()[0])) as archive:
        tables = json.loads(archive.read("datapackage.json"))["resources"]
    columns = next(t["schema"]["fields"] for t in tables if t["name"] == "projects")
    assert {"name": name, "type": "integer", "title": "women among them"} in columns
    assert "description" in next(column for column in columns if column["name"] == "total_usd")
    model_admin = admin.site.get_model_admin(type(project))
    assert name in flatten_fieldsets(model_admin.fieldsets)
