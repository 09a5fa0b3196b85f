"""Changes of what opens an account: asked anew before, told after, and taken back by a link."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts.retention import delete_changes
from members.models import AccountChange, User
from sscnet.outbox.models import Message
from tests import make
from tests.accounts.conftest import PASSWORD
from tests.accounts.steps import (
    AUTHENTICATE,
    ask_for_code,
    code_for,
    code_of_app,
    confirm_by_code,
    is_signed_in,
    later,
    sign_in_by_code,
    stored_sessions,
    with_password,
)
from tests.accounts.test_own_name import CONFIRM, EMAIL, code

pytestmark = pytest.mark.django_db

OLD, NEW = "li@example.org", "attacker@evil.example"
SET = "/accounts/password/set/"
BY_CODE = "/accounts/reauthenticate/code/"
WISH = {"email": NEW, "action_add": "1"}


@pytest.fixture
def li():
    """A focal point who signs in by codes alone."""
    return make.Affiliation(user__email=OLD).user


@pytest.fixture
def session(li):
    """A session of hers, which somebody else sits at."""
    browser = Client()
    sign_in_by_code(browser, li.email)
    return browser


def take_over(browser):
    """Move the account to another mailbox as far as the portal lets one."""
    browser.post(EMAIL, WISH)
    if Message.objects.filter(kind="new-address-code", to=NEW).exists():
        browser.post(CONFIRM, {"code": code()})


def moved(browser):
    """Move the account as its owner, or as somebody who reads the mailbox, does."""
    asked = browser.post(EMAIL, WISH)
    confirm_by_code(browser, asked, OLD)
    browser.post(EMAIL, WISH)
    browser.post(CONFIRM, {"code": code()})


def link(to=OLD):
    text = Message.objects.filter(kind="account-changed", to=to).latest("id").text
    return re.search(r"https?://[^/]+(/accounts/take-back/\S+/)", text)[1]


def address(user):
    return User.objects.get(pk=user.pk).email


# ------------------------------------------------------------------ asked anew


def test_an_open_session_alone_moves_no_account_to_another_mailbox(session, li):
    take_over(session)

    assert address(li) == OLD
    assert not Message.objects.filter(to=NEW).exists()


def test_nor_one_of_an_editor_with_a_second_factor_and_a_password(client):
    editor = make.Officer(email=OLD, password=PASSWORD)
    with_password(client, OLD, PASSWORD)
    client.post(AUTHENTICATE, {"code": code_of_app()})

    take_over(client)

    assert address(editor) == OLD
    assert client.post(EMAIL, WISH).url.startswith("/accounts/reauthenticate/?")


def test_nor_sets_a_password(session, li):
    new = {"password1": "river-and-hill", "password2": "river-and-hill"}

    assert session.post(SET, new).url.startswith(BY_CODE)
    assert session.get(SET).url.startswith(BY_CODE)

    li.refresh_from_db()
    assert not li.has_usable_password()
    assert "river" not in str(session.session.items())


def test_nor_adds_a_second_factor(session, li):
    for page in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert session.get(reverse(page)).url.startswith(BY_CODE)
        assert session.post(reverse(page), {"code": "1"}).url.startswith(BY_CODE)


def test_nor_reads_the_recovery_codes_that_would_confirm_it(client):
    editor = make.Officer(email=OLD)
    RecoveryCodes.activate(editor)
    sign_in_by_code(client, OLD)
    client.post(AUTHENTICATE, {"code": code_of_app()})

    for name in ("view", "download", "generate"):
        asked = client.get(reverse(f"mfa_{name}_recovery_codes"))
        assert asked.url.startswith("/accounts/2fa/reauthenticate/")


def test_the_code_goes_to_the_present_address_and_opens_for_five_minutes(session, li):
    asked = session.post(EMAIL, WISH)

    shown = session.get(asked.url).content.decode()
    assert OLD in shown
    assert "Send me a code" in shown
    sent = Message.objects.filter(kind="sign-in-code").count()
    confirm_by_code(session, asked, OLD)
    assert Message.objects.filter(kind="sign-in-code", to=OLD).count() == sent + 1
    assert session.get(SET).status_code == 200
    later(session, 240)
    assert session.get(SET).status_code == 200
    later(session, 60)
    assert session.get(SET).url.startswith(BY_CODE)


def test_a_wrong_old_or_used_code_or_that_of_another_session_opens_nothing(session, li):
    asked = session.get(SET).url
    session.post(asked, {"send_code": "1"})
    right = code_for(OLD)
    # The session in the database tells no code.
    stored, _opened = stored_sessions()
    assert right not in stored
    assert right.replace("-", "") not in stored
    other = Client()
    other.force_login(li)

    assert "wrong or no longer valid" in other.post(asked, {"code": right}).content.decode()
    assert session.get(SET).status_code == 302
    for wrong in ("AAAA-AAAA", "", "x" * 50, "1", "ａ"):
        assert session.post(asked, {"code": wrong}).status_code == 200
    session.post(asked, {"code": right})
    assert session.get(SET).status_code == 302

    session.post(asked, {"send_code": "1"})
    old = session.session
    old["confirmation_code"] = old["confirmation_code"] | {"at": 0}
    old.save()
    session.post(asked, {"code": code_for(OLD)})
    assert session.get(SET).status_code == 302


def test_codes_are_slowed_as_those_for_signing_in(session, li):
    asked = session.get(SET).url
    for _ in range(5):
        page = session.post(asked, {"send_code": "1"})

    assert "Too many" in page.content.decode()
    assert Message.objects.filter(kind="sign-in-code").count() <= 4


def test_who_has_a_password_is_not_sent_to_the_code(client):
    make.User(email=OLD, password=PASSWORD)
    with_password(client, OLD, PASSWORD)

    assert client.get(BY_CODE).url.startswith("/accounts/reauthenticate/")


# ------------------------------------------------------------------ told and taken back


def test_the_old_address_takes_the_account_back_and_the_intruder_is_out(session, li):
    moved(session)
    intruder, owner, elsewhere = session, Client(), Client()
    # A code is on its way to the intruder.
    ask_for_code(elsewhere, NEW)
    waiting = code_for(NEW)
    intruder.post(SET, {"password1": "river-and-hill", "password2": "river-and-hill"})
    TOTP.activate(User.objects.get(), "A" * 32)
    RecoveryCodes.activate(User.objects.get())
    assert address(li) == NEW
    assert is_signed_in(intruder)

    page = owner.get(link()).content.decode()
    assert OLD in page
    assert address(li) == NEW
    answer = owner.post(link())

    li.refresh_from_db()
    assert answer.url == "/accounts/login/"
    assert li.email == OLD
    assert not li.has_usable_password()
    assert not Authenticator.objects.exists()
    assert not is_signed_in(intruder)
    with_password(intruder, OLD, "river-and-hill")
    ask_for_code(intruder, NEW)
    assert not is_signed_in(intruder)
    elsewhere.post("/accounts/login/code/confirm/", {"code": waiting})
    assert not is_signed_in(elsewhere)
    sign_in_by_code(owner, OLD)
    assert is_signed_in(owner)
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_a_link_works_once_and_for_72_hours_and_is_nobodys_to_guess(session, li):
    moved(session)
    address_of_link = link()
    changes = AccountChange.objects.filter(user=li)
    changes.update(changed_at=timezone.now() - timedelta(hours=72, seconds=1))
    assert Client().get(address_of_link).status_code == 404
    Client().post(address_of_link)
    assert address(li) == NEW
    changes.update(changed_at=timezone.now() - timedelta(hours=71, minutes=59))
    assert Client().get("/accounts/take-back/nonsense/").status_code == 404

    Client().post(address_of_link)
    assert address(li) == OLD
    assert Client().post(address_of_link).status_code == 404
    assert not AccountChange.objects.exists()


def test_the_intruders_own_link_is_dead_once_the_first_was_used(session, li):
    moved(session)
    session.post(EMAIL, {"email": "third@evil.example", "action_add": "1"})
    session.post(CONFIRM, {"code": code()})
    intruders = link(to=NEW)

    Client().post(link())

    assert Client().post(intruders).status_code == 404
    assert address(li) == OLD


def test_a_second_factor_from_before_stays(client):
    editor = make.Officer(email=OLD)
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=1))
    sign_in_by_code(client, OLD)
    client.post(AUTHENTICATE, {"code": code_of_app()})
    asked = client.post(EMAIL, WISH)
    client.post(asked.url, {"code": code_of_app(later=1)})
    client.post(EMAIL, WISH)
    client.post(CONFIRM, {"code": code()})

    client.post(link())

    assert address(editor) == OLD
    assert Authenticator.objects.get().user == editor
    assert not is_signed_in(client)


@pytest.mark.parametrize("factor", [False, True])
def test_a_password_or_factor_set_by_somebody_else_is_taken_back_too(
    session, li, log, factor, django_capture_on_commit_callbacks
):
    confirm_by_code(session, session.get(SET), OLD)
    with django_capture_on_commit_callbacks(execute=True):
        if factor:
            page = reverse("mfa_activate_totp")
            shown = session.get(page).content.decode()
            secret = shown.partition("<code>")[2].partition("</code>")[0]
            session.post(page, {"code": code_of_app(secret)})
            assert Authenticator.objects.filter(type="totp").exists()
        else:
            session.post(SET, {"password1": "river-and-hill", "password2": "river-and-hill"})
    log.take()

    Client().post(link())

    li.refresh_from_db()
    assert not li.has_usable_password()
    assert not Authenticator.objects.exists()
    assert not is_signed_in(session)
    assert ("account_taken_back", li.pk) in [
        (line["event"], line["account"]) for line in log.take()
    ]


def test_the_old_address_is_kept_for_its_owner_for_72_hours(session, li, client):
    moved(session)
    other = make.User(email="wu@example.org", password=PASSWORD)
    with_password(client, other.email, PASSWORD)

    refused = client.post(EMAIL, {"email": OLD.upper(), "action_add": "1"})
    assert "Another account had this address" in refused.content.decode()
    client.force_login(make.Administrator())
    form = {"email": OLD, "usable_password": "false"}
    assert client.post("/admin/members/user/add/", form).status_code == 200
    assert not User.objects.filter(email=OLD).exists()

    AccountChange.objects.update(changed_at=timezone.now() - timedelta(hours=73))
    delete_changes()
    assert client.post("/admin/members/user/add/", form).status_code == 302


def test_the_owner_may_go_back_to_the_old_address(session, li):
    moved(session)
    session.post(EMAIL, {"email": OLD, "action_add": "1"})
    session.post(CONFIRM, {"code": code()})

    assert address(li) == OLD


def test_the_mail_holds_its_link_as_a_secret_and_brings_no_deleted_account_back(session, li):
    moved(session)

    told = Message.objects.get(kind="account-changed", to=OLD)

    assert told.holds_secret
    assert "/zh-hans/accounts/take-back/" in told.text
    assert "72" in told.text
    page = Client().get("/zh-hans" + link()).content.decode()
    assert "撤销" in page
    address_of_link = link()
    li.delete()
    assert Client().get(address_of_link).status_code == 404
    assert Client().post(address_of_link).status_code == 404
    assert not User.objects.exists()


def test_administrators_learn_of_a_colleague_who_takes_back_a_change(session, li):
    administrator = make.Administrator()
    li.affiliations.all().delete()
    User.objects.filter(pk=li.pk).update(is_staff=True)
    AccountChange.objects.note(li, OLD)
    moved_link = reverse("account_take_back", args=[AccountChange.objects.note(li, OLD)])

    Client().post(moved_link)

    told = Message.objects.get(kind="accounts-changed")
    assert told.to == administrator.email
    assert make.TOTP_SECRET not in told.text
