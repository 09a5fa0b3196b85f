"""Officers ask, watch, remind, take away, take over, and close."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from members.models import Membership
from projects.models import Project
from secretariat.back_office import groups
from secretariat.models import Request, Response
from secretariat.requests import copies, handling
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


def test_who_answered_what_is_one_table_and_three_files(
    client, officer, asked, institution, django_assert_max_num_queries
):
    others = [make.Member(name=f"Institute {n}") for n in range(50)]
    request = asked(*others, wants_slip=True)
    text, table = request.questions.all()
    first = request.responses.get(institution=institution)
    first.answers.create(question=text, text="Three of them")
    first.answers.create(question=table, rows=[["Digesters", "2019"], ["Stoves", ""]])
    first.slip = SimpleUploadedFile("slip.pdf", LETTER)
    first.save()
    handling.send(first, officer)

    client.get(at("responses", request.pk))
    with django_assert_max_num_queries(12):
        page = client.get(at("responses", request.pk))
    assert "Three of them" in text_of(page)
    assert "Institute of Biogas" in text_of(page)

    book = load_workbook(io.BytesIO(client.get(at("export", request.pk, "xlsx")).content))
    whole, rows = book.worksheets
    assert next(row[0] for row in whole.values) == "Institution"
    assert [row[3] for row in whole.values if row[0] == "Institute of Biogas"] == ["Three of them"]
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


def test_an_officer_enters_what_came_on_paper_and_returns_what_is_unclear(
    client, officer, asked, institution
):
    writer = make.Affiliation(institution=institution).user
    request = asked()
    response = request.responses.get()
    text, _table = request.questions.all()
    page = at("response", response.pk)
    typed = {"version": "0", f"question-{text.pk}": "Four"}
    refused = client.post(page, typed)
    assert "sealed slip" in text_of(refused)
    response.refresh_from_db()
    assert response.state != Response.State.SENT
    typed |= {"version": response.lock_version, "slip": SimpleUploadedFile("a.pdf", LETTER)}
    client.post(page, typed)
    response.refresh_from_db()
    assert (response.state, response.on_paper) == (Response.State.SENT, True)
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
    request = asked()
    assert "1 email would be sent" in text_of(client.post(at("remind", request.pk)))
    client.post(at("remind", request.pk), {"_confirmed": "1"})
    client.post(at("remind", request.pk), {"_confirmed": "1"})
    assert Message.objects.get(kind="request-reminder").to == writer.email

    for moment, said in ((timezone.now(), "never ends sooner"), ("tomorrow", "valid date")):
        page = client.post(at("extend", request.pk), {"closes_at": moment, "_confirmed": "1"})
        assert said in text_of(page)
    later = timezone.localtime() + timedelta(days=30)
    client.post(
        at("extend", request.pk), {"closes_at": f"{later:%Y-%m-%d %H:%M}", "_confirmed": "1"}
    )
    request.refresh_from_db()
    assert timezone.localdate(request.closes_at) == later.date()


def test_rows_become_drafts_with_the_institution_as_source(client, officer, institution, drafted):
    make.Country(iso2="VN", name="Viet Nam")
    request = copies.from_ready_made(0)
    Request.objects.update(closes_at=timezone.now() + timedelta(days=5))
    handling.open_to(request, [institution])
    response = request.responses.get()
    question = request.questions.get()
    cells = ["", "Stoves for villages", "农村炉灶", "", "", "2016", "Viet Nam", ""]
    response.answers.create(question=question, rows=[cells, ["", "", "", "", "", "x", "", ""]])
    address = at("take", response.pk, question.pk)
    assert client.get(address).status_code == 404
    handling.send(response, officer)

    preview = client.get(address)
    assert "Stoves for villages" in text_of(preview)
    assert "Answer of Institute of Biogas to the Secretariat" in preview.content.decode()
    token = preview.context["token"]
    source = {
        "source_name": "Answer of Institute of Biogas to the Secretariat",
        "source_read_on": timezone.localdate().isoformat(),
    }
    client.post(reverse("admin:projects_project_process_import"), {"preview": token} | source)
    made = Project.objects.get()
    assert (made.title, made.state) == ("Stoves for villages", "draft")
    assert made.sources.get().name == source["source_name"]


def test_a_vote_that_passes_admits_the_candidate(client, officer, asked, institution):
    candidate = make.Institution(name="Institute of Silk")
    vote = asked(rule="unanimous", candidate=candidate)
    response = vote.responses.get()
    response.answers.create(question=vote.questions.get(), chosen=[1])
    handling.send(response, officer)
    page = text_of(client.get(at("responses", vote.pk)))
    assert "Yes 1, no 0, abstained 0; 1 of 1 have voted." in page
    early = client.post(at("admit", vote.pk), {"sure": "1"}, follow=True)
    assert "Only the candidate of a closed vote that passed is admitted." in text_of(early)
    asked_first = client.post(at("close", vote.pk))
    assert "Close the request?" in text_of(asked_first)
    client.post(at("close", vote.pk), {"sure": "1"})
    assert "Carried" in text_of(client.get(at("responses", vote.pk)))
    for _twice in range(2):
        client.post(at("admit", vote.pk), {"sure": "1"})
    assert Membership.objects.get(institution=candidate).admitted_how.startswith("Vote of the")


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
