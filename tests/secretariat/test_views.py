import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import timezone

from projects.catalogue import tilemap
from projects.catalogue.filters import ProjectFilter
from sscnet.core.pages import page_cache
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/projects/", "/members/", "/about/", "/nowhere/"]
BOTH = PUBLIC + [f"/zh-hans{path}" for path in PUBLIC]


@pytest.fixture
def site():
    """A page of each kind with rows on it."""
    make.Page(title="About the Network", slug="about", body="## History\n\nText.")
    viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=26, tile_row=9)
    member = make.Member()
    make.Project(countries=[viet_nam], submitter=member, granted_usd=1, other_inputs_usd=2)
    make.Source(record=make.DatedFigure())


# ------------------------------------------------------------------ every public page


# What every page must be besides (one heading, nothing inline, no id twice) asks `test_every_page`.
@pytest.mark.parametrize("path", BOTH)
def test_public_pages_keep_nothing_of_anybody_and_load_nothing_from_other_hosts(client, site, path):
    response = client.get(path)

    page = response.content.decode()
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "csrf" not in page
    assert "nonce" not in page
    assert "nonce" not in response.headers["Content-Security-Policy"]
    loaded = re.findall(r'<(?:script|img|source|iframe)[^>]*\s(?:src|srcset)="([^"]+)"', page)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"', page)
    assert loaded
    assert all(address.startswith(("/static/", "/files/")) for address in loaded)
    assert page.count("<title>") >= 1
    assert '<meta name="description" content="' in page
    assert '<a class="skip-link" href="#main">' in page


@pytest.mark.parametrize("path", ["/", "/projects/", "/members/", "/about/"])
def test_public_pages_name_both_languages(client, site, path):
    page = client.get(path).content.decode()

    assert f'<link rel="canonical" href="http://testserver{path}">' in page
    assert f'hreflang="zh-Hans" href="http://testserver/zh-hans{path}"' in page
    assert f'href="/zh-hans{path}" lang="zh-Hans"' in page


# ------------------------------------------------------------------ home and map


def test_home_asks_the_database_as_often_for_many_rows_as_for_few(
    client, django_assert_num_queries
):
    for n in range(9):
        country = make.Country(tile_column=n, tile_row=1)
        make.Project(countries=[country], submitter=make.Member(), summary="Held", outcome="Well")
        make.DatedFigure(as_of=f"20{n + 10}")

    client.get("/")  # Now the state of the records is known.
    page_cache.pages.clear()
    with django_assert_num_queries(10):
        client.get("/")


def test_home_states_dated_figures_and_counts_no_rows(client, site):
    page = text_of(client.get("/"))

    assert re.search(r"April 2024</small></dt>\s*<dd>51</dd>", page)
    assert "tilemap" not in page


def test_the_table_behind_the_map_has_the_same_figures():
    few, many = (make.Country(tile_column=n, tile_row=1) for n in (1, 2))
    make.Country(tile_column=3, tile_row=1)
    beside = make.Country()
    for n in range(9):
        make.Project(countries=[many, few] if n < 2 else [many])
    make.Project(countries=[beside])
    make.Project()

    drawn = tilemap.draw_listing(ProjectFilter.listing(QueryDict()))

    assert [(tile.name, tile.count, tile.level) for tile in drawn.rows] == [
        (str(many), 9, 4),
        (str(few), 2, 2),
        (str(beside), 1, 1),
    ]
    assert len(drawn.tiles) == 3
    assert drawn.not_stated == 1


# ------------------------------------------------------------------ pages of the Secretariat


def test_about_shows_text_figures_with_history_and_supporters(client, site):
    make.DatedFigure(value=48, as_of="2022-12")
    supporter = make.Supporter(name="Development Programme", description="supported the centres")
    make.InstitutionName(institution=supporter, name="UNDP", kind="acronym")

    page = text_of(client.get("/about/"))

    for text in ("<h2>History</h2>", "April 2024", "December 2022", "48", "(UNDP)"):
        assert text in page
    assert "supported the centres" in page
    # It has one address only.
    assert client.get("/about/about/").headers["Location"] == "/about/"


def test_html_in_a_page_is_shown_as_text(client):
    make.Page(title="Contact", body="<script>x</script>\n\n[a](javascript:x) <b>b</b>")

    page = client.get("/about/contact/").content.decode()

    assert "<script>x" not in page
    assert "<b>b" not in page
    assert 'href="javascript:' not in page


def test_other_pages_have_no_figures_and_without_chinese_show_their_english_as_english(client):
    contact = make.Page(title="Contact", body="Write to us.")

    page = text_of(client.get("/about/contact/"))
    assert contact.get_absolute_url() == "/about/contact/"
    assert "Write to us." in page
    assert "supporters" not in page
    page = text_of(client.get("/zh-hans/about/contact/"))

    assert '<h1 lang="en">Contact</h1>' in page
    assert '<div class="prose" lang="en"><p>Write to us.</p>' in page


def test_unpublished_pages_are_neither_shown_nor_listed(client):
    make.Page(title="Draft page", slug="draft-page", state="draft")

    assert client.get("/about/draft-page/").status_code == 404
    assert "Draft page" not in text_of(client.get("/"))


