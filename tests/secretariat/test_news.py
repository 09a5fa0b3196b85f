"""News and notices: what lists, feed and home show of them, and when."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from secretariat.models import Page
from secretariat.pages.news import news_on_home
from sscnet.core.models import State
from tests import make
from tests.admin_forms import errors, filled

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)

    set_day(TODAY)
    return set_day


def news(title, days_ago=0, **values):
    since = TODAY - timedelta(days=days_ago)
    return make.Page(kind=Page.Kind.NEWS, title=title, since=since, **values)


def listed(client, path="/news/"):
    return [str(item) for item in client.get(path).context["page"]]


def test_lists_show_what_is_published_from_its_first_day_to_its_last(client, clock):
    news("Older", 9)
    news("Newer", 2, until=TODAY)
    news("Pinned", 30, is_pinned=True)
    news("Tomorrow", -1)
    news("Over", 9, until=TODAY - timedelta(days=1))
    news("Draft", 1, state=State.DRAFT)
    make.Page(title="About tea")
    assert listed(client) == ["Pinned", "Newer", "Older"]
    feed = client.get("/news/feed/").content.decode()
    assert [name in feed for name in ("Newer", "Pinned", "Tomorrow", "Over", "Draft")] == [
        *(True, True, False, False, False)
    ]
    sitemap = client.get("/sitemap.xml").content.decode()
    assert [f"/news/{name}/</loc>" in sitemap for name in ("newer", "over", "tomorrow")] == [
        *(True, False, False)
    ]
    assert "news until 28 November 2026" in client.get("/news/over/").content.decode()
    # By the day alone, on a page that is kept.
    clock(TODAY + timedelta(days=1))
    assert listed(client) == ["Pinned", "Tomorrow", "Older"]


def test_home_shows_the_first_three_until_the_newest_is_older_than_a_year(
    clock, django_assert_max_num_queries
):
    for n in range(4):
        news(f"News {n}", n)
    with django_assert_max_num_queries(3):
        assert [str(item) for item in news_on_home()] == ["News 0", "News 1", "News 2"]
    clock(TODAY + timedelta(days=366))
    assert news_on_home() == []


def test_a_piece_of_news_has_a_page_in_either_language_and_is_in_no_menu(client):
    only_chinese = make.Page(
        kind=Page.Kind.NEWS, title="", title_zh_hans="年会通知", body_zh_hans="日程", since=TODAY
    )
    address = only_chinese.get_absolute_url()
    assert address.startswith("/news/")
    page = client.get(address).content.decode()
    assert '<h1 lang="zh-Hans">年会通知</h1>' in page
    assert "29 November 2026" in page
    assert "年会通知" in client.get(f"/zh-hans{address}").content.decode()
    old = client.get(f"/about/{only_chinese.slug}/")
    assert (old.status_code, old["Location"]) == (301, address)
    assert "年会通知" not in client.get("/about/").content.decode()
    assert f"{address}</loc>" in client.get("/sitemap.xml").content.decode()
    assert address in client.get("/search/?q=年会通知", follow=True).content.decode()


@pytest.mark.usefixtures("officer")
def test_officers_write_news_with_its_days(client):
    add = "/admin/secretariat/page/add/"
    form = filled(client.get(f"{add}?kind=news"))
    assert form["kind"] == "news"
    page = client.post(add, form | {"title": "Call opens"})
    assert "Write from which day on the news is shown." in str(errors(page))
    late = form | {"title": "Call opens", "since": "2026-11-29", "until": "2026-11-28"}
    assert "The last day is not before the first." in str(errors(client.post(add, late)))
    client.post(add, late | {"until": ""})
    assert Page.objects.get().get_absolute_url() == "/news/call-opens/"
    with pytest.raises(IntegrityError):
        Page.objects.update(since=None)
