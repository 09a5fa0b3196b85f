"""Editors propose, publishers release: what is public changes only by release."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Service
from projects.models import Project
from secretariat import groups
from sscnet.core.history import history_page
from sscnet.core.models import ProposedVersion, State
from sscnet.core.versions import releasing
from sscnet.core.versions.comparing import compare, compare_versions
from sscnet.outbox import due
from tests.admin_forms import add_row, errors, filled
from tests.factories import (
    CountryFactory,
    InstitutionFactory,
    MeetingFactory,
    PageFactory,
    ProjectCountryFactory,
    ProjectFactory,
    ServiceFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

Waits = ProposedVersion.State
COUNTRIES = "project_countries"
SOURCES = "core-source-content_type-object_id"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def officer(group, name):
    user = UserFactory(is_staff=True, name=name)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor():
    return officer(groups.EDITORS, "Chen Editor")


@pytest.fixture
def publisher():
    return officer(groups.PUBLISHERS, "Li Publisher")


def of(user):
    client = Client()
    client.force_login(user)
    return client


def address(record, view="change", *args):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=[record.pk, *args])


def save(user, record, **typed):
    client = of(user)
    data = filled(client.get(address(record))) | typed
    return client.post(address(record), data, follow=True)


def proposed(user, record, **typed):
    response = save(user, record, **typed)
    assert response.status_code == 200, errors(response)
    return ProposedVersion.objects.latest("pk")


def decide(user, version, button, **data):
    """Press a button on the page of a version, with what is ticked there."""
    client, page = of(user), address(version.record, "version", version.pk)
    shown = client.get(page)
    ticked = [c.number for c in shown.context["changes"] if not c.is_clash]
    sent = {"stamp": shown.context["stamp"], "change": ticked, "answer": "", button: "1"} | data
    return client.post(page, sent, follow=True)


def table(version):
    return [(c.label, c.before, c.now, c.after) for c in compare(version)]


def told(record):
    return [(act.who, [str(one) for one in act.sentences]) for act in history_page(record)]


# ------------------------------------------------------------------ an editor's change


RECORDS = {
    "project": (ProjectFactory, {"title": "New name"}),
    "institution": (InstitutionFactory, {"name": "New name"}),
    "meeting": (MeetingFactory, {"title": "New name"}),
    "page": (PageFactory, {"title": "New name"}),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_what_an_editor_saves_of_a_public_record_waits_until_released(
    kind, client, editor, publisher
):
    make, typed = RECORDS[kind]
    record = make(state=State.PUBLISHED)
    page = record.get_absolute_url()

    version = proposed(editor, record, **typed)

    assert (version.state, version.made_by, version.record) == (Waits.WAITING, editor, record)
    assert "New name" not in client.get(page).content.decode()
    assert told(record) == told(type(record).objects.get())
    assert not [act for act in history_page(record) if "New name" in str(act.sentences)][:1]

    decide(publisher, version, "_release")

    assert "New name" in client.get(page).content.decode()
    number = version.pk
    assert told(record)[0][0] == f"Li Publisher, releasing version no. {number} of Chen Editor"
