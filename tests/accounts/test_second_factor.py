"""Staff need a second factor; everybody may have one."""

import json
import shlex

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.urls import reverse

from members.accounts.adapters import take_away_second_factor
from members.models import User
from sscnet.outbox.models import Message
from tests import make
from tests.accounts.steps import (
    AUTHENTICATE,
    TOO_MANY,
    code_of_app,
    is_signed_in,
    sign_in_by_code,
    with_password,
)
from tests.deploy.documented import documented

pytestmark = pytest.mark.django_db

PASSWORD = "bamboo-and-tea"


def sign_in_with_app(client, user):
    sign_in_by_code(client, user.email)
    client.post(AUTHENTICATE, {"code": code_of_app()})


def switch_app_off(client):
    """Ask for it, prove oneself with the app's next code, and confirm."""
    page = reverse("mfa_deactivate_totp")
    asked = client.get(page)
    client.post(asked.url, {"code": code_of_app(later=1), "next": page})
    return client.post(page)


@pytest.fixture
def officer():
    return make.Administrator(email="wang@example.org")


@pytest.fixture
def newcomer():
    return make.Administrator(email="chen@example.org", second_factor=False)


@pytest.mark.parametrize("by_code", [True, False])
def test_staff_sign_in_with_a_second_factor_whichever_way_they_come(client, officer, by_code):
    officer.set_password(PASSWORD)
    officer.save()
    if by_code:
        response = sign_in_by_code(client, officer.email)
    else:
        response = with_password(client, officer.email, PASSWORD)
    assert response.url == AUTHENTICATE
    assert client.get("/admin/").status_code == 302

    client.post(AUTHENTICATE, {"code": code_of_app()})

    assert client.get("/admin/").status_code == 200


def test_the_door_of_the_admin_is_the_same(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.url == "/accounts/login/?next=%2Fadmin%2F"

    response = client.post("/admin/login/", {"username": "a@example.org", "password": PASSWORD})
    assert response.url.startswith("/accounts/login/")


def test_staff_without_a_second_factor_reach_only_its_set_up_page(client, newcomer):
    project = make.Project(state="draft")
    client.force_login(newcomer)
    for address in ("/admin/", "/my/", "/", "/zh-hans/admin/", project.get_absolute_url()):
        response = client.get(address)
        assert (response.status_code, response.url[-14:]) == (302, "/accounts/2fa/"), address
    assert client.post("/admin/projects/project/add/", {}).status_code == 302

    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name), follow=True).status_code == 200


def test_staff_set_up_an_app_and_the_admin_opens(
    client, newcomer, django_capture_on_commit_callbacks
):
    sign_in_by_code(client, newcomer.email)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert "<svg" in page
    assert "data:" not in page

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of_app(secret)})

    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get("/admin/").status_code == 200
    assert Message.objects.filter(to=newcomer.email, kind="account-changed").exists()


def test_wrong_codes_of_the_app_are_slowed(client, officer):
    sign_in_by_code(client, officer.email)
    shown = [
        TOO_MANY in client.post(AUTHENTICATE, {"code": "000000"}).content.decode()
        for _ in range(20)
    ]
    assert shown == [False] * 5 + [True] * 15

    client.post(AUTHENTICATE, {"code": code_of_app()})

    assert not is_signed_in(client)


def test_staff_cannot_switch_the_last_factor_off_but_others_can(client, officer):
    sign_in_with_app(client, officer)
    switch_app_off(client)
    assert Authenticator.objects.filter(user=officer, type="totp").exists()

    person = make.User(email="li@example.org")
    TOTP.activate(person, make.TOTP_SECRET)
    client.logout()
    sign_in_with_app(client, person)
    switch_app_off(client)

    assert not Authenticator.objects.filter(user=person).exists()


def test_who_lost_the_device_sets_up_another_after_an_administrator_took_it_away(client, officer):
    client.force_login(officer)
    other = make.Officer(email="zhao@example.org")
    data = {"action": "take_away_second_factor", "_selected_action": [other.pk]}

    client.post(reverse("admin:members_user_changelist"), data)

    assert not Authenticator.objects.filter(user=other).exists()
    assert Message.objects.filter(to=other.email, kind="account-changed").count() == 1
    client.force_login(other)
    assert client.get("/admin/").url == "/accounts/2fa/"


def test_who_may_only_look_at_accounts_cannot_take_factors_away(client):
    reader = make.Officer(permissions=["members.view_user"])
    client.force_login(reader)
    data = {"action": "take_away_second_factor", "_selected_action": [reader.pk]}

    client.post(reverse("admin:members_user_changelist"), data)

    assert Authenticator.objects.filter(user=reader).exists()


def test_on_the_server_a_factor_is_taken_away_as_documented(officer):
    names = {"officer@example.org": officer.email}
    command = documented("docs/machine.md", "sscnet shell", names)

    call_command(*shlex.split(command)[1:])

    assert not Authenticator.objects.filter(user=officer).exists()


def test_taking_away_what_is_not_there_tells_nobody(newcomer):
    assert not take_away_second_factor(newcomer)
    assert not Message.objects.exists()


def test_no_list_of_the_admin_has_the_secrets_and_it_leads_to_the_security_of_ones_account(
    client, officer
):
    client.force_login(officer)
    page = client.get("/admin/").content.decode()

    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert make.TOTP_SECRET not in page
    assert 'href="/accounts/2fa/"' in page


def test_people_of_institutions_need_none_but_one_made_staff_is_asked_at_the_next_click(client):
    person = make.Affiliation().user
    sign_in_by_code(client, person.email)
    assert client.get(reverse("secretariat:my"), follow=True).status_code == 200

    person.affiliations.all().delete()
    User.objects.filter(pk=person.pk).update(is_staff=True)

    assert client.get("/admin/").url == "/accounts/2fa/"


# ------------------------------------------------------------------ what the database holds


def test_the_database_holds_no_secret_of_a_second_factor_in_clear(client, officer):
    sign_in_with_app(client, officer)
    assert client.get("/admin/").status_code == 200
    RecoveryCodes.activate(officer)

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert make.TOTP_SECRET not in stored
    seeds = [one.wrap().instance.data for one in Authenticator.objects.filter(user=officer)]
    for data in seeds:
        secret = decrypt(data.get("secret") or data["seed"])
        assert secret
        assert secret not in stored


def test_keys_are_changed_without_anybody_losing_the_second_factor(client, officer, settings):
    former = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["a new one", *former]

    call_command("encrypt_again")

    settings.ENCRYPTION_KEYS = ["a new one"]
    sign_in_with_app(client, officer)
    assert client.get("/admin/").status_code == 200
    settings.ENCRYPTION_KEYS = former
    with pytest.raises(InvalidToken):
        decrypt(Authenticator.objects.get(user=officer, type="totp").data["secret"])
