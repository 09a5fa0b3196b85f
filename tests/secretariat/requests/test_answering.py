"""Institutions answer what the Secretariat asks: in turns, sent, changed, declined, on time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from secretariat.models import Response
from secretariat.requests import handling
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


def typed(request, response, text="", **more):
    first, second = request.questions.all()
    response.refresh_from_db()
    sent = {"version": response.lock_version, f"question-{first.pk}": text}
    sent |= {f"question-{second.pk}-0-0": more.pop("title", "")}
    return sent | {f"question-{second.pk}-0-1": more.pop("year", "")} | more


def test_answers_are_begun_gone_on_with_and_sent(client, asked, institution, focal_point):
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
    assert (response.state, response.sent_by) == (Response.State.SENT, focal_point)
    mails = Message.objects.filter(to=focal_point.email).order_by("pk")
    assert [mail.kind for mail in mails] == ["request-opened", "request-received"]
    # Until the end it can be changed; asked twice for the same nobody gets a second mail.
    client.post(response.address, typed(request, response, "Three", send="1"))
    assert response.answers.get().text == "Three"
    handling.open_to(request, [institution])
    assert mails.filter(kind="request-opened").count() == 1


def test_two_who_answer_at_once_are_told(client, asked, institution, focal_point):
    request = asked()
    response = request.responses.get()
    first, second = (typed(request, response, text, save="1") for text in ("One", "Two"))
    client.post(response.address, first)
    page = text_of(client.post(response.address, second))
    assert "Somebody else has saved this in the meantime" in page
    assert response.answers.get().text == "One"


def test_after_the_end_nothing_is_taken_but_where_it_was_moved(
    client, asked, institution, focal_point
):
    request = asked()
    response = request.responses.get()
    late = timezone.now() - timedelta(minutes=1)
    type(request).objects.update(closes_at=late)
    page = text_of(client.post(response.address, typed(request, response, "Late", send="1")))
    assert "It has closed; nothing was saved." in page
    with pytest.raises(ValidationError, match="Answers were taken until"):
        handling.send(response, focal_point)
    assert not response.answers.exists()

    handling.extend(request, timezone.now() + timedelta(days=2), [response])
    client.post(response.address, typed(request, response, "In time", send="1"))
    assert response.answers.get().text == "In time"
    assert Message.objects.filter(kind="request-extended", to=focal_point.email).exists()
    # A later end for all is one for those who had an end of their own.
    type(response).objects.update(closes_at=timezone.now())
    handling.extend(request, timezone.now() + timedelta(days=5))
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
    client.post(response.address, typed(request, response, "One", save="1"))
    assert "Seal of the institution" in text_of(client.get(f"{response.address}slip/"))
    slip = SimpleUploadedFile("slip.pdf", LETTER)
    client.post(response.address, typed(request, response, "One", send="1", slip=slip))
    response.refresh_from_db()
    assert response.state == Response.State.SENT
    assert b"".join(client.get(f"{response.address}file/0/")) == LETTER


def test_others_see_what_the_request_lets_them_see(client, asked, institution, focal_point):
    other = make.Member(name="Institute of Bamboo")
    request = asked(other, seen_by="answered")
    theirs, ours = request.responses.get(institution=other), institution.responses.get()
    theirs.answers.create(question=request.questions.first(), text="Bamboo houses")
    handling.send(theirs, focal_point)
    assert client.get(f"{ours.address}answers/").status_code == 404
    client.post(ours.address, typed(request, ours, "Ours", send="1"))
    assert "Bamboo houses" in text_of(client.get(f"{ours.address}answers/"))

    # A viewer reads and writes nothing; a stranger finds nothing.
    viewer = make.User(email="viewer@example.org")
    make.Affiliation(user=viewer, institution=institution, role="viewer")
    client.force_login(viewer)
    assert client.get(ours.address).status_code == 200
    assert client.post(ours.address, typed(request, ours, "Mine")).status_code == 403
    for address in (theirs.address, f"{theirs.address}slip/", f"{theirs.address}file/0/"):
        assert client.get(address).status_code == 404


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

    type(request).objects.update(closes_at=timezone.now())
    handling.remind_and_close()
    request.refresh_from_db()
    assert request.state == request.State.CLOSED
