"""Who gives and takes rights in the admin: asked anew, never for oneself, and somebody stays."""

from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from members.models import User
from sscnet.outbox.models import Message
from tests import make
from tests.accounts.steps import (
    code_of_app,
    is_signed_in,
    later,
    sign_in_by_code,
    stored_sessions,
)
from tests.admin_forms import errors, filled
from tests.core.test_stale_at_once import at_once

pytestmark = pytest.mark.django_db

USERS = reverse("admin:members_user_changelist")


def page_of(user, action="change"):
    return reverse(f"admin:members_user_{action}", args=[user.pk])


@pytest.fixture
def wang(client):
    wang = make.Administrator(email="wang@example.org")
    client.force_login(wang)
    return wang


@pytest.fixture
def zhao():
    return make.Officer(email="zhao@example.org")


def save(client, user, **values):
    """Save an account's form; None takes a field out, as an unticked box is."""
    data = filled(client.get(page_of(user))) | values
    return client.post(page_of(user), {key: one for key, one in data.items() if one is not None})


def written(kind):
    return {mail.to: mail for mail in Message.objects.filter(kind=kind)}


# ------------------------------------------------------------------ asked anew


def acts(user):
    action = {"action": "take_away_second_factor", "_selected_action": [user.pk]}
    return [
        (page_of(user), {"email": user.email, "is_superuser": "on"}),
        (page_of(user, "delete"), {"post": "yes"}),
        (USERS, action),
        (reverse("admin:members_user_add"), {"email": "new@example.org"}),
    ]


def test_an_administrator_away_for_five_minutes_is_asked_anew(client, wang, zhao):
    later(client, 301)

    for address, data in acts(zhao):
        answer = client.post(address, data)
        assert answer.url.startswith("/accounts/2fa/reauthenticate/?next="), address
    # Looking asks nobody.
    assert client.get(USERS).status_code == 200
    assert client.get(page_of(zhao)).status_code == 200

    assert list(User.objects.values_list("email", "is_superuser").order_by("pk")) == [
        ("wang@example.org", True),
        ("zhao@example.org", False),
    ]
    assert zhao.authenticator_set.exists()


def test_what_was_sent_meanwhile_is_sealed_and_filled_in_after_the_code(client, wang, zhao):
    data = filled(client.get(page_of(zhao))) | {"name": "Zhao Min", "is_superuser": "on"}
    later(client, 301)
    asked = client.post(page_of(zhao), data)
    in_clear, _decoded = stored_sessions()
    assert "Zhao Min" not in in_clear

    back = client.post(asked.url, {"code": code_of_app()})

    assert back.url == page_of(zhao)
    page = client.get(back.url).content.decode()
    assert 'value="Zhao Min"' in page
    assert "filled in again" in page
    assert not User.objects.get(pk=zhao.pk).is_superuser
    assert client.post(back.url, data).status_code == 302
    assert User.objects.get(pk=zhao.pk).is_superuser


# ------------------------------------------------------------------ told


def test_rights_given_are_told_to_the_person_and_to_the_other_administrators(client, wang, zhao):
    colleague = make.Administrator(email="qian@example.org")

    save(client, zhao, is_superuser="on", groups=[Group.objects.get(name="Helper").pk])

    told = written("accounts-changed")
    assert set(told) == {colleague.email}
    assert "superuser status, groups" in told[colleague.email].text
    assert "wang@example.org" in told[colleague.email].text
    assert "超级用户状态、" in told[colleague.email].text
    person = written("account-changed")[zhao.email]
    assert "changed what your account may do" in person.text


def test_an_address_entered_by_an_administrator_is_told_to_the_old_one(client, wang):
    li = make.User(email="li@example.org")
    hers = Client()
    sign_in_by_code(hers, li.email)

    assert save(client, li, email="new@example.org").status_code == 302

    assert "/accounts/take-back/" in written("account-changed")["li@example.org"].text
    assert not is_signed_in(hers)


# ------------------------------------------------------------------ somebody stays


def test_the_last_administrator_keeps_rights_and_is_not_deleted(client, wang):
    make.Administrator(is_active=False)
    for flag in ("is_active", "is_staff", "is_superuser"):
        answer = save(client, wang, **{flag: None})
        assert list(answer.context["adminform"].form.errors) == [flag]
        assert "last administrator" in errors(answer)[0]

    page = client.get(page_of(wang, "delete")).content.decode()
    assert "last administrator" in page

    client.post(page_of(wang, "delete"), {"post": "yes"})
    everybody = {"action": "delete_selected", "_selected_action": [wang.pk], "post": "yes"}
    client.post(USERS, everybody)

    assert User.objects.administrators().get() == wang


def test_all_administrators_are_not_deleted_at_once_but_one_of_two_may_go(client, wang):
    qian = make.Administrator()
    both = {"action": "delete_selected", "_selected_action": [wang.pk, qian.pk], "post": "yes"}

    client.post(USERS, both)

    assert User.objects.administrators().count() == 2
    assert save(client, qian, is_superuser=None).status_code == 302
    assert User.objects.administrators().get() == wang


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_away_each_others_rights_at_once():
    pair = [make.Administrator() for _ in range(2)]
    browsers = [Client(), Client()]
    for browser, user in zip(browsers, pair, strict=True):
        browser.force_login(user)
    works = []
    for browser, other in zip(browsers, reversed(pair), strict=True):
        data = filled(browser.get(page_of(other)))
        del data["is_superuser"]
        works.append(partial(browser.post, page_of(other), data))

    answers = [answer.status_code for answer in at_once(*works)]

    assert sorted(answers) == [200, 302]
    assert User.objects.administrators().count() == 1


# ------------------------------------------------------------------ nobody for oneself


@pytest.fixture
def clerk(client):
    """Somebody who may change accounts and groups without being an administrator."""
    make.Administrator(email="wang@example.org")
    names = ["members.view_user", "members.change_user", "members.delete_user", "auth.change_group"]
    clerk = make.Officer(email="clerk@example.org", permissions=names, group="Helper")
    client.force_login(clerk)
    return clerk


def test_who_may_change_accounts_gives_no_rights(client, clerk, zhao):
    for user in (clerk, zhao):
        assert save(client, user, name="Changed", is_superuser="on").status_code == 302

    assert not User.objects.filter(is_superuser=True).exclude(email="wang@example.org").exists()
    assert User.objects.filter(name="Changed").count() == 2


def test_nor_changes_an_administrator(client, clerk):
    wang = User.objects.get(is_superuser=True)

    assert client.post(page_of(wang), {"email": "mine@example.org"}).status_code == 403
    assert client.post(page_of(wang, "delete"), {"post": "yes"}).status_code == 403
    client.post(USERS, {"action": "delete_selected", "_selected_action": [wang.pk], "post": "yes"})
    client.post(USERS, {"action": "take_away_second_factor", "_selected_action": [wang.pk]})

    wang.refresh_from_db()
    assert wang.email == "wang@example.org"
    assert wang.authenticator_set.exists()


def test_an_administrator_gives_rights_to_others_only(client, wang):
    group = Group.objects.get(name="Officer")

    answer = save(client, wang, groups=[group.pk])

    assert "Ask another administrator" in errors(answer)[0]
    assert list(answer.context["adminform"].form.errors) == ["groups"]
    assert not wang.groups.exists()
