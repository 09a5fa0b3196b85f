"""Signing in and out, and what slows down who guesses."""

import os
import re
import statistics
import time

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.accounts.adapters import forget_other_addresses
from members.accounts.sessions import throttles
from members.models import User
from secretariat.models import Enquiry
from sscnet.outbox.models import Message
from tests import make
from tests.accounts.hashers import CountingHasher
from tests.accounts.steps import (
    CONFIRM,
    LOGIN,
    TOO_MANY,
    ask_for_code,
    code_for,
    confirm_by_code,
    is_signed_in,
    sign_in_by_code,
    stored_sessions,
    with_password,
)

pytestmark = pytest.mark.django_db

PROOF = bool(os.environ.get("PROOF"))
PASSWORD = "bamboo-and-tea"


@pytest.fixture(autouse=True)
def _quick_hasher(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]


@pytest.fixture
def li():
    return make.User(email="li@example.org", name="Li", password=PASSWORD)


@pytest.fixture
def wang():
    return make.User(email="wang@example.org", name="Wang", password=PASSWORD)


# ------------------------------------------------------------------ ways in and out


def test_one_signs_in_by_a_code_sent_by_mail(client, li):
    response = ask_for_code(client, "Li@Example.org")
    assert response.url == CONFIRM

    response = client.post(CONFIRM, {"code": code_for(li.email)})

    assert response.url == reverse("secretariat:my")
    assert is_signed_in(client)


def test_without_a_password_typed_a_code_is_sent_and_a_typed_one_can_be_left_aside(client, li):
    client.post(LOGIN, {"login": li.email, "password": ""})
    other = Client()
    other.post(LOGIN, {"login": li.email, "password": "filled in", "send_code": "1"})

    assert [m.kind for m in Message.objects.filter(to=li.email)] == ["sign-in-code"] * 2


def test_one_signs_in_by_password_and_comes_to_where_one_wanted(client, li):
    data = {"login": li.email, "password": PASSWORD, "next": "/my/any/"}
    elsewhere = data | {"next": "https://elsewhere.example/"}

    assert Client().post(LOGIN, elsewhere).url == reverse("secretariat:my")
    assert client.post(LOGIN, data).url == "/my/any/"
    assert is_signed_in(client)


def test_the_code_is_forgotten_once_its_mail_is_sent(client, li):
    ask_for_code(client, li.email)
    message = Message.objects.get()
    assert code_for(li.email) in message.text
    assert code_for(li.email) not in message.subject

    message.mark_sent()
    message.save()

    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")


def test_the_database_holds_no_code_in_clear(client, li):
    ask_for_code(client, li.email)
    code = code_for(li.email)
    other = Client()
    sign_in_by_code(other, make.User(email="old@example.org").email)
    wish = {"email": "new@example.org", "action_add": ""}
    confirm_by_code(other, other.post(reverse("account_email"), wish), "old@example.org")
    other.post(reverse("account_email"), wish)
    confirms = Message.objects.get(kind="new-address-code").text
    stored, opened = stored_sessions()

    for secret in (code, re.search(r"code is (\S+)\.", confirms)[1]):
        assert secret in opened
        assert secret not in stored
        assert secret.replace("-", "") not in stored
    assert "@example.org" not in stored
    client.post(CONFIRM, {"code": code.lower().replace("-", " ")})
    assert is_signed_in(client)


def test_the_database_alone_tells_no_key_for_a_new_password_that_a_session_holds(client, li):
    client.post(reverse("account_reset_password"), {"email": li.email})
    link = re.search(r"/accounts/password/reset/key/\w+-(\S+)/", Message.objects.get().text)
    client.get(link[0])
    stored, opened = stored_sessions()

    assert link[1] in opened
    assert link[1] not in stored


