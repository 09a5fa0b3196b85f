"""What the security log says, and what it must not say."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from members.accounts import invitations
from members.accounts.adapters import take_away_second_factor
from secretariat.back_office import groups
from tests import make
from tests.accounts.conftest import PASSWORD
from tests.accounts.steps import (
    AUTHENTICATE,
    CONFIRM,
    LOGIN,
    ask_for_code,
    code_of_app,
    sign_in_by_code,
    with_password,
)
from tests.admin_forms import filled
from tests.test_settings import PRODUCTION, ROOT

pytestmark = pytest.mark.django_db

SAY = """
import sscnet.wsgi
from sscnet.core.personal_data.security_log import log_security
log_security("tried")
"""


@pytest.fixture
def li(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
    return make.User(email="li@example.org", name="Li Hua", password=PASSWORD)


def test_sign_in_and_out_say_who_when_and_from_where(client, li, log):
    """And that there is a new password."""
    with_password(client, li.email, PASSWORD, REMOTE_ADDR="192.0.2.7")
    client.post(reverse("account_logout"))

    signed_in, signed_out = log.take()
    assert (signed_in["event"], signed_in["account"]) == ("signed_in", li.pk)
    assert (signed_in["address"], signed_in["path"]) == ("192.0.2.7", LOGIN)
    assert datetime.fromisoformat(signed_in["at"]).utcoffset() == timedelta(hours=8)
    assert (signed_out["event"], signed_out["by"]) == ("signed_out", li.pk)
    sign_in_by_code(client, li.email)
    new = {"oldpassword": PASSWORD, "password1": "river-and-hill", "password2": "river-and-hill"}
    client.post(reverse("account_change_password"), new)
    assert "password_changed" in log.events()


def test_wrong_and_refused_passwords_and_codes_are_written(client, li, log):
    for _ in range(6):
        with_password(client, li.email, "wrong")
    with_password(client, "nobody@example.org", "wrong")
    lines = log.take()
    assert [line["event"] for line in lines] == [
        *["password_wrong"] * 5,
        "password_refused",
        "password_wrong",
    ]
    assert [line["account"] for line in lines] == [li.pk] * 6 + [None]

    for visitor in (client, Client(), Client(), Client()):
        ask_for_code(visitor, li.email)
    client.post(CONFIRM, {"code": "WRON-GGGG"})
    assert log.events() == ["code_refused", "code_wrong"]


def test_second_factors_added_wrong_and_taken_away_are_written(
    client, log, django_capture_on_commit_callbacks
):
    newcomer = make.Officer(second_factor=False)
    sign_in_by_code(client, newcomer.email)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = page.partition("<code>")[2].partition("</code>")[0]
    log.take()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of_app(secret)})
    stranger = Client()
    sign_in_by_code(stranger, newcomer.email)
    stranger.post(AUTHENTICATE, {"code": "000000"})

    lines = [(line["event"], line["account"]) for line in log.take()]
    assert ("second_factor_added", newcomer.pk) in lines
    assert ("second_factor_wrong", newcomer.pk) in lines
    take_away_second_factor(newcomer)
    lines = [(line["event"], line["account"]) for line in log.take()]
    ended = ("session_ended", newcomer.pk)
    assert lines == [("second_factor_taken_away", newcomer.pk), ended]


def test_rights_are_written_with_who_gave_them(client, li, officer, log):
    group = Group.objects.get(name=groups.HELPER)
    address = f"/admin/members/user/{li.pk}/change/"
    data = filled(client.get(address))
    log.take()

    client.post(address, data | {"is_staff": "on", "groups": [group.pk]})

    lines = {line["event"]: line for line in log.take()}
    assert set(lines) == {"rights_changed", "group_add"}
    assert lines["rights_changed"]["is_staff"] is True
    assert (lines["group_add"]["by"], lines["group_add"]["account"]) == (officer.pk, li.pk)
    assert lines["group_add"]["ids"] == [group.pk]


def test_who_acts_for_an_institution_is_written(li, log):
    affiliation = make.Affiliation(user=li)
    invitations.end(li.affiliations.all())

    added, ended = log.take()
    assert (added["event"], added["institution"]) == (
        "affiliation_added",
        affiliation.institution_id,
    )
    assert (ended["event"], ended["account"]) == ("affiliation_ended", li.pk)


def test_exports_are_written(client, officer, log):
    make.Project()
    meeting = make.Meeting()
    log.take()

    client.post("/admin/projects/project/export/", {"format": "xlsx"})
    client.post(reverse("admin:meetings_meeting_desk_file", args=[meeting.pk]), {"format": "csv"})

    exported = [line for line in log.take() if line["event"].endswith("exported")]
    assert [(line["event"], line["rows"], line["by"]) for line in exported] == [
        ("records_exported", 1, officer.pk),
        ("people_exported", 0, officer.pk),
    ]


def test_what_is_refused_is_written_with_who_tried(client, li, log):
    affiliation = make.Affiliation(user=li, role="viewer")
    address = f"/my/{affiliation.institution.slug}/people/invite/"
    client.force_login(li)
    strict = Client(enforce_csrf_checks=True)
    log.take()

    assert client.get(address).status_code == 403
    assert with_password(strict, li.email, PASSWORD).status_code == 403

    refused, forged = log.take()
    assert (refused["event"], refused["by"], refused["path"]) == ("refused", li.pk, address)
    assert (forged["event"], forged["by"]) == ("form_forged_or_old", None)


def test_in_production_it_is_a_line_of_json_and_nothing_else():
    said = subprocess.run(
        [sys.executable, "-c", SAY], env=PRODUCTION, capture_output=True, text=True, cwd=ROOT
    )
    assert json.loads(said.stderr.splitlines()[-1])["event"] == "tried"
