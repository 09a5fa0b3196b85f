"""A question in a real browser, with scripts and without: asked in Chinese, and answered."""

import re

import pytest
from django.core.cache import cache

from secretariat.back_office import groups
from secretariat.enquiries.models import Enquiry
from sscnet.outbox.models import Message
from tests import make
from tests.browser.pages import WITH_AND_WITHOUT_SCRIPTS, complaints, fits, follow
from tests.browser.walk import PROOF
from tests.network import fill_with_network

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_rate_limits"),
]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}
# What the slug of whom a topic leads to begins with; nothing: the Secretariat.
WHOM = {
    "biogas": "biogas",
    "bamboo": "national-bamboo",
    "small-hydropower": "international-center-on-small-hydropower",
    "mushrooms": "asia-pacific-edible-mushroom",
    "women": "",
    "drinking-water": "",
    "aquaculture": "freshwater-fisheries",
    "solar": "asia-pacific-solar",
    "crop-protection": "nantong-pesticide",
    "mountains-and-lakes": "promotion-association-for-mountain-river-lake",
    "digital-government": "cifal",
    "finance-and-trade": "china-africa-business",
}
QUESTION = "玻璃钢沼气池在冬天寒冷的地区能用吗？"
ANSWER = "可以。请把池体埋在冻土层以下，并加盖保温。"


def fill_in(page, question=QUESTION):
    page.locator("#id_question").fill(question)
    page.locator("#id_name").fill("林")
    page.locator("#id_email").fill("lin@example.org")


@WITH_AND_WITHOUT_SCRIPTS
def test_a_question_in_chinese_goes_to_the_institution_and_comes_back(open_page, scripts, settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    institution = make.Institution(name="Biogas Institute", name_zh_hans="沼气研究所")
    focal_point = make.Affiliation(institution=institution).user
    project = make.Project(title="Biogas", title_zh_hans="沼气池", submitter=institution)
    officer = make.Officer(name="Wang Li", group=groups.HELPER)

    # A visitor finds the way to the form on the Chinese page, and asks.
    visitor = open_page(java_script_enabled=scripts)
    found = complaints(visitor)
    visitor.goto(f"/zh-hans{project.get_absolute_url()}")
    follow(visitor.locator('a[href^="/zh-hans/ask/project/"]').first)
    assert "沼气池" in visitor.locator("main").inner_text()
    fill_in(visitor)
    visitor.locator(".form button").click()
    visitor.wait_for_url("**/zh-hans/ask/Q-**")
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in visitor.locator(".panel").inner_text()
    received = Message.objects.get(to="lin@example.org")
    assert "沼气池" in received.subject
    assert enquiry.reference in received.subject + received.text

    # An officer opens the link in the mail and passes it on to the institution suggested.
    office = open_page(officer, java_script_enabled=scripts)
    found_in_office = complaints(office)
    office.goto(path_in(Message.objects.get(to="secretariat@example.org"), "/admin/"))
    assert QUESTION in office.locator("#content").inner_text()
    follow(office.get_by_role("button", name="Pass on and write to the institution"))
    assert "Passed on" in office.locator("#standing").inner_text()

    # The focal point opens the link in the mail and answers in Chinese.
    institute = open_page(focal_point, java_script_enabled=scripts)
    found_at_institute = complaints(institute)
    institute.goto(path_in(Message.objects.get(to=focal_point.email), "/my/"))
    assert QUESTION in institute.locator("main").inner_text()
    institute.locator("#id_text").fill(ANSWER)
    institute.get_by_role("button", name="Send the answer").click()
    institute.get_by_text("is being sent").wait_for()

    # The answer reaches the one who asked, in the frame of both languages.
    answered = Message.objects.get(kind="enquiry-answered", to="lin@example.org")
    assert answered.reply_to == "secretariat@example.org"
    assert answered.html.count(f'<p lang="zh-Hans" dir="auto">{ANSWER}</p>') == 2
    assert ANSWER in answered.text
    assert "沼气研究所" in answered.text
    assert focal_point.email not in answered.text

    # The Secretariat sees it and closes; each state has its date, for the one who asked too.
    office.reload()
    assert ANSWER in office.locator("#content").inner_text()
    office.locator("[name=outcome]").select_option("answered")
    follow(office.get_by_role("button", name="Close the question"))
    visitor.goto(path_in(answered, "/ask/"))
    moments = visitor.locator("main li time").evaluate_all("all => all.map(t => t.dateTime)")
    assert len(moments) == 4
    assert moments == sorted(moments)
    standing = visitor.locator("main").inner_text()
    for state in ("New", "Passed on", "Answered", "Closed"):
        assert state in standing
    assert ANSWER not in standing
    steps = enquiry.steps.values_list("state", "by", "institution")
    assert list(steps) == [
        ("new", None, None),
        ("passed_on", officer.pk, institution.pk),
        ("answered", focal_point.pk, institution.pk),
        ("closed", officer.pk, None),
    ]
    assert found + found_in_office + found_at_institute == []


def path_in(mail, start):
    """Give the path of a link in a mail, after the portal's address."""
    return re.search(rf"https?://[^/\s]+({start}\S+)", mail.text)[1]


def test_a_double_click_leaves_one_question(open_page):
    visitor = open_page()
    visitor.goto("/ask/")
    fill_in(visitor)

    visitor.locator(".form button").dblclick()
    visitor.wait_for_url("**/ask/Q-**")

    assert Enquiry.objects.count() == 1
    assert Message.objects.filter(to="lin@example.org").count() == 1


def test_what_is_missing_is_summed_up_with_a_way_to_the_field_and_nothing_is_lost(open_page):
    visitor = open_page(java_script_enabled=False, **PHONE)
    visitor.goto(f"/zh-hans/ask/project/{make.Project().slug}/")
    assert fits(visitor, "#id_question")
    fill_in(visitor)
    visitor.locator("#id_name").fill(" ")
    follow(visitor.locator(".form button"))

    follow(visitor.locator(".error-summary a"))
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


def test_a_topic_leads_from_home_to_a_sent_question_in_three_clicks(open_page):
    """Or from the list of all topics, which is one click more."""
    fill_with_network()
    visitor = open_page(java_script_enabled=False, **PHONE)
    for n, home in enumerate(["/", "/zh-hans/"]):
        visitor.goto(home)
        on_home = topics_shown(visitor)
        visitor.goto(f"{home}topics/")
        assert {*on_home} < {*topics_shown(visitor)} == {*WHOM}
        # Every other topic in each language, with PROOF=1 all.
        topics = [*WHOM] if PROOF else [*WHOM][n::2]
        for topic in topics:
            # One visitor asks more than a person may in an hour.
            cache.clear()
            visitor.goto(home)
            if topic not in on_home:
                follow(visitor.locator(f'a[href="{home}topics/"]:visible').first)
            follow(visitor.locator(f'.topic a[href$="/topics/{topic}/"]'))
            follow(visitor.locator('[aria-labelledby="who"] a[href*="/ask/"]').first)
            fill_in(visitor)
            visitor.locator(".form button").click()
            visitor.wait_for_url(f"**{home}ask/Q-**")

            asked = Enquiry.objects.latest("pk").institution
            assert bool(asked) == bool(WHOM[topic])
            assert not asked or asked.slug.startswith(WHOM[topic])
        assert Enquiry.objects.count() == len(topics) * (n + 1)


def topics_shown(page):
    """Give the slugs of the topics that a page has tiles of."""
    addresses = page.locator(".topic a").evaluate_all("all => all.map(a => a.pathname)")
    return [address.strip("/").rpartition("/")[2] for address in addresses]
