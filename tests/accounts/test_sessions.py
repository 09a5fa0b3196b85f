"""Where one is signed in: the list, what ends a session, and what is held of it."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from members.accounts.adapters import take_away_second_factor
from members.accounts.retention import clear_sessions
from tests import make
from tests.accounts.conftest import PASSWORD
from tests.accounts.steps import (
    CONFIRM,
    ask_for_code,
    code_for,
    code_of_app,
    confirm_by_code,
    is_signed_in,
    sign_in_by_code,
    with_password,
)

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1"
OFFICE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def li(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
    return make.User(email="li@example.org", password=PASSWORD)


@pytest.fixture
def phone(li):
    return signed_in(li, PHONE, "203.0.113.77")


@pytest.fixture
def office(li):
    return signed_in(li, OFFICE, "198.51.100.8")


def signed_in(user, agent, address):
    browser = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    with_password(browser, user.email, PASSWORD)
    return browser


def shown(browser):
    return " ".join(browser.get(SESSIONS).content.decode().split())


def end_others(browser):
    """End the other sessions; the portal first asks who it is."""
    asked = browser.post(SESSIONS)
    if asked.url.startswith("/accounts/reauthenticate/"):
        browser.post(asked.url, {"password": PASSWORD})
        return browser.post(SESSIONS)
    return asked


def key_of(browser):
    return UserSession.objects.get(session_key=browser.session.session_key).pk


# ------------------------------------------------------------------ the list


def test_the_page_says_where_since_when_and_which_is_this_one(phone, office):
    page = shown(office)

    assert PHONE in page
    assert OFFICE in page.partition("You are here")[2].partition("</tr>")[0]
    assert page.count("You are here") == 1
    assert "203.0.113.0" in page
    assert "203.0.113.77" not in page
    assert f'href="{SESSIONS}"' in phone.get(reverse("mfa_index")).content.decode()
    assert "当前登录" in phone.get(f"/zh-hans{SESSIONS}").content.decode()


def test_of_the_address_only_the_network_is_kept(phone):
    assert UserSession.objects.get().ip == "203.0.113.0"
    UserSession.objects.update(ip="2001:db8:1:2::5")
    session = UserSession.objects.get()
    session.save()
    assert session.ip == "2001:db8:1::"


# ------------------------------------------------------------------ ending by hand


def test_all_others_are_ended_once_the_person_has_shown_who_it_is(phone, office, li, log):
    third = signed_in(li, OFFICE, "198.51.100.9")
    stranger = make.User(email="wu@example.org", password=PASSWORD)
    elsewhere = signed_in(stranger, PHONE, "203.0.113.5")
    asked = office.post(SESSIONS)
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert is_signed_in(phone)

    office.post(asked.url, {"password": PASSWORD})
    log.take()
    office.post(SESSIONS)

    signed = [is_signed_in(browser) for browser in (phone, third, office, elsewhere)]
    assert signed == [False, False, True, True]
    assert [line["event"] for line in log.take()].count("session_ended") == 2
    assert PHONE not in shown(office)


def test_who_has_only_codes_by_mail_ends_sessions_as_well(phone, li):
    by_code = Client()
    person = make.User(email="wu@example.org")
    sign_in_by_code(by_code, person.email)
    other = Client()
    ask_for_code(other, person.email)
    other.post(CONFIRM, {"code": code_for(person.email)})

    confirm_by_code(other, end_others(other), person.email)
    assert is_signed_in(by_code)
    end_others(other)

    assert (is_signed_in(by_code), is_signed_in(other), is_signed_in(phone)) == (False, True, True)


def test_an_administrator_signs_somebody_out_everywhere(client, phone, office, li):
    client.force_login(make.Administrator())
    data = {"action": "end_sessions", "_selected_action": [li.pk]}

    answer = client.post("/admin/members/user/", data, follow=True)

    assert "2 sessions ended." in answer.content.decode()
    assert (is_signed_in(phone), is_signed_in(office)) == (False, False)
    assert client.get("/admin/").status_code == 200


# ------------------------------------------------------------------ a change of factors


def change_password(browser):
    new = {"oldpassword": PASSWORD, "password1": "river-and-hill", "password2": "river-and-hill"}
    return browser.post(reverse("account_change_password"), new)


def set_up_app(browser):
    """Set up an authenticator app; the portal asks for the password first."""
    page = reverse("mfa_activate_totp")
    asked = browser.get(page)
    browser.post(asked.url, {"password": PASSWORD, "next": page})
    secret = browser.get(page).content.decode().partition("<code>")[2].partition("</code>")[0]
    return browser.post(page, {"code": code_of_app(secret)})


@pytest.mark.parametrize("change", [change_password, set_up_app])
def test_a_change_of_factors_ends_all_others(
    phone, office, change, log, django_capture_on_commit_callbacks
):
    ended = key_of(phone)

    with django_capture_on_commit_callbacks(execute=True):
        change(office)

    assert not is_signed_in(phone)
    assert is_signed_in(office)
    lines = [line for line in log.take() if line["event"] == "session_ended"]
    assert [line["session"] for line in lines] == [ended]
    assert UserSession.objects.count() == 1


def test_new_recovery_codes_and_an_app_switched_off_end_all_others(
    li, office, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(office)
    for page in (reverse("mfa_generate_recovery_codes"), reverse("mfa_deactivate_totp")):
        other = Client()
        other.force_login(li)
        UserSession.objects.create(user=li, ip="203.0.113.0", session_key=other.session.session_key)
        assert is_signed_in(other)

        with django_capture_on_commit_callbacks(execute=True):
            office.post(page)

        assert not is_signed_in(other)
        assert is_signed_in(office)


def test_a_second_factor_taken_away_ends_all(phone, office, li):
    TOTP.activate(li, make.TOTP_SECRET)

    take_away_second_factor(li)

    assert (is_signed_in(phone), is_signed_in(office)) == (False, False)


# ------------------------------------------------------------------ by the clock


def test_use_is_noted_and_does_not_make_a_session_longer(phone, monkeypatch):
    began = time.time()
    before = UserSession.objects.get().last_seen_at
    for days, is_open in [(6, True), (12, True), (13.9, True), (14.1, False)]:
        monkeypatch.setattr(
            "members.accounts.sessions.idle.time.time", lambda days=days: began + days * 24 * 3600
        )
        assert is_signed_in(phone) is is_open
        if days == 6:
            assert UserSession.objects.get().last_seen_at > before


def test_nothing_is_kept_of_a_session_that_has_ended(phone, office):
    phone.logout()
    Session.objects.filter(pk=office.session.session_key).update(expire_date="2020-01-01T00:00Z")
    assert UserSession.objects.count() == 2

    clear_sessions()

    assert UserSession.objects.count() == 0
    assert Session.objects.count() == 0
