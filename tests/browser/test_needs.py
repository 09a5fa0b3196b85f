"""A need in a real browser: asked, introduced, accepted on a phone, became a project, counted."""

import pytest
from django.urls import reverse

from secretariat.back_office import groups
from secretariat.models import Enquiry, Introduction, Need
from tests import make
from tests.browser.pages import WITH_AND_WITHOUT_SCRIPTS, complaints, fits, follow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_rate_limits"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "locale": "zh-CN"}


@WITH_AND_WITHOUT_SCRIPTS
def test_a_need_in_chinese_goes_from_the_question_to_the_figure(open_page, scripts, settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    institution = make.Member(name="Biogas Institute", name_zh_hans="沼气研究所")
    focal_point = make.Affiliation(institution=institution).user
    project = make.Project(title_zh_hans="肯尼亚沼气", submitter=institution)
    kenya = make.Country(iso2="KE", name="Kenya", name_zh_hans="肯尼亚")
    make.ProjectCountry(project=project, country=kenya)
    officer = make.Officer(name="Wang Li", group=groups.OFFICER)

    visitor = open_page(java_script_enabled=scripts, **PHONE)
    found = complaints(visitor)
    visitor.goto("/zh-hans/needs/")
    assert fits(visitor, "h1")
    follow(visitor.locator(".ask-panel button"))
    visitor.locator("#id_question").fill("我们想在村里建沼气池，请问能否派专家？")
    visitor.locator("#id_name").fill("林")
    visitor.locator("#id_email").fill("lin@example.org")
    visitor.locator("#id_organisation").fill("肯尼亚能源部")
    visitor.locator("#id_country").select_option("KE")
    visitor.locator(".form button").click()
    visitor.wait_for_url("**/zh-hans/ask/Q-**")

    office = open_page(officer, java_script_enabled=scripts, locale="zh-CN")
    found_in_office = complaints(office)
    enquiry = Enquiry.objects.get()
    office.goto(f"/zh-hans/admin/secretariat/enquiry/{enquiry.pk}/change/")
    follow(office.get_by_role("link", name="转为需求"))
    office.locator("#id_is_public").check()
    follow(office.locator('[name="_continue"]'))
    assert Need.objects.get().asked_by == "肯尼亚能源部"
    follow(office.get_by_role("link", name="沼气研究所"))
    follow(office.locator('[name="_save"]'))
    introduction = Introduction.objects.get()
    assert introduction.reason == "曾与其合作：肯尼亚"

    phone = open_page(focal_point, java_script_enabled=scripts, **PHONE)
    found_at_institute = complaints(phone)
    phone.goto(f"/zh-hans/my/{institution.slug}/")
    follow(phone.get_by_role("link", name="答复能否协助"))
    assert fits(phone, "form.form")
    assert "lin@example.org" not in phone.locator("main").inner_text()
    phone.get_by_label("可以协助").check()
    follow(phone.get_by_role("button", name="发送答复"))
    assert "lin@example.org" in phone.locator("main").inner_text()
    follow(phone.get_by_role("link", name="合作需求").first)
    assert "已接受" in phone.locator("main").inner_text()

    office.goto(f"/zh-hans/admin/secretariat/introduction/{introduction.pk}/change/")
    office.locator("#id_state").select_option("became")
    office.locator("#id_outcome").fill("项目建议书已提交")
    follow(office.locator('[name="_save"]'))
    office.goto(f"/zh-hans{reverse('secretariat:figures')}")
    follow(office.locator('a[href$="state__exact=became"]'))
    assert "沼气研究所" in office.locator("#result_list").inner_text()
    assert found + found_in_office + found_at_institute == []
