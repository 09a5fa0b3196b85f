"""Two officers, two browsers, one project: the second save is refused and loses nothing."""

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests import make
from tests.browser.pages import fits
from tests.pages import whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_form(open_page):
    def create(project, name, **options):
        user = make.Administrator(name=name)
        page = open_page(user=user, **options)
        page.goto(whole(project))
        return page

    return create


def save(page):
    page.get_by_role("button", name="Save and continue editing").first.click()


def test_of_two_browsers_that_save_the_same_project_the_second_is_refused_and_loses_nothing(
    open_form,
):
    project = make.Project(title="Bamboo", summary="", countries=[make.Country(name="Kenya")])
    mine = open_form(project, "Wang Li", viewport={"width": 390, "height": 800})
    theirs = open_form(project, "Zhao Qi")

    theirs.locator("[name=title]").fill("Bamboo houses")
    theirs.locator("[name=summary]").fill("Theirs")
    save(theirs)
    expect(theirs.get_by_text("was changed successfully")).to_be_visible()
    mine.locator("[name=title]").fill("Bamboo bridges")
    mine.locator("[name=challenge]").fill("A long text, typed with care.")
    save(mine)

    expect(mine.get_by_text("Somebody saved this record while you were editing it")).to_be_visible()
    row = mine.locator(".conflict .is-clash")
    for text in ("Title (English)", "Bamboo houses", "Bamboo bridges"):
        expect(row).to_contain_text(text)
    acts = mine.locator(".conflict .acts")
    for text in ("Zhao Qi", "Title (English) changed from Bamboo to Bamboo houses"):
        expect(acts).to_contain_text(text)
    expect(mine.locator("[name=challenge]")).to_have_value("A long text, typed with care.")
    assert fits(mine, ".conflict")
    project.refresh_from_db()
    assert (project.title, project.challenge) == ("Bamboo houses", "")

    mine.get_by_role("button", name="Overwrite with my version").click()

    expect(mine.get_by_text("was changed successfully")).to_be_visible()
    project = Project.objects.get()
    assert (project.title, project.summary) == ("Bamboo bridges", "Theirs")
    assert project.challenge == "A long text, typed with care."
