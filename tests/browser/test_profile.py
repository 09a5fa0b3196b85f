"""The profile of an institution in a real browser: filled in wrongly, then right, then decided."""

import pytest
from django.contrib.auth.models import Group

from secretariat.back_office import groups
from sscnet.core.models import ProposedVersion
from sscnet.outbox.models import Message
from tests import make
from tests.browser.pages import WITH_AND_WITHOUT_SCRIPTS, complaints, fits, follow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def institution():
    make.Sector(slug="bamboo", name="Bamboo")
    return make.Member(name="Biogas Institute", slug="biogas", city="Wuxi")


@pytest.fixture
def officer(institution):
    user = make.Officer(name="Wang Li")
    Group.objects.get_or_create(name=groups.OFFICER)
    groups.make_groups()
    user.groups.add(Group.objects.get(name=groups.OFFICER))
    return user


@WITH_AND_WITHOUT_SCRIPTS
def test_a_change_is_proposed_put_right_sent_and_accepted_in_part(
    open_page, institution, officer, scripts
):
    person = make.Affiliation(institution=institution).user
    page = open_page(person, java_script_enabled=scripts, viewport={"width": 390, "height": 800})
    found = complaints(page)

    page.goto("/my/biogas/")
    follow(page.get_by_role("link", name="The website is missing."))
    page.get_by_label("Website").fill("not an address")
    page.get_by_label("Official name (English)").fill("")
    follow(page.get_by_role("button", name="Continue"))
    assert "There are 2 problems to correct" in page.locator(".error-summary").inner_text()
    assert page.get_by_label("Website").input_value() == "not an address"
    follow(page.locator(".error-summary a").first)
    assert page.url.endswith("#id_name")

    page.get_by_label("Official name (English)").fill("Biogas Institute")
    page.get_by_label("Website").fill("example.org")
    page.get_by_label("City (English)").fill("Chengdu")
    page.get_by_label("Bamboo").check()
    page.locator("[name=services-0-kind]").select_option("training")
    page.get_by_label("Title (English)").first.fill("Training in biogas")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/profile/check/**")
    assert fits(page, "main")
    follow(page.get_by_role("button", name="Send to the Secretariat"))

    office = open_page(officer, java_script_enabled=scripts)
    found_in_office = complaints(office)
    office.goto("/admin/core/proposedversion/")
    office.get_by_role("link", name="Version no.").click()
    office.get_by_role("row", name="City (English)").get_by_role("checkbox").uncheck()
    office.get_by_label("Remark").fill("The campus is in Wuxi, is it not?")
    office.get_by_role("button", name="Release what is ticked").click()
    office.locator(".messagelist .success").wait_for()

    assert ProposedVersion.objects.get().state == ProposedVersion.State.PARTLY_RELEASED
    visitor = open_page(java_script_enabled=scripts)
    visitor.goto("/members/biogas/")
    text = visitor.locator("main").inner_text()
    assert "Training in biogas" in text
    assert "example.org" in text
    assert "Chengdu" not in text
    [mail] = Message.objects.filter(kind="profile-partly-accepted")
    assert mail.to == person.email
    assert "The campus is in Wuxi" in mail.text
    assert found == found_in_office == []


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True, id="with scripts"),
        pytest.param(False, id="without scripts", marks=pytest.mark.proof),
    ],
)
def test_the_directory_is_filtered_on_a_phone(open_page, institution, scripts):
    make.Member(name="Bamboo Centre", province="zhejiang")
    page = open_page(java_script_enabled=scripts, viewport={"width": 390, "height": 800})
    found = complaints(page)

    page.goto("/members/")
    page.locator("#filters > summary").click()
    page.get_by_role("checkbox", name="Zhejiang").check()
    if not scripts:
        page.get_by_role("button", name="Show results").click()
    page.wait_for_url("**province=zhejiang**")
    page.locator("#found", has_text="1 institution in Zhejiang").wait_for()

    assert page.locator(".card").count() == 1
    assert fits(page, ".card")
    assert found == []


def test_an_activity_is_entered_on_a_phone_in_chinese_and_is_public_once_released(
    open_page, institution, officer
):
    person = make.Affiliation(institution=institution).user
    page = open_page(
        person, java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="zh-CN"
    )
    found = complaints(page)
    page.goto("/zh-hans/my/biogas/")
    # Nine actions.
    follow(page.get_by_role("link", name="添加本机构的活动"))
    page.get_by_label("标题").fill("沼气技术培训班")
    page.get_by_label("类型").select_option(label="培训班")
    page.get_by_label("日期").fill("2026年3月5日 至 2026年3月9日")
    page.get_by_label("地点，或“线上”").fill("成都")
    page.get_by_label("参加人数").fill("24")
    page.get_by_label("内容").fill("沼气池的建造与维护。")
    follow(page.get_by_role("button", name="提交给秘书处"))
    assert "沼气技术培训班" in page.locator("#sent + ul").inner_text()
    assert fits(page, "main")

    office = open_page(officer)
    office.goto("/admin/core/proposedversion/")
    office.get_by_role("link", name="Version no.").click()
    office.get_by_role("button", name="Release what is ticked").click()
    office.locator(".messagelist .success").wait_for()

    visitor = open_page()
    visitor.goto("/zh-hans/members/biogas/")
    follow(visitor.get_by_role("link", name="沼气技术培训班"))
    text = visitor.locator("main").inner_text()
    assert "/zh-hans/activities/" in visitor.url
    for words in ("2026年3月5日", "成都", "24", "沼气池的建造与维护。"):
        assert words in text
    assert found == []
