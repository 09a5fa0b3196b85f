"""New projects of a filtered list by mail: asked, confirmed, told once a week, stopped."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from secretariat.alerts.weekly import tell_of_new_projects
from secretariat.back_office import groups
from secretariat.models import Alert
from sscnet.outbox.delivery.sending import as_email
from sscnet.outbox.due import run_registered
from sscnet.outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db

LIN = "lin@example.org"
VIET_NAM = "/alerts/?country=VN"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()
    for iso2 in ("VN", "KE"):
        make.Country(iso2=iso2)


@pytest.fixture
def clock(monkeypatch):
    """Move the clock so many days on from now; what is due then is done."""
    start = timezone.now()

    def run(days, everything=False):
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=days))
        if everything:
            assert run_registered() == []
        else:
            tell_of_new_projects()

    return run


def published(days, iso2="VN", **values):
    """Make a project that was first published so many days from now."""
    project = make.Project(published_at=timezone.now() + timedelta(days=days), **values)
    project.project_countries.create(country_id=iso2, role="lead")
    return project


def asked(client, address=VIET_NAM, email=LIN):
    """Leave an address; return the page that says what comes."""
    response = client.post(address, {"email": email}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    return response.content.decode()


def page_in(message):
    return re.search(r"https?://[^/\s]+(/alerts/\d+-\w+/)", message.text)[1]


def subscribed(client, address=VIET_NAM):
    """Return the path of the page of a confirmed address."""
    asked(client, address)
    path = page_in(Message.objects.latest("pk"))
    client.post(path, {"confirm": "1"})
    return path


# ------------------------------------------------------------------ leaving an address


def test_a_filtered_list_leads_to_it_and_keeps_nothing_but_the_filter(client):
    published(-1)
    page = client.get("/projects/?country=VN&view=table&sort=title").content.decode()
    address = re.search(r'href="(/alerts/[^"]+)"', page)[1].replace("&amp;", "&")
    assert 'href="/alerts/' not in client.get("/projects/").content.decode()

    asked(client, f"{address}&samples=1&page=3&nothing=1")

    (kept,) = Alert.objects.values("email", "query", "language", "confirmed_at", "looked_at")
    assert kept == {
        "email": LIN,
        "query": "?country=VN",
        "language": "en",
        "confirmed_at": None,
        "looked_at": None,
    }


def test_nothing_typed_goes_to_an_address_that_nobody_has_checked_and_one_mail_only(client):
    for _n in range(2):
        asked(client, "/alerts/?q=Buy+at+shop.example")

    assert Alert.objects.count() == 1
    (message,) = Message.objects.all()
    assert (message.kind, message.to) == ("alert-confirm", LIN)
    assert "shop" not in message.subject + message.text + message.html


def test_the_page_is_the_same_whether_the_address_is_known_or_not(client):
    subscribed(client)
    known, new = asked(client, email="LIN@example.org"), asked(client, email="new@example.org")

    token = re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]*"')
    assert token.sub("", known) == token.sub("", new)
    assert Message.objects.filter(to=LIN).count() == 1


def test_one_address_is_written_to_five_times_a_day(client):
    for n in range(5):
        asked(client, f"/alerts/?q=word{n}")

    response = client.post("/alerts/?q=word6", {"email": LIN.upper()})

    assert response.status_code == 429
    assert "Too many addresses" in response.content.decode()
    assert Alert.objects.count() == 5


def test_what_is_no_address_is_told_beside_the_field_and_too_many_filters_in_words(client):
    for email in ("", "lin@", "x" * 250 + "@example.org"):
        assert client.post(VIET_NAM, {"email": email}).context["form"].errors["email"]
    assert client.post(VIET_NAM, {"email": "lin@example.org\0"}).status_code == 400
    many = "&".join(f"year={year}" for year in range(1000, 1300))
    response = client.post(f"/alerts/?{many}", {"email": LIN})
    assert "too many filters" in response.content.decode()
    assert not Alert.objects.exists()


# ------------------------------------------------------------------ the page of an address


def test_looking_at_the_page_neither_confirms_nor_stops(client):
    asked(client)
    path = page_in(Message.objects.get())
    assert "Yes, confirm the address" in client.get(path).content.decode()
    assert not Alert.objects.get().is_confirmed

    client.post(path, {"confirm": "1"})

    assert "Stop these mails" in client.get(path).content.decode()
    assert Alert.objects.get().is_confirmed


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_forged_links_open_nothing(client, prefix):
    path = prefix + subscribed(client)
    other = Alert.objects.create(email="other@example.org", query="", language="en")
    seal = path.rpartition("-")[2]

    for forged in (f"{path[:-2]}x/", f"{prefix}/alerts/{other.pk}-{seal}", f"{prefix}/alerts/9-x/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged, {"confirm": "1"}).status_code == 404
        client.post(forged)
    assert Alert.objects.count() == 2
    assert not Alert.objects.get(pk=other.pk).is_confirmed


def test_an_address_that_was_not_confirmed_is_gone_after_two_days(client, clock):
    asked(client)
    path = page_in(Message.objects.get())
    subscribed(client, "/alerts/?country=KE")
    clock(1.9)
    assert client.get(path).status_code == 200

    clock(2.1, everything=True)

    assert [alert.query for alert in Alert.objects.all()] == ["?country=KE"]
    assert not Message.objects.filter(to=LIN, text__contains=path).exists()
    assert client.post(path, {"confirm": "1"}).status_code == 404


def test_its_link_has_ended_then_even_where_nothing_runs(client, monkeypatch):
    asked(client)
    path, later = page_in(Message.objects.get()), timezone.now() + 3 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post(path, {"confirm": "1"}).status_code == 404


# ------------------------------------------------------------------ mails


def test_new_projects_of_the_list_are_told_once(client, clock):
    published(-1, title="Older")
    subscribed(client)
    new = published(1, title="Bamboo", title_zh_hans="竹子")
    published(1, iso2="KE", title="Tea")
    published(1, title="Hidden", state="draft")
    published(1, title="Made up", is_sample=True)

    clock(6)
    assert not Message.objects.filter(kind="alert").exists()
    clock(7.1, everything=True)
    clock(7.1)
    clock(14.5)

    (message,) = Message.objects.filter(kind="alert")
    assert message.subject == "New projects in your list: 1 / 您关注的项目列表有新项目：1个"
    for words in ("Bamboo", "竹子", new.get_absolute_url(), f"/zh-hans{new.get_absolute_url()}"):
        assert words in message.text
    for words in ("Older", "Tea", "Hidden", "Made up"):
        assert words not in message.text


def test_mails_come_once_a_week_at_most_and_none_where_nothing_is_new(client, clock):
    subscribed(client)
    subscribed(client, "/alerts/?country=KE")
    for day in (1, 5, 9, 12, 16):
        published(day)
    for day in (2, 6, 10, 13, 17):
        clock(day + 0.5)
    told = [message.subject_now[-1] for message in Message.objects.filter(kind="alert")]
    assert told == ["2", "3"]


def test_a_filter_whose_value_is_gone_is_not_widened(client, clock):
    published(-1)
    asked(client)
    Alert.objects.update(query="?institution=gone", confirmed_at=timezone.now())
    Alert.objects.update(looked_at=timezone.now())
    published(1)
    clock(8)
    assert not Message.objects.filter(kind="alert").exists()


def test_who_asked_on_a_chinese_page_reads_chinese_first(client, clock):
    subscribed(client, "/zh-hans/alerts/?country=VN")
    published(1, title="Bamboo", title_zh_hans="竹子")
    clock(8)
    for message in Message.objects.all():
        assert message.first_language == "zh-hans"


# ------------------------------------------------------------------ stopping


def headers_of(kind):
    return as_email(Message.objects.get(kind=kind)).extra_headers


def test_a_mail_program_stops_the_mails_with_one_post_which_erases_all_at_once(
    client, clock, settings
):
    path = subscribed(client)
    published(1)
    clock(8)
    headers = headers_of("alert")
    assert "List-Unsubscribe" not in headers_of("alert-confirm")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{settings.PORTAL_ADDRESS}{path}>"

    without_cookies = Client(enforce_csrf_checks=True)
    answer = without_cookies.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "No more mails come" in answer.content.decode()
    assert (Alert.objects.count(), Message.objects.filter(to=LIN).count()) == (0, 0)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 200


def test_after_a_restore_it_is_stopped_again(client, clock, django_capture_on_commit_callbacks):
    path = subscribed(client)
    kept = Alert.objects.values().get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path)
    Alert.objects.create(**kept)
    later = Alert.objects.create(email="new@example.org", query="", language="en")

    clock(0, everything=True)

    assert list(Alert.objects.all()) == [later]


def test_officers_count_the_addresses_and_remove_one(client):
    subscribed(client)
    asked(client, "/alerts/?country=KE", "other@example.org")
    alert = Alert.objects.get(email=LIN)
    officer = Client()
    officer.force_login(make.Officer(group=groups.OFFICER))
    page = officer.get("/admin/secretariat/alert/?q=lin@").content.decode()
    assert LIN in page
    assert "other@example.org" not in page

    officer.post(f"/admin/secretariat/alert/{alert.pk}/delete/", {"post": "yes"})

    assert [alert.email for alert in Alert.objects.all()] == ["other@example.org"]
    assert not Message.objects.filter(to=LIN).exists()
