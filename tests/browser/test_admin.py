"""The admin in a real browser: what needs scripts works, and nothing breaks its own rules."""

import re

import pytest
from playwright.sync_api import expect

from projects.models import Project
from sscnet.core.models import ProposedVersion, State
from tests import make
from tests.accounts.steps import code_of_app
from tests.browser import pages
from tests.browser.pages import follow
from tests.pages import whole

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "wang@example.org", "bamboo-and-tea"


@pytest.fixture
def complaints(page):
    return pages.complaints(page)


@pytest.fixture
def officer(page, complaints, sign_in):
    """An officer who has signed in."""
    user = make.Administrator(email=EMAIL, password=PASSWORD, name="Wang Li")
    sign_in(page.context, user)
    return user


@pytest.fixture
def project(db):
    country = make.Country(iso2="VN", name="Viet Nam", name_zh_hans="越南")
    project = make.Project(
        title="Bamboo", state=State.READY, countries=[country], sdgs=[make.SDG()]
    )
    make.Source(record=project)
    return project


def change(project):
    return whole(project)


def test_no_page_of_the_admin_breaks_the_rules_for_scripts_and_styles(
    page, officer, project, complaints
):
    other = make.User()
    make.Institution()
    key = project.pk
    title = {"model": "projects.project", "key": str(key), "field": "title"}
    changes = [title | {"before": "Bamboo", "after": "Bamboo houses"}]
    version = ProposedVersion.objects.create(record=project, made_by=other, changes=changes)
    for address in (
        "/admin/",
        "/admin/projects/project/",
        "/admin/projects/project/?q=bamboo&state__exact=ready",
        "/admin/projects/project/add/",
        f"/admin/projects/project/{key}/change/",
        f"/zh-hans/admin/projects/project/{key}/change/",
        f"/admin/projects/project/{key}/history/",
        f"/admin/projects/project/{key}/versions/",
        f"/admin/projects/project/{key}/versions/{version.pk}/",
        f"/admin/projects/project/{key}/change/?version={version.pk}",
        f"/admin/projects/project/{key}/state/?at=2026-01-01T00:00:00Z",
        "/admin/core/proposedversion/",
        f"/admin/projects/project/{key}/step/publish/",
        f"/admin/projects/project/{key}/delete/",
        "/admin/projects/project/import/",
        "/admin/projects/project/imports/",
        "/admin/projects/project/export/",
        "/admin/members/institution/",
        "/admin/members/institution/add/",
        "/admin/members/user/",
        "/admin/members/user/add/",
        "/admin/members/invitation/",
        "/admin/members/invitation/add/",
        f"/admin/members/user/{other.pk}/change/",
        "/admin/secretariat/page/add/",
        "/admin/codelists/country/VN/change/",
        "/admin/password_change/",
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        assert complaints == [], address


def test_signing_in_and_out(page, officer, complaints):
    page.goto("/admin/")
    expect(page.get_by_text("Wang Li")).to_be_visible()

    follow(page.get_by_role("button", name="Log out"))
    page.goto("/admin/")
    assert "/accounts/login/" in page.url

    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_of_app())
    page.get_by_role("button", name="Sign In").click()

    page.wait_for_url("**/admin/")
    expect(page.get_by_text("Wang Li").first).to_be_visible()
    assert complaints == []


def test_a_wrong_password_is_said_above_the_form(page, complaints):
    page.goto("/admin/login/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("nobody@example.org")
    assert complaints == []


def test_a_country_is_added_by_typing_its_chinese_name(page, officer, project, complaints):
    make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    page.goto(change(project))

    page.get_by_role("button", name="Add another Country").click()
    page.locator(".select2-search__field").fill("肯尼")
    page.locator(".select2-results__option", has_text="Kenya").click()
    page.locator(".submit-row input[name=_continue]").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert set(project.countries.values_list("pk", flat=True)) == {"VN", "KE"}
    assert complaints == []


def test_an_institution_is_added_in_a_window_of_its_own(page, officer, project, complaints):
    page.goto(change(project))
    page.get_by_role("button", name="Add another Institution").click()
    with page.expect_popup() as opened:
        page.locator("#add_id_project_institutions-0-institution").click()
    window = opened.value
    pages.complaints(window, complaints)
    window.locator("#id_name").fill("Bamboo Centre")
    with window.expect_event("close"):
        window.locator("input[name=_save]").first.click()

    follow(page.locator(".submit-row input[name=_continue]").first)

    assert project.institutions.get().name == "Bamboo Centre"
    assert complaints == []


def test_publishing_from_the_form_shows_the_gaps_and_asks(page, officer, project, complaints):
    page.goto(change(project))
    page.locator("button[value=publish]").first.click()

    expect(page.get_by_text("The summary is missing.")).to_be_visible()
    page.locator(".step input[type=submit]").click()

    expect(page.locator(".standing .is-published")).to_be_visible()
    project.refresh_from_db()
    assert project.state == State.PUBLISHED
    assert complaints == []


def test_enter_in_a_field_saves_and_takes_no_step(page, officer, project, complaints):
    page.goto(change(project))
    page.locator("#id_title").fill("Bamboo and tea")
    page.locator("#id_title").press("Enter")
    page.wait_for_url(re.compile(r"/admin/projects/project/(\?.*)?$"))

    project.refresh_from_db()
    assert (project.title, project.state) == ("Bamboo and tea", State.READY)
    assert complaints == []


def test_a_bulk_action_names_the_projects_before_it_acts(page, officer, project, complaints):
    page.goto("/admin/projects/project/")
    page.locator(".action-select").first.check()
    page.locator("select[name=action]").select_option("publish")
    page.locator(".actions button[type=submit]").first.click()

    expect(page.locator(".step").get_by_role("link", name="Bamboo")).to_be_visible()
    page.locator(".step input[type=submit]").click()

    expect(page.locator(".messagelist .success, .messagelist .info").first).to_be_visible()
    assert Project.objects.get().state == State.PUBLISHED
    assert complaints == []


def test_a_gap_leads_to_its_field(page, officer, project, complaints):
    page.goto(change(project))
    follow(page.get_by_role("link", name="The summary is missing."))

    assert page.evaluate("document.querySelector(':target').id") == "id_summary"
    assert complaints == []


def test_the_language_switch_keeps_the_page(page, officer, project, complaints):
    page.goto("/admin/projects/project/?q=bamboo")
    follow(page.get_by_role("link", name="中文"))

    assert page.url.endswith("/zh-hans/admin/projects/project/?q=bamboo")
    assert complaints == []


def test_boxes_have_the_names_of_their_fields(page, officer, project):
    page.goto("/admin/projects/project/add/")

    page.locator("#project_countries-group .add-row a").click()
    page.get_by_role("combobox", name="Country").first.click()

    page.get_by_role("searchbox", name="Country").fill("Viet")
    page.get_by_role("option", name="Viet Nam").click()
    expect(page.get_by_role("combobox", name="Country Viet Nam")).to_be_visible()
