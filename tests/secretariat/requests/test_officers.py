"""Officers ask, watch, remind, take away, take over, and close."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from docx import Document
from docx.table import Table
from openpyxl import load_workbook

from secretariat.back_office import groups
from secretariat.models import Request, Response, ResponseAnswer
from secretariat.requests import exports, handling
from sscnet.exchange.sheets import as_text
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


def at(view, *args):
    return reverse(f"admin:secretariat_request_{view}", args=args)


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.OFFICER)
    client.force_login(user)
    return user


def test_a_ready_made_request_is_opened_to_all_members_after_the_mails_were_seen(client, officer):
    people = [make.Affiliation(institution=make.Member()).user for _n in range(3)]
    silent = make.Member(name="Without an address")
    make.Institution(name="A partner")
    make.Member(is_sample=True)
    page = client.get(at("ready"))
    assert "Projects missing in the catalogue" in text_of(page)
    made = client.post(at("ready"), {"number": "0"}, follow=True)
    request = Request.objects.get()
    assert made.redirect_chain[-1][0] == at("change", request.pk)
    assert client.post(at("ready"), {"number": "99"}).status_code == 200
    # It says what it lacks.
    to_members = {"group": "members", "_confirmed": "1"}
    refused = client.post(at("open", request.pk), to_members)
    assert "Say until when answers are taken" in text_of(refused)
    Request.objects.update(closes_at=timezone.now() + timedelta(days=20))

    seen = client.post(at("open", request.pk), {"group": "members"})
    assert text_of(seen).count("Please answer by") >= 3
    assert not request.responses.exists()
    opened = client.post(at("open", request.pk), to_members, follow=True)
    assert "Done. 3 emails are being sent." in text_of(opened)
    assert "1 institution has no address to write to" in text_of(opened)
    assert request.responses.count() == 4
    assert request.responses.filter(institution=silent).exists()
    assert set(Message.objects.values_list("to", flat=True)) == {one.email for one in people}
    listed = client.get(at("changelist"))
    assert "0 / 4" in text_of(listed)


def test_who_answered_what_is_one_table_and_three_files(client, officer, asked, institution):
    request = asked(make.Member(), wants_slip=True)
    text, table = request.questions.all()
    first = request.responses.get(institution=institution)
    first.answers.create(question=text, text="Three of them")
    first.answers.create(question=table, rows=[["Digesters", "2019"], ["Stoves", ""]])
    first.slip = SimpleUploadedFile("slip.pdf", LETTER)
    first.save()
    handling.send(first, officer)

    page = client.get(at("responses", request.pk))
    assert "Three of them" in text_of(page)
    assert "Institute of Biogas" in text_of(page)

    book = load_workbook(io.BytesIO(client.get(at("export", request.pk, "xlsx")).content))
    whole, rows = book.worksheets
    assert next(row[0] for row in whole.values) == "Institution"
    assert [row[4] for row in whole.values if row[0] == "Institute of Biogas"] == ["Three of them"]
    assert list(rows.values)[1:] == [
        ("Institute of Biogas", "Digesters", "2019"),
        ("Institute of Biogas", "Stoves", None),
    ]
    word = Document(io.BytesIO(client.get(at("export", request.pk, "docx")).content))
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"] == [
        "Institute of Biogas"
    ]
    assert word.tables[0].cell(1, 0).text == "Digesters"
    bundle = zipfile.ZipFile(io.BytesIO(client.get(at("export", request.pk, "zip")).content))
    [name] = bundle.namelist()
    assert name.endswith(".pdf")
    assert bundle.read(name) == LETTER
    assert client.get(at("export", request.pk, "exe")).status_code == 404


@pytest.fixture
def large(drafted, officer):
    """Ask 51 institutions 30 questions of all kinds; 50 have answered."""
    request = drafted(wants_slip=True)
    for n, kind in enumerate(["text", "choice", "number", "date", "table", "file"] * 5):
        choices = {"choice": "Biogas\nBamboo\nWater", "table": "Title\nYear (number)"}.get(kind, "")
        request.questions.create(kind=kind, text=f"Q{n}", choices=choices, position=n)
    provinces = ["beijing", "yunnan", "gansu"]
    institutions = [
        make.Member(name=f"Institute {n:02}", province=provinces[n % 3]) for n in range(51)
    ]
    handling.open_to(request, institutions, officer)
    questions, answers = list(request.questions.all()), []
    for n, response in enumerate(request.responses.all()[:50]):
        values = {
            "text": {"text": f"Text {n}\nsecond line, “quoted”; =SUM(A1)"},
            "choice": {"chosen": [n % 3 + 1]},
            "number": {"number": Decimal(n) / 4},
            "date": {"day": date(2027, 1, 1) + timedelta(days=n)},
            "table": {"rows": [[f"Project {n}-{row}", str(2000 + row)] for row in range(n % 4)]},
            "file": {"file": "documents/shared.pdf"},
        }
        answers += [
            ResponseAnswer(response=response, question=question, **values[question.kind])
            for question in questions
            # Some leave some open.
            if (n + question.position) % 7 and (question.kind != "table" or n % 4)
        ]
    ResponseAnswer.objects.bulk_create(answers)
    first = answers[0].response
    first.slip = SimpleUploadedFile("slip.pdf", LETTER)
    first.save()
    ResponseAnswer.objects.exclude(file="").update(file=first.slip.name)
    for response in request.responses.filter(pk__in={one.response_id for one in answers}):
        handling.send(response, officer)
    request.refresh_from_db()
    return request


@pytest.mark.parametrize("order", ["name", "province", "state"])
def test_workbook_word_and_archive_agree_with_the_table(client, large, order):
    page = client.get(at("responses", large.pk), {"order": order})
    questions, rows = page.context["questions"], page.context["rows"]
    names = [str(response.institution) for response, _given in rows]
    assert len(names) == 51
    assert (names == sorted(names)) is (order == "name")

    def away(kind):
        return io.BytesIO(client.get(at("export", large.pk, kind), {"order": order}).content)

    # Every cell of the table is in the workbook, in its order; rows of tables on their sheets.
    whole, *sheets = load_workbook(away("xlsx")).worksheets
    _heading, *written = whole.values
    assert [row[0] for row in written] == names
    for (_response, given), row in zip(rows, written, strict=True):
        for answer, cell in zip(given, row[4:], strict=True):
            expected = exports.cell_of(answer)
            expected = float(expected) if isinstance(expected, Decimal) else expected
            assert as_text(cell) == as_text(expected).strip()
    tables = [n for n, question in enumerate(questions) if question.kind == "table"]
    for n, sheet in zip(tables, sheets, strict=True):
        expected = [
            [str(response.institution), *row]
            for response, given in rows
            if given[n]
            for row in given[n].rows
        ]
        assert [list(row) for row in sheet.values][1:] == expected

    # Each answer stands below its question, on the page of its institution.
    blocks = list(Document(away("docx")).iter_inner_content())
    found, answered = [], None
    for block in blocks:
        style = getattr(block.style, "name", "")
        if style in ("Heading 1", "Heading 2"):
            found.append([style, block.text, ""])
        elif isinstance(block, Table):
            rows_in_word = [[cell.text for cell in row.cells] for row in block.rows]
            found[-1][2] = "\n".join(" | ".join(row) for row in rows_in_word[1:])
        else:
            found[-1][2] += block.text
    expected = []
    for response, given in rows:
        if response.submission:
            expected.append(["Heading 1", str(response.institution), ""])
            answered = [one for one in given if one]
            expected += [["Heading 2", str(one.question), str(one)] for one in answered]
    assert [[*one[:2], one[2].strip()] for one in found] == expected

    bundle = zipfile.ZipFile(away("zip"))
    files = [
        f"{number:02} {response.institution} {title}.pdf"
        for number, (response, given) in enumerate(rows, 1)
        for title in [
            *(str(one.question) for one in given if one and one.file),
            *(["Sealed slip"] if response.submission and response.submission.slip else []),
        ]
    ]
    assert bundle.namelist() == files
    assert {bundle.read(name) for name in files} == {LETTER}


def test_pages_of_officers_ask_few_queries(client, large, django_assert_max_num_queries):
    response = large.responses.first()
    for address in (
        at("changelist"),
        at("change", large.pk),
        at("change", large.pk) + "?tab=questions",
        at("responses", large.pk),
        at("responses", large.pk) + "?order=state&province=yunnan",
        at("response", response.pk),
        at("open", large.pk),
        at("remind", large.pk),
        at("extend", large.pk),
        at("export", large.pk, "xlsx"),
        at("export", large.pk, "docx"),
    ):
        client.get(address)
        with django_assert_max_num_queries(14, info=address):
            assert client.get(address).status_code == 200, address


def test_the_table_narrows_and_a_cell_leads_to_the_answer(client, large):
    page = client.get(at("responses", large.pk), {"province": "yunnan"})
    assert len(page.context["rows"]) == 17
    response, given = page.context["rows"][0]
    answer = next(one for one in given if one)
    assert f"{at('response', response.pk)}#question-{answer.question_id}" in page.text
    shown = client.get(at("response", response.pk)).text
    assert f'id="question-{answer.question_id}"' in shown
    assert len(client.get(at("responses", large.pk), {"province": "x\0"}).text) > 0


def test_an_officer_enters_what_came_on_paper_and_returns_what_is_unclear(
    client, officer, asked, institution
):
    writer = make.Affiliation(institution=institution).user
    request = asked()
    response = request.responses.get()
    text, _table = request.questions.all()
    page = at("response", response.pk)
    typed = {f"question-{text.pk}": "Four"}
    refused = client.post(page, typed)
    assert "sealed slip" in text_of(refused)
    response.refresh_from_db()
    assert response.state != Response.State.SENT
    typed |= {"slip": SimpleUploadedFile("a.pdf", LETTER)}
    client.post(page, typed)
    response.refresh_from_db()
    assert (response.state, response.submission.way) == (Response.State.SENT, "paper")
    # What the institution writes itself is not touched.
    assert not response.answers.exists()
    assert b"".join(client.get(at("file", response.pk, 0))) == LETTER

    back = {"remark": "Which year?", "_confirmed": "1"}
    client.post(at("return", response.pk), back)
    response.refresh_from_db()
    assert response.state == Response.State.RETURNED
    mail = Message.objects.get(kind="request-returned")
    assert mail.to == writer.email
    assert "Which year?" in mail.text
    assert "Only an answer that was sent" in text_of(client.post(at("return", response.pk), back))


def test_reminders_and_a_later_end_are_shown_before_they_go(client, officer, asked, institution):
    writer = make.Affiliation(institution=institution).user
    request = asked(make.Member(name="Without an address"))
    before = text_of(client.get(at("remind", request.pk)))
    assert "1 institution has no address to write to" in before
    assert "Without an address" in before
    wechat = text_of(client.get(at("responses", request.pk)))
    assert "请于" in wechat
    assert "/zh-hans/my/" in wechat
    assert "1 email would be sent" in text_of(client.post(at("remind", request.pk)))
    client.post(at("remind", request.pk), {"_confirmed": "1"})
    client.post(at("remind", request.pk), {"_confirmed": "1"})
    assert Message.objects.get(kind="request-reminder").to == writer.email

    for moment, said in ((timezone.now(), "never ends sooner"), ("tomorrow", "valid date")):
        page = client.post(
            at("extend", request.pk), {"closes_at": moment, "reason": "Rain", "_confirmed": "1"}
        )
        assert said in text_of(page)
    later = timezone.localtime() + timedelta(days=30)
    moved = {"closes_at": f"{later:%Y-%m-%d %H:%M}", "_confirmed": "1"}
    assert "This field is required" in text_of(client.post(at("extend", request.pk), moved))
    client.post(at("extend", request.pk), moved | {"reason": "Rain"})
    request.refresh_from_db()
    assert timezone.localdate(request.closes_at) == later.date()
    response = request.responses.get(institution=institution)
    moved = f"(moved on {date_format(timezone.localdate())})"
    for address in (at("responses", request.pk), at("response", response.pk)):
        assert moved in text_of(client.get(address))
    client.force_login(writer)
    assert "The end was moved on" in text_of(client.get(response.address))


def test_readers_look_and_change_nothing(client, asked, institution):
    client.force_login(make.Officer(group=groups.READER))
    request = asked()
    response = request.responses.get()
    assert "Institute of Biogas" in text_of(client.get(at("responses", request.pk)))
    for view, pk in (("open", request.pk), ("remind", request.pk), ("return", response.pk)):
        assert client.get(at(view, pk)).status_code == 403
    text, _table = request.questions.all()
    client.post(at("response", response.pk), {"version": "0", f"question-{text.pk}": "Mine"})
    assert not response.answers.exists()
