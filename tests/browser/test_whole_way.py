"""The whole way of an institution's person: invited, signed in, heard, told. In a real browser."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from members.models import Affiliation
from sscnet.outbox.delivery import sending
from sscnet.outbox.models import Message
from tests import make
from tests.browser.pages import complaints, follow

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "zhao@example.org"


def newest(kind):
    return Message.objects.filter(kind=kind, to=EMAIL).latest("id").text


def test_invited_signed_in_a_change_accepted_in_part_and_one_mail_in_both_languages(open_page):
    institution = make.Member(name="Bamboo Centre", slug="bamboo", city="Wuxi")
    office = open_page(make.Administrator(name="Wang Li"))
    found_in_office = complaints(office)

    office.goto(f"/admin/members/institution/{institution.pk}/change/")
    office.get_by_role("link", name="Invite a person").click()
    office.get_by_label("Email").fill(EMAIL)
    office.get_by_label("Role").select_option("focal_point")
    office.locator("input[name=_save]").first.click()
    office.locator(".messagelist .success").wait_for()

    # The mail goes once a second person has confirmed it.
    second = open_page(make.Administrator(name="Sun Ying"))
    second.goto("/admin/members/invitation/?standing=to_confirm")
    second.locator(".action-select").check()
    second.locator("select[name=action]").select_option("confirm")
    second.locator(".actions button[type=submit]").click()
    second.locator(".messagelist .success").wait_for()

    phone = open_page(viewport={"width": 390, "height": 844})
    found_on_phone = complaints(phone)
    phone.goto(re.search(r"/accounts/invitation/\S+", newest("invitation"))[0])
    expect(phone.get_by_text("Wang Li invites you to act for Bamboo Centre")).to_be_visible()
    phone.get_by_role("button", name="Send me a code").click()
    code = re.search(r"Your code is (\S+)\.", newest("sign-in-code"))[1]
    phone.get_by_label("Code").fill(code)
    phone.get_by_role("button", name="Confirm").click()
    phone.get_by_label("Your name").fill("Zhao Min")
    follow(phone.get_by_role("button", name="Accept the invitation"))
    assert phone.url.endswith("/my/bamboo/")
    expect(phone.get_by_role("heading", name="Bamboo Centre")).to_be_visible()
    expect(phone.get_by_text("Signed in as Zhao Min")).to_be_visible()
    affiliation = Affiliation.objects.get()
    assert (affiliation.user.email, affiliation.role) == (EMAIL, "focal_point")

    phone.get_by_role("link", name="Propose changes").click()
    phone.get_by_label("Website").fill("https://bamboo.example.org")
    phone.get_by_label("City (English)").fill("Chengdu")
    phone.get_by_role("button", name="Continue").click()
    follow(phone.get_by_role("button", name="Send to the Secretariat"))

    office.goto("/admin/core/proposedversion/")
    office.get_by_role("link", name="Version no.").click()
    office.get_by_role("row", name="City (English)").get_by_role("checkbox").uncheck()
    office.get_by_label("Remark").fill("The campus is in Wuxi, is it not?")
    office.get_by_role("button", name="Release what is ticked").click()
    office.locator(".messagelist .success").wait_for()

    visitor = open_page()
    visitor.goto("/members/bamboo/")
    text = visitor.locator("main").inner_text()
    assert "bamboo.example.org" in text
    assert "Chengdu" not in text
    sending.send_due()
    sending.send_due()
    [told] = [m for m in mail.outbox if "The campus is in Wuxi" in m.body]
    assert told.to == [EMAIL]
    assert "Secretariat" in told.body
    assert "秘书处" in told.body
    assert found_in_office == found_on_phone == []
