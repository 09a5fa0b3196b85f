"""Desks with tabs in a real browser: short screens, and texts with a tool bar."""

import os
from datetime import date, timedelta

import pytest
from django.contrib import admin
from playwright.sync_api import expect

from secretariat.models import Page
from tests import make
from tests.browser.pages import complaints, fits
from tests.pages import change

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 2200
PICTURES = os.environ.get("PICTURES")


def a_meeting():
    day = date.today() + timedelta(days=90)
    meeting = make.Meeting(starts_on=day, ends_on=day, capacity=30)
    for n in range(6):
        make.Workshop(meeting=meeting, title=f"Workshop {n}", capacity=9)
        meeting.agenda_items.create(day=day, begins=f"{9 + n}:00", title=f"Item {n}")
    make.Source(record=meeting)
    return meeting


def a_project():
    countries = [make.Country() for _ in range(4)]
    project = make.Project(title="Bamboo", countries=countries, sdgs=[make.SDG()])
    make.Source.create_batch(2, record=project)
    return project


def a_call():
    call = make.Call()
    make.Criterion.create_batch(5, call=call)
    make.RequiredPaper.create_batch(4, call=call)
    make.Source(record=call)
    return call


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("made", [a_meeting, a_project, a_call, make.Member])
def test_no_tab_of_a_desk_is_longer_than_two_screens(open_page, made, width):
    record, found = made(), []
    kind = type(record)._meta.model_name
    page = open_page(make.Administrator(), viewport={"width": width, "height": 800})
    complaints(page, found)
    for tab in admin.site.get_model_admin(type(record)).tabs:
        if tab.page:
            continue
        for language in ("", "/zh-hans"):
            page.goto(f"{language}{change(record)}?tab={tab.name}")
            expect(page.locator(".tabs [aria-current]")).to_have_count(1)
            length = page.evaluate("document.documentElement.scrollHeight")
            if PICTURES:
                name = f"{kind}-{tab.name}{language.replace('/', '-')}-{width}.png"
                page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
                print(kind, tab.name, language, width, length)
            if length > LONGEST or not fits(page, ".tabs"):
                found.append((tab.name, language, length))
    assert found == []


def test_a_text_of_a_page_is_formatted_by_buttons(open_page):
    record = Page.objects.create(slug="about-it", title="About", body="We share")
    page = open_page(make.Administrator())
    page.goto(change(record))
    box, bar = page.locator("#id_body"), page.get_by_role("toolbar").first

    box.evaluate("box => box.setSelectionRange(3, 8)")
    bar.get_by_role("button", name="Bold").click()
    expect(box).to_have_value("We **share**")
    bar.get_by_role("button", name="List").press("Enter")
    expect(box).to_have_value("- We **share**")
    expect(page.get_by_role("toolbar")).to_have_count(2)
    for address, name in [(change(record), "body"), (change(a_call()), "description")]:
        page.goto(address)
        assert page.locator(f"#id_{name}").bounding_box()["width"] > 400, name