def test_who_signs_out_is_out_on_the_server_too(client, li, settings):
    sign_in_by_code(client, li.email)
    name = settings.SESSION_COOKIE_NAME
    cookie = client.cookies[name].value

    client.post(reverse("account_logout"))

    client.cookies[name] = cookie
    assert not is_signed_in(client)
    assert not Session.objects.filter(session_key=cookie).exists()


def test_a_new_password_ends_the_sessions_elsewhere(client, li):
    with_password(client, li.email, PASSWORD)
    with_password(client_at_home := Client(), li.email, PASSWORD)

    new = {"oldpassword": PASSWORD, "password1": "river-and-hill", "password2": "river-and-hill"}
    client.post(reverse("account_change_password"), new)

    assert is_signed_in(client)
    assert not is_signed_in(client_at_home)


def test_a_new_password_asks_for_the_old_one(client, li):
    with_password(client, li.email, PASSWORD)

    new = {"oldpassword": "a-guess", "password1": "river-and-hill", "password2": "river-and-hill"}
    client.post(reverse("account_change_password"), new)

    li.refresh_from_db()
    assert li.check_password(PASSWORD)


def test_a_forgotten_password_is_set_anew_by_a_link(client, li):
    """And may be used at once, however many wrong ones were tried."""
    for _ in range(5):
        wrong_password(client, li.email)
    client.post(reverse("account_reset_password"), {"email": li.email})
    message = Message.objects.get(kind="new-password")
    link = next(word for word in message.text.split() if "/password/reset/key/" in word)
    page = client.get(link.partition("8000")[2] or link, follow=True)

    new = {"password1": "river-and-hill", "password2": "river-and-hill"}
    client.post(page.redirect_chain[-1][0], new)

    assert not is_signed_in(client)
    assert with_password(client, li.email, "river-and-hill").status_code == 302
    assert is_signed_in(client)


def test_a_closed_account_gets_no_code_and_no_way_in(client, li):
    User.objects.filter(pk=li.pk).update(is_active=False)

    ask_for_code(client, li.email)
    with_password(client, li.email, PASSWORD)

    assert not Message.objects.filter(kind="sign-in-code").exists()
    assert not is_signed_in(client)


def test_an_account_closed_while_signed_in_is_out_at_the_next_click(client, li):
    institution = make.Affiliation(user=li).institution
    way = client.get(sign_in_by_code(client, li.email).url)
    # Of an institution, one is led to it.
    assert way.url == reverse("secretariat:my_institution", args=[institution.slug])
    User.objects.filter(pk=li.pk).update(is_active=False)

    assert not is_signed_in(client)


def test_an_address_the_account_once_had_lets_nobody_in(client, li):
    sign_in_by_code(client, li.email)
    client.logout()
    li.email = "li.new@example.org"
    li.save()
    forget_other_addresses(li)

    ask_for_code(client, "li@example.org")

    assert not Message.objects.filter(kind="sign-in-code", to="li@example.org").count() > 1


def test_nobody_registers_alone(client):
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", data)):
        assert "Accounts are by invitation" in response.content.decode()
    assert not User.objects.exists()


def test_a_page_that_allauth_brings_is_in_the_frame_of_ours(client):
    page = client.post(reverse("account_reset_password"), {"email": "li"}).content.decode()

    assert "<title>Error: Password Reset – South-South Network</title>" in page
    assert page.index('<main id="main">') < page.index('<div class="error-summary"')
    assert page.index('<form class="form"') < page.index("</main>")
    assert page.count("<html") == 1


def test_the_public_pages_set_no_cookie_and_lead_to_the_institutions_page(client):
    response = client.get("/")

    assert not response.cookies
    assert 'href="/my/"' in response.content.decode()
    assert "Signed in" not in response.content.decode()


