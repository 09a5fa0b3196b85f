"""A question in a real browser, with scripts and without: asked in Chinese, and answered."""

import re

import pytest

from projects.models import Project
from secretariat.back_office import groups
from secretariat.enquiries.models import Enquiry
from secretariat.setup.loading import load_network
from sscnet.outbox.models import Message
from tests import make
from tests.browser.console import complaints

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_rate_limits"),
]

QUESTION = "玻璃钢沼气池在冬天寒冷的地区能用吗？"
ANSWER = "可以。请把池体埋在冻土层以下，并加盖保温。"


def fill_in(page, question=QUESTION):
    page.locator("#id_question").fill(question)
    page.locator("#id_name").fill("林")
    page.locator("#id_email").fill("lin@example.org")


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True, id="with scripts", marks=pytest.mark.proof),
        pytest.param(False, id="without scripts"),
    ],
)
def test_a_question_in_chinese_goes_to_the_institution_and_comes_back(open_page, scripts):
    load_network()
    project = Project.objects.get(fund_numbers__number="INT/10/K04")
    focal_point = make.Affiliation(institution=project.submitter).user
    officer = make.Officer(name="Wang Li", group=groups.EDITORS)

    visitor = open_page(java_script_enabled=scripts)
    found = complaints(visitor)
    visitor.goto(f"/zh-hans{project.get_absolute_url()}")
    visitor.locator('a[href^="/zh-hans/ask/project/"]').first.click()
    fill_in(visitor)
    visitor.locator(".form button").click()
    visitor.wait_for_url("**/zh-hans/ask/Q-**")
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in visitor.locator(".panel").inner_text()

    office = open_page(officer, java_script_enabled=scripts)
    found_in_office = complaints(office)
    office.goto("/admin/secretariat/enquiry/")
    office.get_by_role("link", name=enquiry.reference).click()
    assert QUESTION in office.locator("#content").inner_text()
    office.get_by_role("button", name="Pass on and write to the institution").click()
    assert "Passed on" in office.locator("#standing").inner_text()

    institute = open_page(focal_point, java_script_enabled=scripts)
    found_at_institute = complaints(institute)
    mail = Message.objects.get(to=focal_point.email)
    institute.goto(re.search(r"https?://[^/\s]+(/my/\S+)", mail.text)[1])
    assert QUESTION in institute.locator("main").inner_text()
    institute.locator("#id_text").fill(ANSWER)
    institute.get_by_role("button", name="Send the answer").click()
    institute.get_by_text("is being sent").wait_for()

    assert ANSWER in Message.objects.get(kind="enquiry-answered", to="lin@example.org").text
    visitor.reload()
    moments = visitor.locator("main li time").evaluate_all("all => all.map(t => t.dateTime)")
    assert len(moments) == 3
    assert moments == sorted(moments)
    assert [step.state for step in enquiry.steps.all()] == ["new", "passed_on", "answered"]
    assert found + found_in_office + found_at_institute == []


def test_a_double_click_leaves_one_question(open_page):
    visitor = open_page()
    visitor.goto("/ask/")
    fill_in(visitor)

    visitor.locator(".form button").dblclick()
    visitor.wait_for_url("**/ask/Q-**")

    assert Enquiry.objects.count() == 1
    assert Message.objects.filter(to="lin@example.org").count() == 1


def test_what_is_missing_is_summed_up_with_a_way_to_the_field_and_nothing_is_lost(open_page):
    visitor = open_page(java_script_enabled=False)
    visitor.goto(f"/ask/project/{make.Project().slug}/")
    fill_in(visitor)
    visitor.locator("#id_name").fill(" ")
    visitor.locator(".form button").click()

    visitor.locator(".error-summary a").click()
    assert visitor.url.endswith("#id_name")
    assert visitor.locator("#id_question").input_value() == QUESTION
    visitor.locator("#id_name").fill("Lin")
    visitor.locator(".form button").click()
    visitor.wait_for_url("**/ask/Q-**")


def test_the_trap_is_seen_by_nobody_and_reached_by_no_key(open_page):
    visitor = open_page()
    visitor.goto("/ask/")
    reached = set()
    visitor.locator("#id_question").focus()
    for _n in range(12):
        reached.add(visitor.evaluate("document.activeElement.name"))
        visitor.keyboard.press("Tab")

    box = visitor.locator("#id_website").bounding_box()
    assert box["x"] + box["width"] <= 0
    assert {"question", "name", "email", "organisation", "country"} <= reached
    assert "website" not in reached


def test_the_form_fits_a_phone(open_page):
    visitor = open_page(viewport={"width": 360, "height": 740}, is_mobile=True)
    visitor.goto(f"/zh-hans/ask/project/{make.Project().slug}/")

    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
