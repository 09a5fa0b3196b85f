"""A page is made once for each state of the records, and named so that a browser need not ask."""

import pytest

from secretariat.models import DatedFigure, Page
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


def test_an_unchanged_page_costs_one_query_and_is_the_same(
    client, address, django_assert_num_queries
):
    first = client.get(address)

    with django_assert_num_queries(1):
        unchanged = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    with django_assert_num_queries(1):
        second = client.get(address)

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert first.headers.pop("X-Request-ID") != second.headers.pop("X-Request-ID")
    assert second.content == first.content
    assert second.headers == first.headers


def save(record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


# Each of them changes what is shown.
CHANGES = {
    "title": lambda project: save(project, title="Wind"),
    "country added": lambda project: project.countries.add(make.Country()),
    "institution renamed": lambda project: save(project.institutions.get(), name="Another name"),
    "mailbox": lambda project: project.institutions.update(role_mailbox="new@example.org"),
    "country renamed": lambda project: project.countries.update(name="Another country"),
    "sector renamed": lambda project: project.sectors.update(name="Another sector"),
    "project added": lambda project: make.Project(),
    "page added": lambda project: make.Page(title="Accessibility"),
    "page renamed": lambda project: Page.objects.update(title="Another title"),
    "figure added": lambda project: make.DatedFigure(
        figure=DatedFigure.Figure.PGTF_PROJECTS, value=66, as_of="2024-12"
    ),
    "institution withdrawn": lambda project: project.institutions.update(state="withdrawn"),
}


def test_any_change_of_what_is_shown_gives_another_name(client, project, address):
    make.Page(title="Contact", slug="contact")
    for name, change in CHANGES.items():
        before = etag(client, address)
        change(project)
        response = client.get(address, headers={"If-None-Match": before})
        assert response.status_code == 200, name
        assert response.headers["ETag"] != before, name


def test_a_source_gives_another_page_of_its_project_but_not_another_list(client, project):
    of_list, of_page = etag(client, LIST), etag(client, project.get_absolute_url())

    make.Source(record=project)

    assert etag(client, LIST) == of_list
    assert etag(client, project.get_absolute_url()) != of_page


def test_a_change_of_its_meeting_gives_another_page(client, project):
    address, meeting = project.get_absolute_url(), make.Meeting(title="First meeting")
    for change, named in (
        (lambda: meeting.projects.add(project), "First meeting"),
        (lambda: save(meeting, title="Another meeting"), "Another meeting"),
        (lambda: meeting.projects.clear(), ""),
        (lambda: meeting.projects.add(project), "Another meeting"),
        (lambda: save(meeting, state="withdrawn"), ""),
    ):
        before = etag(client, address)
        change()
        response = client.get(address, headers={"If-None-Match": before})
        assert response.status_code == 200
        page = response.content.decode()
        assert named in page
        shown = {name for name in ("First meeting", "Another meeting") if name in page}
        assert shown == {named} - {""}


def test_another_release_gives_another_name(client, address, settings):
    before = etag(client, address)
    settings.BASE_DIR = settings.BASE_DIR.with_name("2026.12.01-0a1b2c3d")

    assert etag(client, address) != before


def test_each_language_and_each_query_has_its_own_name(client, project):
    addresses = [LIST, "/zh-hans/projects/", f"{LIST}?country=VN", f"{LIST}?country=VN&page=2"]
    response = client.get(LIST)

    # No session is touched.
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
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