def test_a_session_of_staff_ends_after_half_a_day_without_use(client, monkeypatch):
    began = time.time()
    client.force_login(make.Officer())
    for hours, status in [(11, 200), (22, 200), (33.5, 200), (46, 302)]:
        monkeypatch.setattr(
            "members.accounts.sessions.idle.time.time", lambda hours=hours: began + hours * 3600
        )
        response = client.get("/admin/")
        assert response.status_code == status

    assert response.url.startswith("/admin/login/")
    assert "You were signed out" in client.get(LOGIN).content.decode()


def test_a_session_of_others_lasts(client, li, monkeypatch):
    began = time.time()
    client.force_login(li)
    monkeypatch.setattr("members.accounts.sessions.idle.time.time", lambda: began + 48 * 3600)

    assert is_signed_in(client)


def test_a_new_password_is_long_and_cannot_be_guessed(client, li):
    client.force_login(li)
    for password, told in {
        "tea-and-tea": "It must contain at least 12 characters.",
        "1qaz2wsx3edc": "This password is too common.",
        "South-South 2026": "Your password can’t contain the name of the Network",
    }.items():
        new = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        page = client.post(reverse("account_change_password"), new).content.decode()
        assert told in page


# ------------------------------------------------------------------ known and unknown alike


def answers(client, email):
    """Give all that a stranger sees of trying one address, with the address itself left out."""
    shown = []
    for attempt in (
        lambda: with_password(client, email, "wrong"),
        lambda: ask_for_code(client, email),
        lambda: client.get(CONFIRM),
        lambda: client.post(CONFIRM, {"code": "WRON-GGGG"}),
        lambda: client.post(reverse("account_reset_password"), {"email": email}),
    ):
        response = attempt()
        page = response.content.decode().replace(email, "ADDRESS")
        shown.append((response.status_code, response.get("Location"), without_tokens(page)))
    return shown


