"""Feeds: the same list, entries that keep their names, and no news where nothing changed."""

from datetime import UTC, datetime
from html import unescape

import feedparser
import pytest
from django.http import QueryDict
from django.test import Client

from meetings.models import Meeting
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db

FEED = "/projects/feed/"
ATOM = '<link rel="alternate" type="application/atom+xml"'


def read(address=FEED):
    response = Client().get(address)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def titles(feed):
    return [entry.title for entry in feed.entries]


def links(feed):
    return {link["rel"]: link["href"] for link in feed.feed.links}


def test_it_has_the_projects_of_the_list_the_last_changed_one_first():
    vietnam = make.Country(iso2="VN")
    for title in ("First", "Second"):
        make.Project(title=title, countries=[vietnam])
    make.Project(title="Elsewhere")
    make.Project(title="Draft", countries=[vietnam], state="draft")
    Project.objects.filter(title="First").update(summary="It was changed.")
    feed = read(f"{FEED}?country=VN")
    assert titles(feed) == ["First", "Second"]
    assert titles(read(f"{FEED}?country=VN&sort=-title")) == ["Second", "First"]
    assert feed.entries[0].summary == "It was changed."


def test_an_entry_keeps_its_name_when_title_and_address_change():
    project = make.Project(title="Old", slug="old")
    before = read().entries[0]
    project.title, project.slug = "New", "new"
    project.save()
    after = read().entries[0]
    assert after.id == before.id
    assert before.id.endswith(f"/projects/{project.code}/")
    assert (before.link[-5:], after.link[-5:]) == ("/old/", "/new/")


def test_it_changes_only_when_a_record_does():
    project = make.Project()
    first = read()
    Project.objects.filter(pk=project.pk).update(title=project.title)
    again = read()
    assert again.feed.updated == first.feed.updated
    assert again.entries[0].updated == first.entries[0].updated
    Project.objects.filter(pk=project.pk).update(title="Another")
    assert read().feed.updated > first.feed.updated


def test_a_summary_is_plain_text():
    make.Project(summary="Yields < 5 t/ha & <b>falling</b>")
    [entry] = read().entries
    assert unescape(entry.summary) == "Yields < 5 t/ha & <b>falling</b>"


def test_dates_are_full_and_those_of_the_record():
    project = make.Project(published_at=datetime(2020, 1, 2, 3, 4, tzinfo=UTC))
    project.refresh_from_db()
    [entry] = read().entries
    assert datetime.fromisoformat(entry.published) == project.published_at
    assert datetime.fromisoformat(entry.updated) == project.updated_at
    assert read().feed.updated == entry.updated


def test_pages_lead_on_and_back_and_have_every_project_once():
    make.Project.create_batch(120)
    first = read(f"{FEED}?sort=code")
    assert links(first).keys() == {"alternate", "self", "first", "last", "next"}
    seen, address = titles(first), links(first)["next"]
    while address:
        page = read(address[address.index("/projects") :])
        assert page.feed.id == first.feed.id
        seen += titles(page)
        address = links(page).get("next")
    assert len(seen) == len(set(seen)) == 120
    assert links(page)["last"] == links(page)["self"]
    assert links(page)["previous"].endswith("?sort=code&page=2")


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_not_there_is_another_one_and_no_error(page):
    make.Project()
    assert len(read(f"{FEED}?page={page}&country=XX&view=map").entries) == 1


@pytest.mark.parametrize("order", ["newest", "changed", "-code"])
def test_the_order_asked_for_is_that_of_every_page(order):
    for n in range(60):
        make.Project(year_approved=1990 + n % 7)
    first = read(f"{FEED}?sort={order}")
    second = links(first)["next"]

    found = titles(first) + titles(read(second[second.index("/projects") :]))

    listed = ProjectFilter.listing(QueryDict(f"sort={order}"))
    assert found == [str(project) for project in listed.records(list(listed.ids))]


def test_an_empty_list_is_a_feed_too():
    assert read(f"{FEED}?country=none").entries == []


def test_chinese_has_a_feed_of_its_own():
    make.Project(title="Biogas", title_zh_hans="沼气")
    feed = read(f"/zh-hans{FEED}")
    assert titles(feed) == ["沼气"]
    assert feed.feed.language == "zh-Hans"
    assert feed.feed.id != read().feed.id


def test_who_has_it_is_told_that_nothing_changed(client):
    make.Project()
    etag = client.get(FEED).headers["ETag"]
    response = client.get(FEED, headers={"If-None-Match": etag})
    assert response.status_code == 304
    again = client.get(FEED)
    assert again.headers["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_members_and_meetings_have_feeds():
    make.Institution(name="Bamboo Centre")
    make.Institution(name="Draft", state="draft")
    make.Meeting(title="Annual meeting")
    make.Meeting(title="Draft", state="draft")
    assert titles(read("/members/feed/")) == ["Bamboo Centre"]
    assert titles(read("/meetings/feed/")) == ["Annual meeting"]


def test_feeds_of_members_and_meetings_tell_the_last_change_first():
    for name in ("A", "B"):
        make.Institution(name=name)
        make.Meeting(title=name)
    Institution.objects.filter(name="A").update(city="Fuzhou")
    Meeting.objects.filter(title="A").update(city="Fuzhou")
    assert titles(read("/members/feed/")) == ["A", "B"]
    assert titles(read("/meetings/feed/")) == ["A", "B"]


@pytest.mark.parametrize("address", ["/projects/?country=VN", "/members/", "/meetings/"])
def test_the_list_names_its_feed(client, address):
    make.Country(iso2="VN")
    page = client.get(address).content.decode()
    feed = page.partition(ATOM)[2].partition('href="')[2].partition('"')[0]
    path, _mark, query = address.partition("?")
    assert feed == f"{path}feed/{'?' + query if query else ''}"
    assert "Set-Cookie" not in client.get(feed).headers
