"""What somebody typed on a phone, in Chinese and without scripts, is not lost."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from meetings.models import Passport
from projects.calls.models import Proposal
from tests import make
from tests.accounts.steps import code_for, code_of_app
from tests.browser.pages import fits, follow
from tests.calls.proposals.complete import call_with_papers, complete_proposal
from tests.english import english_on
from tests.meetings.travellers import person_with_place, travel_meeting

pytestmark = pytest.mark.django_db(transaction=True)
RESULTS = "十个村庄的农民用上了沼气。\n" * 200


@pytest.fixture
def institution():
    return make.Institution(name="", name_zh_hans="沼气研究所", slug="biogas")


@pytest.fixture
def person(institution):
    return make.Affiliation(institution=institution, user__name="王丽").user


@pytest.fixture
def phone(open_page, person):
    options = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
    return open_page(person, java_script_enabled=False, **options)


def press(page, name):
    follow(page.get_by_role("button", name=name, exact=True).first)


def reads(page, text):
    """See a text on a page that is Chinese and no wider than the phone."""
    expect(page.locator("main").get_by_text(text).first).to_be_visible()
    assert fits(page, "main")
    assert english_on(page) == []


def sign_in(page, person):
    """Sign in by a code, and the second factor where there is one."""
    page.get_by_label("电子邮箱").fill(person.email)
    press(page, "发送验证码")
    page.locator("#id_code").fill(code_for(person.email))
    follow(page.locator("main form .button").first)
    if Authenticator.objects.filter(user=person).exists():
        page.locator("#id_code").fill(code_of_app())
        follow(page.locator("main form .button").first)


@pytest.fixture
def section(institution):
    """The page of a proposal on which its results are typed."""
    proposal = complete_proposal(call_with_papers(), institution=institution)
    return "/zh-hans" + reverse("calls:proposal_section", args=["biogas", proposal.pk, "strategy"])


def test_what_was_typed_when_the_session_ended_is_filled_in_after_signing_in(
    phone, person, section
):
    TOTP.activate(person, make.TOTP_SECRET)
    phone.goto(section)
    phone.locator("[name=strategy_zh_hans]").fill(RESULTS)
    Session.objects.all().delete()

    press(phone, "保存草稿")
    reads(phone, "您填写的内容没有丢失")
    sign_in(phone, person)

    assert phone.url.endswith(section)
    reads(phone, "您此前填写的内容已填回本页，但尚未保存")
    expect(phone.locator("[name=strategy_zh_hans]")).to_have_value(RESULTS)
    assert Proposal.objects.get().strategy_zh_hans != RESULTS.strip()
    press(phone, "保存草稿")
    assert Proposal.objects.get().strategy_zh_hans.splitlines() == RESULTS.splitlines()


def test_an_older_form_is_filled_in_again_after_signing_in_elsewhere(phone, person, section):
    phone.goto(section)
    phone.locator("[name=strategy_zh_hans]").fill(RESULTS)
    elsewhere = phone.context.new_page()
    elsewhere.goto("/zh-hans/my/biogas/")
    press(elsewhere, "退出")
    elsewhere.goto("/zh-hans/accounts/login/")
    sign_in(elsewhere, person)

    press(phone, "保存草稿")

    reads(phone, "您此前填写的内容已填回本页，但尚未保存")
    expect(phone.locator("[name=strategy_zh_hans]")).to_have_value(RESULTS)
    press(phone, "保存草稿")
    assert Proposal.objects.get().strategy_zh_hans.splitlines() == RESULTS.splitlines()


def test_a_passport_is_kept_when_a_letter_is_asked_for(phone, institution):
    make.Country(iso2="CN", name="China", name_zh_hans="中国")
    traveller = person_with_place(travel_meeting(), institution, passport=None)
    meeting = traveller.delegation.meeting
    page = reverse("meetings:register_travel", args=[meeting.slug, "biogas", traveller.pk])
    phone.goto(f"/zh-hans{page}")
    for name, text in (("name", "LI WEI"), ("number", "E98765432"), ("expires_on", "2037-01-01")):
        phone.locator(f"[name=passport-{name}]").fill(text)
    phone.locator("[name=passport-nationality]").select_option("CN")

    press(phone, "保存并申请邀请函")

    reads(phone, "已保存。")
    assert Passport.objects.get().data.number == "E98765432"
    assert traveller.issued_documents.get().asked_at


def test_deleting_a_proposal_of_the_profile_asks_first(phone, institution):
    phone.goto("/zh-hans/my/biogas/profile/")
    phone.locator("[name=description_zh_hans]").fill("我们研究沼气。")
    follow(phone.locator("button[name=check]").last)
    assert institution.proposals.exists()

    press(phone, "删除提议")

    reads(phone, "其中填写的全部内容将被删除")
    follow(phone.get_by_role("link", name="保持不变"))
    assert institution.proposals.exists()
    press(phone, "删除提议")
    press(phone, "删除提议")
    assert not institution.proposals.exists()