def without_tokens(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_stranger_cannot_tell_a_known_address_from_an_unknown_one(li):
    make.User(email="zhao@example.org")

    unknown = answers(Client(), "nobody@example.org")

    assert answers(Client(), li.email) == unknown
    assert answers(Client(), "zhao@example.org") == unknown


def test_each_wrong_password_costs_one_hash_whether_the_account_is_there_or_not(client, li):
    make.User(email="zhao@example.org")
    for email in (li.email, "zhao@example.org", "nobody@example.org"):
        CountingHasher.count = 0
        with_password(client, email, "wrong")
        assert CountingHasher.count == 1, email


def test_both_get_a_mail_so_that_neither_answer_comes_sooner(client, li):
    ask_for_code(client, li.email)
    ask_for_code(Client(), "nobody@example.org")

    assert set(Message.objects.values_list("to", "kind")) == {
        (li.email, "sign-in-code"),
        ("nobody@example.org", "no-account"),
    }


@pytest.mark.parametrize("attempt", [with_password, ask_for_code])
def test_the_time_of_the_answer_does_not_tell(li, settings, attempt):
    if PROOF:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    li.set_password(PASSWORD)
    li.save()
    rest = ["wrong"] if attempt is with_password else []
    times = {li.email: [], "no@example.org": []}
    for _ in range(100 if PROOF else 20):
        for email, measured in times.items():
            visitor = Client()
            began = time.perf_counter()
            attempt(visitor, email, *rest)
            measured.append(time.perf_counter() - began)

    known, unknown = times.values()
    quarters = statistics.quantiles([*known, *unknown], n=4)
    noise = (quarters[2] - quarters[0]) * (1 if PROOF else 3)
    assert abs(statistics.median(known) - statistics.median(unknown)) < noise


# ------------------------------------------------------------------ who guesses


def test_twenty_wrong_passwords_are_slowed_and_other_people_still_sign_in(client, li, wang):
    shown = [
        TOO_MANY in with_password(client, li.email, f"wrong {n}").content.decode()
        for n in range(20)
    ]
    assert shown == [False] * 5 + [True] * 15
    assert TOO_MANY in with_password(client, li.email, PASSWORD).content.decode()

    with_password(client, wang.email, PASSWORD)

    assert is_signed_in(client)


def test_wrong_passwords_from_many_addresses_are_slowed_by_account(client, li):
    for n in range(5):
        with_password(client, li.email, "wrong", REMOTE_ADDR=f"192.0.2.{n}")

    response = with_password(client, li.email, PASSWORD, REMOTE_ADDR="192.0.2.99")

    assert TOO_MANY in response.content.decode()


def guess_from(networks, email, attempt, times=5):
    """Let strangers try from many networks, as often as each network may."""
    for n in range(networks):
        for _ in range(times):
            attempt(Client(), email, REMOTE_ADDR=f"10.0.{n}.1")


def wrong_password(client, email, **extra):
    return with_password(client, email, "wrong", **extra)


def write_to(email, n):
    """Have a mail sent to an address in each way that anybody has, from the n-th network."""
    there = {"REMOTE_ADDR": f"198.51.{n}.7"}
    ask_for_code(Client(), email, **there)
    Client().post(reverse("account_reset_password"), {"email": email}, **there)
    question = {"name": "Any", "email": email, "question": f"Which one is it, {n}?"}
    Client().post("/ask/", question | {"kind": "question"}, **there)


def test_five_mails_a_day_go_to_an_address_that_nobody_confirmed(li):
    for n in range(3):
        write_to(li.email, n)
        write_to("Nobody@example.org", n)

    sent = Message.objects.filter(to__iexact="nobody@example.org")
    assert sent.count() == 5
    assert {"no-account", "enquiry-received"} == {one.kind for one in sent}
    assert Message.objects.filter(to=li.email).count() == 5
    assert Enquiry.objects.count() == 6


@pytest.mark.parametrize("way", ["signed in", "invited"])
def test_whoever_showed_to_have_the_mailbox_gets_codes_whatever_strangers_had_sent(client, li, way):
    make.Invitation(email=li.email, token="abc")
    if way == "signed in":
        with_password(Client(), li.email, PASSWORD)
    for n in range(3):
        write_to(li.email, n)
    codes = Message.objects.filter(to=li.email, kind="sign-in-code")
    before = codes.count()

    if way == "invited":
        client.post("/accounts/invitation/abc/")
    else:
        ask_for_code(client, li.email, REMOTE_ADDR="203.0.113.9")

    assert codes.count() == before + 1
    client.post(CONFIRM, {"code": code_for(li.email)})
    assert is_signed_in(client)


@pytest.mark.parametrize("attempt", [wrong_password, ask_for_code])
def test_strangers_in_another_network_lock_nobody_out(client, li, attempt):
    guess_from(2, li.email, attempt)

    assert ask_for_code(Client(), li.email).url == CONFIRM
    with_password(client, li.email, PASSWORD)
    assert is_signed_in(client)


def test_a_device_that_has_signed_in_before_is_spared_whatever_strangers_try(client, li):
    with_password(client, li.email, PASSWORD)
    client.post(reverse("account_logout"))
    guess_from(11, li.email, wrong_password)
    guess_from(8, li.email, ask_for_code, times=3)

    assert TOO_MANY in with_password(Client(), li.email, PASSWORD).content.decode()
    assert TOO_MANY in ask_for_code(Client(), li.email).content.decode()
    with_password(client, li.email, PASSWORD)
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert ask_for_code(client, li.email).url == CONFIRM


def test_a_device_is_spared_for_its_own_accounts_only_and_slowed_too(client, li, wang):
    with_password(client, wang.email, PASSWORD)
    client.post(reverse("account_logout"))
    for email in (li.email, wang.email):
        for _ in range(5):
            wrong_password(client, email)

    assert TOO_MANY in with_password(client, li.email, PASSWORD).content.decode()
    assert TOO_MANY in with_password(client, wang.email, PASSWORD).content.decode()


def test_the_cookie_of_a_device_is_signed_and_names_nobody(client, li, settings):
    with_password(client, li.email, PASSWORD)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"]
    assert (
        "li" not in str(signing.loads(cookie.value, salt=throttles.SALT)).replace("'", "").split()
    )

    stranger = Client()
    stranger.cookies[settings.DEVICE_COOKIE_NAME] = cookie.value + "x"
    guess_from(1, li.email, wrong_password)
    response = with_password(stranger, li.email, PASSWORD, REMOTE_ADDR="10.0.0.9")
    assert TOO_MANY in response.content.decode()


def test_one_ipv6_customer_counts_as_one_address(client, li):
    for n in range(20):
        with_password(client, f"person{n}@example.org", "wrong", REMOTE_ADDR=f"2001:db8::{n}")

    same, other = "2001:db8::ffff:1", "2001:db8:1::1"
    assert TOO_MANY in with_password(client, li.email, PASSWORD, REMOTE_ADDR=same).content.decode()
    assert with_password(client, li.email, PASSWORD, REMOTE_ADDR=other).status_code == 302


def test_the_address_may_come_in_a_header_that_the_proxy_sets(client, li, settings):
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
    for n in range(20):
        extra = {"HTTP_X_REAL_IP": "192.0.2.1", "HTTP_X_FORWARDED_FOR": f"198.51.100.{n}"}
        with_password(client, f"person{n}@example.org", "wrong", **extra)

    page = with_password(client, li.email, PASSWORD, HTTP_X_REAL_IP="192.0.2.1").content.decode()
    assert TOO_MANY in page
    assert with_password(client, li.email, PASSWORD, HTTP_X_REAL_IP="192.0.2.2").status_code == 302


def test_wrong_passwords_for_many_accounts_are_slowed_by_address(client, li):
    for n in range(20):
        forged = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{n}"} if n % 2 else {}
        with_password(client, f"person{n}@example.org", "wrong", **forged)

    assert TOO_MANY in with_password(client, li.email, PASSWORD).content.decode()
    # A forged forwarding header does not help.
    forged = {"HTTP_X_FORWARDED_FOR": "192.0.2.99"}
    assert TOO_MANY in with_password(client, li.email, PASSWORD, **forged).content.decode()
    assert with_password(client, li.email, PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_twenty_wrong_codes_are_slowed_and_other_people_still_sign_in(client, li, wang):
    tried = 0
    for _ in range(7):
        if TOO_MANY in ask_for_code(client, li.email).content.decode():
            break
        while client.get(CONFIRM).status_code == 200:
            client.post(CONFIRM, {"code": "WRON-GGGG"})
            tried += 1
    assert tried == 9
    assert Message.objects.filter(to=li.email).count() == 3

    sign_in_by_code(client, wang.email)

    assert is_signed_in(client)


def test_a_code_is_dead_after_three_wrong_ones(client, li):
    ask_for_code(client, li.email)
    right = code_for(li.email)
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRON-GGGG"})

    client.post(CONFIRM, {"code": right})

    assert not is_signed_in(client)


def test_a_flood_from_one_address_gets_a_page_that_says_so(client):
    for _ in range(30):
        response = client.post(LOGIN, {"login": ""})
    assert response.status_code == 200

    response = client.post(LOGIN, {"login": ""})

    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(client, li, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(20):
        forged = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{n}, 198.51.100.7"}
        with_password(client, f"person{n}@example.org", "wrong", **forged)

    same = {"HTTP_X_FORWARDED_FOR": "192.0.2.99, 198.51.100.7"}
    other = {"HTTP_X_FORWARDED_FOR": "198.51.100.8"}
    assert TOO_MANY in with_password(client, li.email, PASSWORD, **same).content.decode()
    assert with_password(client, li.email, PASSWORD, **other).status_code == 302


def test_attempts_are_counted_where_all_processes_see_them(client, li):
    with_password(client, li.email, "wrong")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache WHERE cache_key LIKE '%password_failed%'")
        assert cursor.fetchone() == (6,)
