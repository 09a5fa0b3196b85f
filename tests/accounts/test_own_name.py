"""A person changes the own name and e-mail address without an administrator."""

import re

import lxml.html
import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from sscnet.outbox.models import Message
from tests import make
from tests.accounts.conftest import PASSWORD
from tests.accounts.steps import is_signed_in, with_password

pytestmark = pytest.mark.django_db

NAME, EMAIL, CONFIRM = "/accounts/name/", "/accounts/email/", "/accounts/confirm-email/"
NEW = "wang@new.example.org"


@pytest.fixture
def wang(client):
    user = make.User(email="wang@example.org", name="", password=PASSWORD)
    make.Affiliation(user=user)
    with_password(client, user.email, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


def ask(client, email=NEW):
    return client.post(EMAIL, {"email": email, "action_add": ""})


def code():
    text = Message.objects.filter(kind="new-address-code").latest("id").text
    return re.search(r"Your code is (\S+)\.", text)[1]


def address_of(user):
    user.refresh_from_db()
    return user.email, list(EmailAddress.objects.values_list("email", flat=True))


def test_a_name_is_given_and_colleagues_read_it(client, wang):
    for refused in (" ", "😀王丽"):
        assert "error-summary" in client.post(NAME, {"name": refused}).content.decode()

    page = client.post(NAME, {"name": "王丽", "latin_name": "王 Li"}).content.decode()
    assert "Use Latin letters" in page
    client.post(NAME, {"name": "王丽"})
    wang.refresh_from_db()
    assert wang.latin_name == "Li WANG"

    page = client.post(NAME, {"name": "Wang Li"}, follow=True).content.decode()

    assert "Your name is saved." in page
    assert "Signed in as Wang Li" in page


def test_an_address_is_changed_once_the_new_one_is_confirmed(client, wang):
    elsewhere = Client()
    with_password(elsewhere, wang.email, PASSWORD)
    assert is_signed_in(elsewhere)
    assert ask(client)["Location"] == CONFIRM
    assert Message.objects.get(kind="new-address-code").to == NEW
    assert address_of(wang) == ("wang@example.org", ["wang@example.org"])
    assert client.post(CONFIRM, {"code": "WRONG1"}).status_code == 200

    client.post(CONFIRM, {"code": code()})

    assert address_of(wang) == (NEW, [NEW])
    (told,) = Message.objects.filter(kind="account-changed")
    assert (told.to, "another email address was confirmed" in told.text) == (
        "wang@example.org",
        True,
    )
    # Other sessions end with the change.
    assert (is_signed_in(elsewhere), is_signed_in(client)) == (False, True)


def test_the_address_of_another_account_is_not_taken(client, wang):
    other = make.User(email=NEW)
    ask(client)

    page = client.post(CONFIRM, {"code": code()}).content.decode()

    assert "error" in page
    assert address_of(wang)[0] == "wang@example.org"
    assert address_of(other)[0] == NEW


def test_the_language_of_the_last_sign_in_is_noted_and_comes_first_in_mails(client, wang):
    login = {"login": wang.email, "password": PASSWORD}
    Client().post("/zh-hans/accounts/login/", login)
    wang.refresh_from_db()
    assert wang.language == "zh-hans"

    Client().post("/zh-hans/accounts/login/code/", {"email": wang.email})
    assert Message.objects.get(kind="sign-in-code").text.startswith("您好！\n\n您的")


def test_what_is_no_new_address_is_said_at_the_field(client, wang):
    for email in ("", "x", "a@b", "x" * 300 + "@example.org", "wang@example.org"):
        response = ask(client, email)
        assert response.status_code == 200, email
        assert 'class="field has-error"' in response.content.decode(), email
    assert not Message.objects.filter(kind="new-address-code").exists()


def test_who_chose_a_language_keeps_it_where_the_address_names_none(client, wang):
    headers = {"accept-language": "zh-CN"}
    assert client.get(NAME, headers=headers).status_code == 200

    chosen = client.get(f"/zh-hans{NAME}?page=2&set-language=zh-hans")
    assert chosen["Location"] == f"/zh-hans{NAME}?page=2"
    assert client.get(f"{NAME}?page=2")["Location"] == f"/zh-hans{NAME}?page=2"
    assert client.get("/projects/", headers=headers).status_code == 200
    page = lxml.html.fromstring(client.get(f"/zh-hans{NAME}").content)
    (english,) = set(page.xpath("//a[@hreflang='en']/@href"))

    assert client.get(english)["Location"] == NAME
    assert client.get(NAME).status_code == 200


def test_before_sign_in_the_browser_says_the_language(client):
    chinese = client.get(
        "/accounts/login/?next=/my/", headers={"accept-language": "zh-CN,en;q=0.8"}
    )
    other = client.get("/accounts/login/", headers={"accept-language": "fr"})
    english = "/accounts/login/?set-language=en"

    assert chinese["Location"] == "/zh-hans/accounts/login/?next=/my/"
    assert other.status_code == 200
    assert client.get(english, headers={"accept-language": "zh-CN"}).status_code == 200
