"""A delegation in a real browser: a draft, a colleague, sent, waiting, offered, confirmed."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from meetings import places
from meetings.models import Delegate, Meeting
from members.models import Affiliation
from sscnet.outbox.models import Message
from tests import make
from tests.browser.pages import WITH_AND_WITHOUT_SCRIPTS, follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting():
    return make.OpenMeeting(
        title="Meeting of ours",
        title_zh_hans="我们的会议",
        giving=Meeting.Giving.OFFERS,
        quota=5,
    )


@pytest.fixture
def hydropower(meeting):
    """A workshop of 30 places, of which two are free."""
    workshop = make.Workshop(meeting=meeting, title="Small hydropower", capacity=30)
    for size in (5, 5, 5, 5, 5, 3):
        places.submit(make.Delegation(meeting=meeting, people=size, people__workshops=[workshop]))
    return workshop


@pytest.fixture
def institution():
    return make.Institution(name="Institute of Biogas")


def person(institution, role):
    return make.Affiliation(institution=institution, role=role).user


def fill_in(page, n, family_name, given_names):
    page.locator(f"#id_people-{n}-family_name").fill(family_name)
    page.locator(f"#id_people-{n}-given_names").fill(given_names)


@WITH_AND_WITHOUT_SCRIPTS
def test_a_delegation_from_draft_to_confirmed_offer(
    open_page, meeting, hydropower, institution, scripts
):
    focal_point = person(institution, Affiliation.Role.FOCAL_POINT)
    deputy = person(institution, Affiliation.Role.DEPUTY)
    page = open_page(focal_point, java_script_enabled=scripts)

    # The focal point begins, makes a mistake, and leaves a draft.
    page.goto(f"/meetings/{meeting.slug}/register/")
    fill_in(page, 0, "张", "Wei")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Use Latin letters")
    page.get_by_role("link", name="Family name: Use Latin letters").click()
    expect(page.locator("#id_people-0-family_name")).to_have_value("张")
    fill_in(page, 0, "Zhang", "Wei")
    follow(page.get_by_role("button", name="Add a person"))
    fill_in(page, 1, "O'Brien", "Ana")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A draft, not sent yet")

    # The deputy goes on, with two more.
    page = open_page(deputy, java_script_enabled=scripts)
    page.goto(reverse("meetings:delegation", args=[meeting.slug, institution.slug]))
    page.get_by_role("link", name="Continue with the draft").click()
    expect(page.get_by_text(f"Last saved by {focal_point}")).to_be_visible()
    follow(page.get_by_role("button", name="Add a person"))
    fill_in(page, 2, "Sukarno", "")
    follow(page.get_by_role("button", name="Add a person"))
    page.locator("#id_people-3-to_be_named").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workshops for each person")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("As many as fit").check()
    expect(page.get_by_text("2 places, 2 on the waiting list")).to_be_visible()
    follow(page.get_by_role("button", name="Submit registration for 4 people"))

    # Told so afterwards, and the page can be opened again.
    expect(page.get_by_role("heading", level=1)).to_have_text("The registration has arrived")
    expect(page.get_by_text("number 1 of 2 on the waiting list")).to_be_visible()
    expect(page.get_by_text("number 2 of 2 on the waiting list")).to_be_visible()
    page.reload()
    assert Delegate.objects.filter(delegation__institution=institution).count() == 4

    # Somebody elsewhere withdraws: the first in line is offered the place, and accepts.
    elsewhere = Delegate.objects.taken().exclude(delegation__institution=institution).first()
    places.withdraw(elsewhere)
    page.reload()
    page.get_by_role("link", name="Places have been offered to you").click()
    page.get_by_label("Accept the place").check()
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_text("number 1 of 1 on the waiting list")).to_be_visible()
    expect(page.get_by_text("Small hydropower: confirmed")).to_have_count(3)


def test_two_who_save_at_once_lose_nothing(open_page, meeting, institution):
    address = reverse("meetings:register_people", args=[meeting.slug, institution.slug])
    first = open_page(person(institution, Affiliation.Role.FOCAL_POINT))
    second = open_page(person(institution, Affiliation.Role.DEPUTY))
    first.goto(address)
    second.goto(address)

    fill_in(first, 0, "First", "One")
    follow(first.get_by_role("button", name="Save the draft"))
    fill_in(second, 0, "Second", "Two")
    second.get_by_role("button", name="Save the draft").click()

    expect(second.get_by_role("alert")).to_contain_text(
        "Somebody else has saved this in the meantime"
    )
    follow(second.get_by_role("button", name="Save the draft"))
    names = Delegate.objects.order_by("position").values_list("family_name", flat=True)
    assert list(names) == ["Second", "First"]


def test_four_known_people_take_six_pages_and_ten_clicks_in_chinese(
    open_page, meeting, institution
):
    focal_point = person(institution, Affiliation.Role.FOCAL_POINT)
    meeting.asks = ["mobile"]
    meeting.save()
    known = {"mobile": "138 0000 0000", "nationality": "CN"}
    for n in range(4):
        institution.roster.create(chinese_name=f"张{n}", family_name=f"Zhang{n}", **known)
    page = open_page(locale="zh-CN")
    pages, clicks = [], []
    page.on("load", lambda page: pages.append(page.url))

    def click(selector):
        clicks.append(selector)
        page.locator(selector).click()

    page.goto("/zh-hans/accounts/login/")
    page.locator("#id_login").fill(focal_point.email)
    click("button[name=send_code]")
    text = Message.objects.get(kind="sign-in-code", to=focal_point.email).text
    page.locator("#id_code").fill(re.search(r"Your code is (\S+)\.", text)[1])
    click("main form .button >> nth=0")
    click("main .due a[href*='/register/']")
    for n in range(4):
        click(f"#id_known_{n}")
    click("main form .button[value=continue]")
    click("main form[action$='/send/'] button")

    expect(page.locator("h1")).to_have_text("报名已收到")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    names = Delegate.objects.taken().values_list("chinese_name", flat=True)
    assert sorted(names) == ["张0", "张1", "张2", "张3"]
    assert {one.mobile for one in Delegate.objects.all()} == {known["mobile"]}
    assert (len(pages), len(clicks)) == (6, 9)


@pytest.mark.usefixtures("media")
def test_a_delegation_with_numbers_slip_consent_and_passport_on_a_phone_in_chinese(
    open_page, meeting, institution, tmp_path
):
    make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    meeting.asks, meeting.travel_asks = ["mobile", "diet"], ["passport", "journey", "room"]
    meeting.slip_due_on = meeting.starts_on
    meeting.save()
    phone = {"locale": "zh-CN", "java_script_enabled": False}
    phone["viewport"] = {"width": 390, "height": 800}
    page = open_page(person(institution, Affiliation.Role.FOCAL_POINT), **phone)
    page.goto(f"/zh-hans/meetings/{meeting.slug}/register/")
    page.get_by_label("中文姓名").fill("单吕")
    page.get_by_label("国籍（国家和地区）").select_option("肯尼亚")
    follow(page.get_by_role("button", name="保存并继续"))
    expect(page.get_by_role("alert")).to_contain_text("手机号码")
    expect(page.get_by_label("姓（拼音）")).to_have_value("Shan")
    page.get_by_label("手机号码").fill("13800001234")
    follow(page.get_by_role("button", name="保存并继续"))
    follow(page.get_by_role("button", name="为1人提交报名"))

    # The sealed slip, and the link that the person gets.
    page.get_by_role("link", name="行前资料").click()
    sealed = tmp_path / "slip.pdf"
    sealed.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n")
    page.get_by_label("盖章回执").set_input_files([sealed, sealed])
    follow(page.get_by_role("button", name="上传"))
    expect(page.get_by_role("link", name="第2页")).to_be_visible()
    page.get_by_role("link", name="尚未转交链接").click()
    follow(page.get_by_role("button", name="生成链接"))
    link = page.locator("#address").input_value()

    own = open_page(**phone)
    own.goto(urlsplit(link).path)
    own.get_by_role("link", name="请表明您是否同意").click()
    for box in own.get_by_label("我同意", exact=True).all():
        box.check()
    own.locator("#id_diet").fill("清真")
    follow(own.get_by_role("button", name="保存我的答复"))
    follow(own.get_by_role("link", name="行程与文件"))
    own.get_by_label("护照号码").fill("E12345678")
    own.get_by_label("护照上的姓名").fill("SHAN LYU")
    own.get_by_label("国籍").select_option("肯尼亚")
    own.get_by_label("有效期").fill("2040-01-01")
    follow(own.get_by_role("button", name="保存", exact=True))

    delegate = Delegate.objects.get()
    assert delegate.consented_to == ["passport", "diet"]
    assert (delegate.diet, delegate.passport.data.number) == ("清真", "E12345678")


ON_PAPER = {
    "en": [
        "Enter its delegation",
        "Save and continue",
        "Paste or upload a list",
        "Add these people",
    ],
    "zh-hans": ["录入其代表团", "保存并继续", "粘贴或上传名单", "添加这些人员"],
}


@pytest.mark.parametrize(
    ("language", "width"), [("en", 390), pytest.param("zh-hans", 1280, marks=pytest.mark.proof)]
)
def test_an_officer_enters_a_delegation_on_paper(open_page, meeting, institution, language, width):
    focal_point = person(institution, Affiliation.Role.FOCAL_POINT)
    officer = make.Administrator(name="Wang Li")
    page = open_page(officer, viewport={"width": width, "height": 900}, java_script_enabled=False)
    enter, go_on, sheet, add = ON_PAPER[language]

    def press(name):
        follow(page.get_by_role("button", name=name).last)

    with override(language):
        page.goto(reverse("admin:meetings_meeting_desk", args=[meeting.pk]))
    page.locator("#enter-for").select_option(institution.slug)
    press(enter)
    page.locator("#id_asked_by").fill("Zhao Min")
    page.locator("#id_way").select_option("wechat")
    press(go_on)
    press(sheet)
    page.locator("#id_pasted").fill("李伟\tLi\tWei\tDirector\tli@example.org\n\tSukarno")
    press(add)
    press(go_on)
    page.locator("form[action$='/send/'] button").click()
    expect(page.get_by_text("Zhao Min")).to_be_visible()
    names = Delegate.objects.filter(delegation__institution=institution, place="confirmed")
    assert sorted(names.values_list("family_name", flat=True)) == ["Li", "Sukarno"]

    page = open_page(focal_point)
    page.goto(reverse("secretariat:my_institution", args=[institution.slug]))
    expect(page.get_by_text("as requested by WeChat on")).to_be_visible()
