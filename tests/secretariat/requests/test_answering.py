"""Institutions answer what the Secretariat asks: in turns, sent, changed, declined, on time."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from secretariat.models import Response
from secretariat.privacy import erase_answers
from secretariat.requests import handling
from sscnet.outbox.models import Message
from tests import make
from tests.core.test_kept_posts import end_session, opened, sign_in
from tests.meetings.desk import text_of
from tests.moved_ends import move_end

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


def typed(request, response, text="", **more):
    first, second = request.questions.all()
    response.refresh_from_db()
    sent = {"version": response.lock_version, f"question-{first.pk}": text}
    sent |= {f"question-{second.pk}-0-0": more.pop("title", "")}
    return sent | {f"question-{second.pk}-0-1": more.pop("year", "")} | more


def test_answers_are_begun_gone_on_with_and_sent(client, asked, institution, focal_point, opener):
    request = asked()
    response = request.responses.get()
    assert "Missing projects" in text_of(client.get(f"/my/{institution.slug}/"))
    page = text_of(client.get(response.address))
    assert "What is missing?" in page
    assert "Year" in page
    response.refresh_from_db()
    assert response.state == Response.State.OPENED

    client.post(response.address, typed(request, response, title="Digesters", save="1"))
    response.refresh_from_db()
    assert response.state == Response.State.BEGUN
    assert response.answers.get().rows == [["Digesters", ""]]
    # Sent without what is required: said, and what was typed stays.
    page = client.post(response.address, typed(request, response, title="Two", send="1"))
    assert "What is missing?: This field is required." in text_of(page)
    assert 'value="Two"' in page.content.decode()

    client.post(response.address, typed(request, response, "Two of them", title="Two", send="1"))
    response.refresh_from_db()
    assert (response.state, response.submission.sent_by) == (Response.State.SENT, focal_point)
    mails = Message.objects.filter(to=focal_point.email).order_by("pk")
    assert [mail.kind for mail in mails] == ["request-opened", "request-received"]
    # Until the end it can be changed; asked twice for the same nobody gets a second mail.
    client.post(response.address, typed(request, response, "Three", send="1"))
    assert response.answers.get().text == "Three"
    handling.open_to(request, [institution], opener)
    assert mails.filter(kind="request-opened").count() == 1


def test_a_table_goes_out_as_a_sheet_and_comes_back(client, asked, institution, focal_point):
    request = asked()
    response, table = request.responses.get(), request.questions.last()
    client.post(response.address, typed(request, response, title="Digesters", save="1"))
    address = f"{response.address}file/{table.pk}/"
    assert address in client.get(response.address).content.decode()
    workbook = openpyxl.load_workbook(BytesIO(client.get(address).content))
    assert [*workbook.active.values] == [("Title", "Year"), ("Digesters", None)]

    workbook.active.append(["Stoves", "2019"])
    workbook.save(filled := BytesIO())
    sheet = SimpleUploadedFile("filled.xlsx", filled.getvalue())
    sent = typed(request, response) | {f"question-{table.pk}-sheet": sheet, "save": "1"}
    client.post(response.address, sent)
    assert response.answers.get().rows == [["Digesters", ""], ["Stoves", "2019"]]


def test_ten_thousand_signs_and_what_is_typed_while_it_closes_are_not_lost(
    client, asked, institution, focal_point
):
    request = asked()
    response, text = request.responses.get(), request.questions.first()
    with pgtrigger.ignore():
        type(text).objects.filter(pk=text.pk).update(length=10_000)
    client.post(response.address, typed(request, response, "字" * 10_001, save="1"))
    assert not response.answers.exists()
    client.post(response.address, typed(request, response, "字" * 10_000, send="1"))
    assert len(response.answers.get().text) == 10_000
    # It closes while somebody is typing: nothing is stored, what was typed is shown.
    late = typed(request, response, "Typed too late", send="1")
    handling.close(request)
    page = client.post(response.address, late)
    assert "It has closed; nothing was saved. What you typed stands below." in text_of(page)
    assert "Typed too late" in page.content.decode()
    assert "Send again" not in text_of(page)
    assert len(response.answers.get().text) == 10_000


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    client, asked, institution, focal_point
):
    request = asked()
    response = request.responses.get()
    hidden = opened(client, response.address)
    sent = typed(request, response, "Typed for an hour", title="Digesters", save="1")
    end_session(client)
    client.post(response.address, hidden | sent)
    assert not response.answers.exists()
    page = sign_in(client, focal_point.email, response.address)
    assert "Typed for an hour" in page.text
    assert 'value="Digesters"' in page.text


def test_the_known_stands_beside_a_question_and_a_colleague_is_invited_from_it(
    client, drafted, institution, focal_point, opener
):
    project = make.Project(title="Biogas for villages")
    make.ProjectInstitution(project=project, institution=institution)
    make.Project(title="Of another institution")
    request = drafted()
    request.questions.create(kind="table", text="Projects", choices="Title", about="projects")
    request.questions.create(kind="choice", text="Profile", choices="right\nwrong", about="profile")
    handling.open_to(request, [institution], opener)
    response = request.responses.get()
    page = client.get(response.address)
    assert project.get_absolute_url() in page.text
    assert "Institute of Biogas</li>" in page.text
    assert "Of another institution" not in page.text

    [forward] = re.findall(r'href="([^"]*/people/invite/[^"]*)"', page.text)
    sent = client.post(forward, {"email": "colleague@example.org", "role": "deputy"})
    assert sent["Location"] == response.address
    elsewhere = f"/my/{institution.slug}/people/invite/?back=https://elsewhere.example/"
    sent = client.post(elsewhere, {"email": "other@example.org", "role": "deputy"})
    assert sent["Location"] == f"/my/{institution.slug}/people/"
    # What is known to be right is confirmed by that answer.
    choice = request.questions.last()
    client.post(response.address, {"version": 0, f"question-{choice.pk}": "1", "send": "1"})
    institution.refresh_from_db()
    assert institution.profile_confirmed_by == focal_point


def test_answers_are_erased_when_their_time_is_over_and_counts_stay(
    asked, institution, focal_point, django_capture_on_commit_callbacks
):
    request = asked()
    response = request.responses.get()
    response.slip = ContentFile(LETTER, name="a.pdf")
    response.save()
    name = response.slip.name
    response.answers.create(question=request.questions.first(), text="Li Na, Beijing")
    handling.decline(response, "Li Na is ill", focal_point)
    handling.close(request)
    assert erase_answers() == 0
    with pgtrigger.ignore():
        type(request).objects.update(closed_at=timezone.now() - timedelta(days=1096))
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_answers() == 1
    response.refresh_from_db()
    request.refresh_from_db()
    assert (request.state, response.state, response.reason) == ("archived", "declined", "–")
    assert response.answers.get().text == ""
    assert not default_storage.exists(name)
    assert erase_answers() == 0


def test_two_who_answer_at_once_are_told(client, asked, institution, focal_point):
    request = asked()
    response = request.responses.get()
    first, second = (typed(request, response, text, save="1") for text in ("One", "Two"))
    client.post(response.address, first)
    page = text_of(client.post(response.address, second))
    assert "Somebody else has saved this in the meantime" in page
    assert response.answers.get().text == "One"


def test_after_the_end_nothing_is_taken_but_where_it_was_moved(
    client, asked, institution, focal_point, opener
):
    request = asked()
    response = request.responses.get()
    move_end(request, minutes=-1)
    page = text_of(client.post(response.address, typed(request, response, "Late", send="1")))
    assert "It has closed; nothing was saved." in page
    with pytest.raises(ValidationError, match="Answers were taken until"):
        handling.send(response, focal_point)
    assert not response.answers.exists()

    later = timezone.now() + timedelta(days=2)
    handling.extend(request, later, "Who was ill", opener, [response])
    client.post(response.address, typed(request, response, "In time", send="1"))
    assert response.answers.get().text == "In time"
    assert Message.objects.filter(kind="request-extended", to=focal_point.email).exists()
    # A later end for all is one for those who had an end of their own.
    type(response).objects.update(closes_at=timezone.now())
    handling.extend(request, timezone.now() + timedelta(days=5), "The meeting moved", opener)
    client.post(response.address, typed(request, response, "Later", send="1"))
    assert response.answers.get().text == "Later"
    assert not institution.responses.waiting().to_answer().exists()
    assert institution.responses.to_answer().exists()


def test_an_institution_declines_with_a_reason_and_may_still_answer(
    client, asked, institution, focal_point
):
    request = asked()
    response = request.responses.get()
    decline = f"{response.address}decline/"
    assert "This field is required." in text_of(client.post(decline, {"reason": " "}))
    client.post(decline, {"reason": "We have none"})
    response.refresh_from_db()
    assert (response.state, response.reason) == (Response.State.DECLINED, "We have none")
    client.post(response.address, typed(request, response, "One after all", send="1"))
    response.refresh_from_db()
    assert response.state == Response.State.SENT


def test_a_sealed_slip_is_printed_and_sent_back(client, asked, institution, focal_point):
    request = asked(wants_slip=True)
    response = request.responses.get()
    page = client.post(response.address, typed(request, response, "One", send="1"))
    assert "sealed slip: This field is required." in text_of(page)
    client.post(response.address, typed(request, response, "One", title="Digesters", save="1"))
    printed = text_of(client.get(f"{response.address}slip/"))
    assert "Seal of the institution" in printed
    assert "Digesters" in printed
    slip = SimpleUploadedFile("slip.pdf", LETTER)
    client.post(response.address, typed(request, response, "One", send="1", slip=slip))
    response.refresh_from_db()
    assert response.state == Response.State.SENT
    assert b"".join(client.get(f"{response.address}sent/0/")) == LETTER


def test_others_see_what_the_request_lets_them_see(client, asked, institution, focal_point):
    other = make.Member(name="Institute of Bamboo")
    request = asked(other, seen_by="answered")
    theirs, ours = request.responses.get(institution=other), institution.responses.get()
    theirs.answers.create(question=request.questions.first(), text="Bamboo houses")
    theirs.answers.create(question=request.questions.last(), rows=[["Bamboo bridges", "2019"]])
    handling.send(theirs, focal_point)
    assert client.get(f"{ours.address}answers/").status_code == 404
    client.post(ours.address, typed(request, ours, "Ours", send="1"))
    shown = text_of(client.get(f"{ours.address}answers/"))
    assert "Bamboo houses" in shown
    assert "Bamboo bridges" in shown

    # A viewer reads and writes nothing; a stranger finds nothing.
    viewer = make.User(email="viewer@example.org")
    make.Affiliation(user=viewer, institution=institution, role="viewer")
    client.force_login(viewer)
    assert client.get(ours.address).status_code == 200
    assert client.post(ours.address, typed(request, ours, "Mine")).status_code == 403
    for address in (theirs.address, f"{theirs.address}slip/", f"{theirs.address}file/0/"):
        assert client.get(address).status_code == 404


def test_nobody_else_reaches_what_an_institution_answered(client, asked, institution, focal_point):
    other = make.Affiliation(institution=make.Member(name="Institute of Bamboo"))
    viewer = make.Affiliation(institution=make.Member(), role="viewer")
    request = asked(other.institution, wants_slip=True)
    response, (text, table) = institution.responses.get(), request.questions.all()
    response.slip = ContentFile(LETTER, name="a.pdf")
    response.save()
    response.answers.create(question=text, text="Planted words")
    response.answers.create(question=table, rows=[["Planted row", ""]])
    handling.send(response, focal_point)
    own = [
        response.address,
        *(f"{response.address}{page}/" for page in ("slip", "decline", "answers", "file/0")),
        f"{response.address}file/{text.pk}/",
    ]
    views = ("responses", "open", "remind", "extend", "close", "copy", "change")
    office = [reverse(f"admin:secretariat_request_{view}", args=[request.pk]) for view in views]
    office += [
        reverse("admin:secretariat_request_export", args=[request.pk, kind])
        for kind in ("xlsx", "docx", "zip")
    ]
    office += [
        reverse("admin:secretariat_request_response", args=[response.pk]),
        reverse("admin:secretariat_request_file", args=[response.pk, 0]),
        reverse("admin:secretariat_request_take", args=[response.pk, table.pk]),
    ]
    assert "Planted words" in client.get(response.address).text
    for user in (make.User(email="stranger@example.org"), other.user, viewer.user):
        client.force_login(user)
        for address in own + office:
            for send in (client.get, client.post):
                page = send(address)
                assert page.status_code in (302, 403, 404, 405), (user, address)
                assert page.status_code != 302 or "/login/" in page["Location"], address
    assert response.answers.count() == 2


def test_reminders_go_on_the_chosen_days_to_who_has_not_answered(asked, institution, focal_point):
    other = make.Affiliation(user=make.User(email="other@example.org")).institution
    request = asked(
        other, remind_days=[7, 3], closes_at=timezone.now() + timedelta(days=3, minutes=5)
    )
    sent = request.responses.get(institution=other)
    handling.send(sent, focal_point)
    handling.remind_and_close()
    handling.remind_and_close()
    reminded = Message.objects.filter(kind="request-reminder")
    assert [mail.to for mail in reminded] == [focal_point.email]

    move_end(request, seconds=0)
    handling.remind_and_close()
    request.refresh_from_db()
    assert request.state == request.State.CLOSED
