"""Anybody checks a letter or certificate by its code, and learns no name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import places
from meetings.models import Attendance, IssuedDocument, Passport, Traveller
from meetings.office.check_in import arrivals
from meetings.persons import erasing
from sscnet.papers import issuing
from sscnet.papers.models import Paper
from tests.meetings.pages import text_of
from tests.meetings.travellers import (
    CERTIFICATE,
    NUMBER,
    issued,
    person_with_place,
    travel_meeting,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "2222-3333-4444"
NAMES = ("li wei", "wei li", "李伟", NUMBER.casefold())


@pytest.fixture
def person():
    return person_with_place(travel_meeting())


def cancel(person):
    meeting = person.delegation.meeting
    meeting.cancelled_at = timezone.now()
    meeting.save()


def check(client, code, prefix=""):
    return client.get(f"{prefix}/check/{code}/")


def test_a_valid_paper_is_said_without_a_name_and_who_guesses_is_slowed(client, person, settings):
    letter = issued(person)

    response = check(client, letter.code)

    page = text_of(response)
    assert response.status_code == 200
    for words in ("genuine and valid", "Letter of invitation", "Annual meeting of the Network",
                  "3–5 March 2027", "W. L.", str(letter.paper)):  # fmt: skip
        assert words in page
    assert [name for name in NAMES if name in page.casefold()] == []
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}
    chinese = text_of(check(client, letter.code, "/zh-hans"))
    assert "合作网年会" in chinese
    assert "genuine" not in chinese
    assert [name for name in NAMES if name in chinese.casefold()] == []

    code = letter.code
    response = client.get("/check/", {"code": f" {code.lower().replace('-', ' ')} "})
    assert response.url == f"/check/{code}/"
    assert check(client, code.replace("-", "").lower()).status_code == 200

    answers = [check(client, f"2222-3333-{4444 + n}").status_code for n in range(100)]
    assert answers == [404] * settings.WRONG_CODES_AN_HOUR + [429] * 70
    assert "genuine and valid" in text_of(check(client, code))
    elsewhere = client.get("/check/2222-3333-4444/", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: places.swap(p, {"family_name": "Sun"}), "out of date"),
        (lambda p: issuing.take_back(p.issued_documents.get().paper, "any", None), "was withdrawn"),
        (lambda p: places.withdraw(p), "was withdrawn"),
        (cancel, "(cancelled)"),
        (erasing.erase_person, "no longer on record"),
    ],
)
def test_what_became_of_it_is_said(client, person, change, words):
    letter = issued(person)

    change(person)

    page = text_of(check(client, letter.code))
    assert words in page
    assert [name for name in (*NAMES, "sun") if name in page.casefold()] == []


def test_an_unknown_code_is_said_with_a_form(client):
    for tail in (
        *(f"{UNKNOWN}/", "x/", "?code=%2F..%2F", "?code=%3Cscript%3E"),
        *(f"{'A' * 3000}/", "%E6%9D%8E/"),
    ):
        response = client.get(f"/check/{tail}")
        assert response.status_code == 404, tail
        assert 'name="code"' in response.content.decode(), tail
        assert "<script>" not in response.content.decode().replace("<script src", ""), tail


# ------------------------------------------------------------------ erasing


def test_erasing_a_person_leaves_only_the_code(person):
    Traveller.objects.create(delegate=person, hotel_name="Any")
    arrivals.note(person, "present", None)
    issued(person), issued(person, CERTIFICATE)
    assert all("李伟" in one.recipient for one in Paper.objects.all())

    erasing.erase_person(person)

    left = [model.objects.count() for model in (Passport, Traveller, IssuedDocument)]
    assert left == [0, 0, 0]
    papers = list(Paper.objects.all())
    assert {one.state for one in papers} == {"erased"}
    assert {(one.subject, one.recipient, bytes(one.word)) for one in papers} == {("", "", b"")}
    assert [one.number for one in papers] == [1, 1], "the numbers stay"


def test_erasing_a_meeting_takes_papers_of_walk_ins_too(client):
    meeting = travel_meeting()
    arrivals.note_walk_in(meeting, "Fatou Example", "", None)
    paper = issued(Attendance.objects.get(), CERTIFICATE)
    past = timezone.localdate() - timedelta(days=1)
    type(meeting).objects.filter(pk=meeting.pk).update(
        starts_on=past, ends_on=past, year=past.year, retain_until=past
    )
    meeting.refresh_from_db()

    erasing.erase(meeting)

    assert not IssuedDocument.objects.exists()
    assert "no longer on record" in text_of(check(client, paper.code))


def test_erasing_a_walk_in_leaves_only_the_code_and_that_somebody_came(client):
    meeting = travel_meeting()
    arrivals.note_walk_in(meeting, "Fatou Example", "University of Example", None)
    walk_in = Attendance.objects.get()
    paper = issued(walk_in, CERTIFICATE)

    protocol = erasing.erase_walk_in(walk_in)

    walk_in.refresh_from_db()
    gone = (walk_in.name, walk_in.institution_as_stated, walk_in.consented_at)
    assert (gone, walk_in.state) == (("", "", None), "present")
    assert (protocol.walk_ins, protocol.reason) == (1, "request")
    assert not IssuedDocument.objects.exists()
    page = text_of(check(client, paper.code))
    assert "no longer on record" in page
    assert "F. E." not in page
    assert erasing.erase_walk_in(walk_in) is None
