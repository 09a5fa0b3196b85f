"""A page is made once for each state of the records, and named so that a browser need not ask."""

import pytest

from secretariat.models import DatedFigure, Page
from sscnet.core.pages import page_cache
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/projects/"


@pytest.fixture
def project():
    return make.Project(
        title="Biogas",
        countries=[make.Country(iso2="VN", name="Viet Nam")],
        sectors=[make.Sector(name="Energy")],
        submitter=make.Member(name="Institute", role_mailbox="old@example.org"),
    )


@pytest.fixture(params=["list", "page"])
def address(request, project):
    return LIST if request.param == "list" else project.get_absolute_url()


def etag(client, address):
    return client.get(address).headers["ETag"]


def test_asked_again_it_says_unchanged_and_sends_nothing(client, address):
    response = client.get(address, headers={"If-None-Match": etag(client, address)})

    assert response.status_code == 304
    assert response.content == b""


def test_an_unchanged_page_costs_one_query(client, address, django_assert_num_queries):
    name = etag(client, address)

    with django_assert_num_queries(1):
        client.get(address, headers={"If-None-Match": name})
    with django_assert_num_queries(1):
        client.get(address)


def test_what_is_given_again_is_the_same(client, address):
    first, second = client.get(address), client.get(address)

    assert first.headers.pop("X-Request-ID") != second.headers.pop("X-Request-ID")
    assert second.content == first.content
    assert second.headers == first.headers


def change_title(project):
    project.title = "Wind"
    project.save()


def add_country(project):
    project.countries.add(make.Country())


def rename_institution(project):
    institution = project.institutions.get()
    institution.name = "Another name"
    institution.save()


def withdraw_institution(project):
    project.institutions.update(state="withdrawn")


def change_mailbox(project):
    project.institutions.update(role_mailbox="new@example.org")


def rename_country(project):
    project.countries.update(name="Another country")


def rename_sector(project):
    project.sectors.update(name="Another sector")


def add_project(project):
    make.Project()


def add_page(project):
    make.Page(title="Accessibility")


def rename_page(project):
    Page.objects.update(title="Another title")


def add_figure(project):
    make.DatedFigure(figure=DatedFigure.Figure.PGTF_PROJECTS, value=66, as_of="2024-12")


@pytest.mark.parametrize(
    "change",
    [
        change_title,
        add_country,
        rename_institution,
        withdraw_institution,
        change_mailbox,
        rename_country,
        rename_sector,
        add_project,
        add_page,
        rename_page,
        add_figure,
    ],
)
def test_any_change_of_what_is_shown_gives_another_name(client, project, address, change):
    make.Page(title="Contact", slug="contact")
    before = etag(client, address)

    change(project)

    response = client.get(address, headers={"If-None-Match": before})
    assert response.status_code == 200
    assert response.headers["ETag"] != before


def test_a_source_gives_another_page_of_its_project_but_not_another_list(client, project):
    of_list, of_page = etag(client, LIST), etag(client, project.get_absolute_url())

    make.Source(record=project)

    assert etag(client, LIST) == of_list
    assert etag(client, project.get_absolute_url()) != of_page


@pytest.fixture
def meeting(project):
    meeting = make.Meeting(title="Annual meeting")
    meeting.projects.add(project)
    return meeting


def rename_meeting(meeting):
    meeting.title = "Another meeting"
    meeting.save()


def withdraw_meeting(meeting):
    meeting.state = "withdrawn"
    meeting.save()


def take_the_project_out(meeting):
    meeting.projects.clear()


@pytest.mark.parametrize("change", [rename_meeting, withdraw_meeting, take_the_project_out])
def test_a_change_of_its_meeting_gives_another_page(client, project, meeting, change):
    page = client.get(project.get_absolute_url())
    assert "Annual meeting" in page.content.decode()

    change(meeting)

    name = page.headers["ETag"]
    response = client.get(project.get_absolute_url(), headers={"If-None-Match": name})
    assert response.status_code == 200
    assert "Annual meeting" not in response.content.decode()


def test_a_project_put_to_a_meeting_names_it(client, project):
    meeting = make.Meeting(title="Annual meeting")
    name = etag(client, project.get_absolute_url())

    meeting.projects.add(project)

    response = client.get(project.get_absolute_url(), headers={"If-None-Match": name})
    assert "Annual meeting" in response.content.decode()


def test_another_release_gives_another_name(client, address, monkeypatch):
    before = etag(client, address)
    monkeypatch.setattr(page_cache, "release", lambda: "another")

    assert etag(client, address) != before


def test_the_release_is_named_by_what_is_installed():
    names = {path.name for path in page_cache.installed()}

    assert {"page_cache.py", "base.html", "components.css", "django.po"} <= names


def test_each_language_and_each_query_has_its_own_name(client, project):
    addresses = [LIST, "/zh-hans/projects/", f"{LIST}?country=VN", f"{LIST}?country=VN&page=2"]

    assert len({etag(client, address) for address in addresses}) == len(addresses)


def test_who_is_signed_in_always_gets_a_page_of_their_own(client, address):
    name = etag(client, address)
    client.force_login(make.Officer(permissions=["projects.view_project"]))

    response = client.get(address, headers={"If-None-Match": name})

    assert response.status_code == 200
    assert "ETag" not in response.headers


def test_what_staff_see_is_never_kept_for_others(client, project):
    draft = make.Project(state="draft")
    client.force_login(make.User(permissions=["projects.view_project"]))
    assert client.get(draft.get_absolute_url()).status_code == 200
    client.logout()

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_no_session_is_touched_by_the_list(client, project):
    response = client.get(LIST)

    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies


def test_pages_that_are_kept_are_bounded(client, project, monkeypatch):
    kept = page_cache.Pages()
    monkeypatch.setattr(page_cache, "pages", kept)
    monkeypatch.setattr(page_cache, "MOST_BYTES", 40_000)

    for number in range(2000, 2010):
        client.get(f"{LIST}?year_from={number}")

    assert 0 < kept.size <= 40_000
    assert kept.size == sum(len(content) for content, _type in kept.pages.values())