# ------------------------------------------------------------------ for search engines


def test_sitemap_names_public_pages_in_both_languages(client, site):
    draft = make.Project(state="draft")
    make.Supporter(name="UNDP")
    partner = make.Institution()

    sitemap = client.get("/sitemap.xml").content.decode()

    for path in ("/", "/projects/", "/members/", "/about/", partner.get_absolute_url()):
        assert f"<loc>http://testserver{path}</loc>" in sitemap
        assert f"<loc>http://testserver/zh-hans{path}</loc>" in sitemap
    assert "<loc>http://testserver/countries/VN/</loc>" in sitemap
    assert "/countries/KE/" not in sitemap
    assert 'hreflang="x-default"' in sitemap
    assert draft.slug not in sitemap
    assert "supporters" not in sitemap


def test_the_days_of_the_sitemap_are_those_of_utc(client):
    """It is a day later in Beijing from 16:00 UTC on."""
    project = make.Project()
    late = datetime(2026, 3, 5, 20, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE projects_project SET updated_at = %s", [late])
    sitemap = client.get("/sitemap.xml").content.decode()
    assert project.slug in sitemap
    assert "<lastmod>2026-03-05</lastmod>" in sitemap


def test_robots_are_shown_the_sitemap_and_kept_from_the_admin(client):
    robots = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/" in robots
    # The longer rule counts (RFC 9309): pages of lists are open.
    assert "Disallow: /*?\nAllow: /*?page=\n" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


# ------------------------------------------------------------------ when something is wrong


def test_a_wrong_address_is_a_404_with_a_search_box_in_its_language(client):
    for path in ("/nowhere/", "/projects/nothing/", "/zh-hans/members/x/"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert 'role="search"' in response.content.decode(), path

    page = client.get("/zh-hans/nowhere/").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert 'href="/nowhere/" lang="en"' in page


def test_an_unreadable_request_is_a_400_page_in_both_languages(client):
    for path, query in (("/%00", ""), ("/projects/%ff/", ""), ("/", "q=%00"), ("/about/", "x=%fe")):
        response = client.get(path, QUERY_STRING=query)
        assert response.status_code == 400, path
        assert "cannot be read" in response.content.decode(), path
        assert "无法读取此请求" in response.content.decode(), path


def test_the_500_page_needs_neither_database_nor_context(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "Something went wrong on our side" in page
    assert "服务器出现错误" in page


def test_a_failing_page_answers_with_the_500_page(site, monkeypatch):
    monkeypatch.setattr("secretariat.pages.views.latest", lambda: 1 / 0)

    response = Client(raise_request_exception=False).get("/")

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_a_403_page_has_a_way_on(rf):
    request = rf.get("/")
    request.user = make.User()

    page = render_to_string("403.html", request=request)

    assert 'href="/projects/"' in page


@override_settings(LANGUAGE_CODE="en")
def test_the_visitors_own_language_changes_no_address(client, site):
    response = client.get("/", headers={"Accept-Language": "zh-CN"})

    assert '<html lang="en">' in response.content.decode()


def test_every_answer_says_what_pages_may_use_and_who_may_embed_it(client):
    for path in ("/", "/healthz", "/no-such-page/", "/accounts/login/"):
        headers = client.get(path).headers
        assert "camera=()" in headers["Permissions-Policy"], path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_security_txt_says_whom_to_tell_and_until_when_that_holds(client, settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    for contact, told in (
        ("", "mailto:secretariat@example.org"),
        ("holes@example.org", "mailto:holes@example.org"),
        ("https://example.org/holes", "https://example.org/holes"),
    ):
        settings.SECURITY_CONTACT = contact
        lines = client.get("/.well-known/security.txt").content.decode().splitlines()
        assert lines[0] == f"Contact: {told}"
        expires = datetime.fromisoformat(lines[1].removeprefix("Expires: "))
        assert timedelta(0) < expires - timezone.now() < timedelta(days=365)

    settings.SECURITY_CONTACT = settings.SECRETARIAT_MAILBOX = ""

    assert client.get("/.well-known/security.txt").status_code == 404


# ------------------------------------------------------------------ one project told on home


def test_home_tells_the_newest_project_that_has_a_story(client):
    make.Project(title="Newest", summary="Courses were held.", year_approved=2021)
    told = make.Project(
        title="Biogas", summary="Digesters were built.", outcome="They work.", year_approved=2019
    )
    make.Project(title="Older", summary="Seen.", outcome="Heard.", year_approved=2001)

    page = text_of(client.get("/"))

    section = re.search(r'<section class="wrap tale".*?</section>', page, re.DOTALL)[0]
    assert f'<a href="{told.get_absolute_url()}">Biogas</a>' in section
    assert "<p><span>Digesters were built.</span> <span>They work.</span></p>" in section
    # Once as told, once among the latest.
    assert page.count(f'href="{told.get_absolute_url()}"') == 2


def test_home_tells_nothing_where_no_project_has_a_story(client):
    make.Project(title="A title", summary="", outcome="Something.")

    assert 'class="wrap tale"' not in text_of(client.get("/"))
