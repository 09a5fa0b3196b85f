"""The public pages of calls: the list, a call, its feed, home, and its clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from projects.calls.models import Call
from sscnet.core.models import State
from sscnet.core.pages import page_cache
from tests import make
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]
LIST = "/calls/"
# The last second of 15 March in Beijing.
EDGE = datetime(2027, 3, 15, 15, 59, 59, tzinfo=UTC)


def in_days(number):
    return timezone.now() + timedelta(days=number)


def groups_of(response):
    return {name: list(calls) for name, calls in response.context["groups"]}


def test_the_list_keeps_open_coming_and_closed_apart(client):
    later, sooner = make.Call(closes_at=in_days(9)), make.Call(closes_at=in_days(8))
    coming = make.Call(opens_at=in_days(1), closes_at=in_days(9))
    closed = make.Call(closes_at=in_days(-1))
    before = make.Call(closes_at=in_days(-2))
    make.Call(state=State.DRAFT)
    make.Call(state=State.WITHDRAWN)

    assert groups_of(client.get(LIST)) == {
        "open": [sooner, later],
        "coming": [coming],
        "closed": [closed, before],
    }


def test_a_call_says_all_its_rules_in_both_times(client):
    call = make.Call(closes_at=EDGE, fund_closes_at=EDGE + timedelta(days=46))
    make.RequiredPaper(call=call, name="Endorsement letter", note="Name and signature")
    make.Criterion(call=call, name="Cooperation", weight=40)

    page = text_of(client.get(call.get_absolute_url()))

    for words in (
        "15 March 2027, 23:59 Beijing time (15:59 UTC)",
        "30 April 2027, 23:59 Beijing time (15:59 UTC)",
        "35,000",
        "100 per cent of the amount requested",
        "including the lead country",
        "Endorsement letter",
        "one for each other participating country",
        "Name and signature",
        '<td class="number">40</td>',
        "the other inputs are high enough",
        "French",
        f"/ask/call/{call.slug}/",
    ):
        assert words in page, words


def test_drafts_are_for_staff_and_withdrawn_ones_say_so(client):
    draft, withdrawn = make.Call(state=State.DRAFT), make.Call(state=State.WITHDRAWN)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "The Secretariat withdrew this call." in text_of(
        client.get(withdrawn.get_absolute_url())
    )

    client.force_login(make.User(is_staff=True, permissions=["calls.view_call"]))

    assert "Not public" in text_of(client.get(draft.get_absolute_url()))
    assert "The call is open" in text_of(client.get(withdrawn.get_absolute_url()))


def test_old_addresses_lead_on(client):
    call = make.Call(title="Call")
    old = call.get_absolute_url()
    call.slug = "another"
    call.save()
    assert client.get(old).url == "/calls/another/"


def test_the_feed_sitemap_and_menu_know_the_calls(client):
    first, second = make.Call(title="First"), make.Call(title="Second")
    make.Call(state=State.DRAFT, title="Hidden")
    Call.objects.filter(pk=first.pk).update(closes_at=in_days(99))
    feed = text_of(client.get("/calls/feed/"))
    assert feed.index("First") < feed.index("Second")
    assert "Hidden" not in feed
    assert second.get_absolute_url() in feed

    assert second.get_absolute_url() in text_of(client.get("/sitemap.xml"))
    assert 'href="/calls/" aria-current="page"' in text_of(client.get(LIST))


def test_a_call_closes_by_the_clock_alone_and_stands_on_home_until_then(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EDGE - timedelta(seconds=1))
    call = make.Call(closes_at=EDGE)
    address = call.get_absolute_url()
    assert "Proposals can be sent until" in text_of(client.get(address))
    assert call.stage == "open"
    monkeypatch.setattr(timezone, "now", lambda: EDGE)
    assert "The call is closed" in text_of(client.get(address))
    assert groups_of(client.get(LIST))["closed"] == [call]

    call = make.Call(title="Seed money 2027")
    assert "Seed money 2027" in text_of(client.get("/"))
    Call.objects.filter(pk=call.pk).update(closes_at=in_days(-1))
    assert "Seed money 2027" not in text_of(client.get("/"))


def test_a_page_of_a_call_takes_as_many_queries_for_much_as_for_little(
    client, django_assert_max_num_queries
):
    call = make.Call()
    for _number in range(9):
        make.RequiredPaper(call=call)
        make.Criterion(call=call)
    client.get(call.get_absolute_url())
    page_cache.pages.clear()

    with django_assert_max_num_queries(11):
        client.get(call.get_absolute_url())


def test_without_an_open_call_the_list_shows_the_year_of_the_fund(client):
    page = text_of(client.get(LIST))
    assert '<li class="is-on is-due"><strong>Apr</strong> <span>30 April: proposals close' in page
    assert 'href="/about/pgtf/">How the Fund works, with sources' in page
    assert "<strong>四月</strong>" in text_of(client.get(f"/zh-hans{LIST}"))

    make.Call()
    assert "is-due" not in text_of(client.get(LIST))
