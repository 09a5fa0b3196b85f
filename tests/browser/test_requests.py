"""A request in a real browser: opened by an officer, answered on a phone and on paper, closed."""

import io
import zipfile
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from secretariat.back_office import groups
from secretariat.models import Request, Response
from tests import make
from tests.browser.pages import WITH_AND_WITHOUT_SCRIPTS, complaints, fits, follow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_rate_limits", "media"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
LETTER = {
    "name": "a.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\nstartxref\n9\n%%EOF\n",
}


@WITH_AND_WITHOUT_SCRIPTS
def test_fifty_institutions_are_asked_and_three_answer_in_three_ways(open_page, scripts):
    institutions = [
        make.Member(name=f"Institute {n}", name_zh_hans=f"研究所{n}") for n in range(50)
    ]
    writer = make.Affiliation(institution=institutions[0]).user
    colleague = make.Affiliation(institution=institutions[0], role="deputy").user
    make.Affiliation(institution=institutions[1])
    officer = make.Officer(name="Wang Li", group=groups.OFFICER)

    office = open_page(officer, java_script_enabled=scripts)
    found = complaints(office)
    until = timezone.localtime() + timedelta(days=20)
    # At most twelve actions from a ready-made request to fifty institutions: these are eleven.
    office.goto(reverse("admin:secretariat_request_changelist"))
    follow(office.get_by_role("link", name="Start from a ready-made one"))
    follow(office.get_by_role("button", name="Projects missing in the catalogue"))
    office.locator("#id_closes_at_0").fill(f"{until:%Y-%m-%d}")
    office.locator("#id_closes_at_1").fill("18:00:00")
    follow(office.get_by_role("button", name="Save", exact=True))
    follow(office.get_by_role("link", name="Responses"))
    follow(office.get_by_role("link", name="Open to institutions"))
    office.locator("#id_group").select_option("members")
    follow(office.get_by_role("button", name="See what this would change"))
    follow(office.get_by_role("button", name="Open to institutions"))
    assert "48 institutions have no address to write to" in office.locator("#content").inner_text()
    request = Request.objects.get()
    assert request.responses.count() == 50

    # On a phone in Chinese: begun by one, gone on with and sent by a colleague.
    phone = open_page(writer, java_script_enabled=scripts, locale="zh-CN", **PHONE)
    phone.goto(f"/zh-hans/my/{institutions[0].slug}/")
    follow(phone.get_by_role("link", name="答复《补充项目目录》"))
    assert fits(phone, "form.form table")
    question = request.questions.get()
    phone.locator(f"#id_question-{question.pk}-0-1").fill("沼气示范")
    follow(phone.get_by_role("button", name="保存，稍后继续"))
    assert "已保存" in phone.locator("main").inner_text()
    second = open_page(colleague, java_script_enabled=scripts, locale="zh-CN", **PHONE)
    second.goto(f"/zh-hans/my/{institutions[0].slug}/requests/{request.pk}/")
    second.locator(f"#id_question-{question.pk}-1-1").fill("竹子加工")
    follow(second.get_by_role("button", name="发送", exact=True))
    assert "已发送" in second.locator("main").inner_text()

    # On paper, entered by the officer with the scan.
    entry = request.responses.get(institution=institutions[2])
    office.goto(reverse("admin:secretariat_request_response", args=[entry.pk]))
    office.locator("summary").click()
    office.locator(f"#id_question-{question.pk}-0-2").fill("Small hydropower")
    office.locator("#id_slip").set_input_files(LETTER)
    follow(office.get_by_role("button", name="Enter as sent"))
    table = office.locator("#content").inner_text()
    assert "2 rows" in table
    assert "(on paper)" in table

    # What is unclear goes back to the institution, which sends it again.
    follow(office.get_by_role("link", name="Institute 0", exact=True))
    follow(office.get_by_role("link", name="Return with a remark"))
    office.locator("#id_remark").fill("Which year?")
    follow(office.get_by_role("button", name="See what this would change"))
    follow(office.get_by_role("button", name="Return with a remark"))
    second.reload()
    assert "Which year?" in second.locator("main").inner_text()
    second.locator(f"#id_question-{question.pk}-1-5").fill("2019")
    follow(second.get_by_role("button", name="重新发送", exact=True))
    assert "已发送" in second.locator("main").inner_text()
    assert "尚未采用" in second.locator("main").inner_text()

    follow(office.get_by_role("link", name="Remind who has not answered"))
    follow(office.get_by_role("button", name="See what this would change"))
    assert "1 email would be sent" in office.locator("#content").inner_text()
    follow(office.get_by_role("button", name="Remind who has not answered"))
    follow(office.get_by_role("button", name="Close the request"))
    follow(office.get_by_role("button", name="Close the request"))
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED
    states = request.responses.order_by().values_list("state", flat=True)
    assert list(states).count(Response.State.SENT) == 2

    def away(kind):
        address = office.get_by_role("link", name=kind, exact=True).get_attribute("href")
        return io.BytesIO(office.request.get(urljoin(office.url, address)).body())

    _whole, rows = load_workbook(away("Excel")).worksheets
    titles = {cell for row in rows.values for cell in row if cell}
    assert {"沼气示范", "竹子加工", "2019", "Small hydropower"} <= titles
    names = [p.text for p in Document(away("Word")).paragraphs if p.style.name == "Heading 1"]
    assert names == ["Institute 0", "Institute 2"]
    assert len(zipfile.ZipFile(away("ZIP")).namelist()) == 1
    assert found == []
