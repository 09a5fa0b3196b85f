"""Passport, diet and access needs are kept by the person's own consent, and not without it."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from meetings import places
from meetings.models import Delegate, DelegateLink, Passport
from meetings.persons.consents import VERSION, withdraw_consent
from tests import make
from tests.meetings.registration.steps import address, typed
from tests.meetings.travellers import DATA, person_with_place, travel_meeting
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

WEI = {"family_name": "Zhang", "given_names": "Wei"}
NEEDS = {"diet": "no pork", "access_needs": "step-free way"}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
YES = {"agrees_passport": "yes", "agrees_diet": "yes", "agrees_access_needs": "no"}
ASKS = {"asks": ["diet", "access_needs"], "travel_asks": ["passport"]}


@pytest.fixture
def person():
    return person_with_place(travel_meeting(**ASKS), passport=None, consented_to=[])


def own(person, page="own_data_agree"):
    return DelegateLink.renew(person).path(page)


@pytest.mark.usefixtures("focal_point")
def test_the_institution_is_asked_for_none_of_it(client, meeting, institution):
    meeting.asks = ["diet", "access_needs"]
    meeting.save()
    page = address(meeting, institution, "people")

    client.post(page, typed([WEI | NEEDS | {"consented_to": ["diet"]}]), follow=True)

    delegate = Delegate.objects.get()
    assert (delegate.diet, delegate.access_needs, delegate.consented_to) == ("", "", [])
    assert 'name="people-0-diet"' not in client.get(page).content.decode()


def test_the_person_answers_by_the_own_link_and_version_and_day_are_kept(client, person):
    page = own(person)
    assert "embassy" in text_of(client.get(page)), "to whom it goes"
    both = client.post(page, YES | {"access_needs": "lift"})
    assert "Leave this empty, or agree" in text_of(both)

    client.post(page, YES | {"diet": "no pork"})

    person.refresh_from_db()
    assert (person.consented_to, person.refused) == (["passport", "diet"], ["access_needs"])
    assert (person.diet, person.consent_version) == ("no pork", VERSION)
    assert person.consented_at
    assert VERSION in text_of(client.get(own(person, "own_data")))


def test_without_it_no_page_takes_a_passport(client, person):
    travel = own(person, "own_travel")

    page = client.get(travel).content.decode()

    assert 'name="passport-number"' not in page
    assert own(person).rsplit("/", 2)[1] == "agree"


def test_the_database_refuses_a_passport_without_it(person):
    sql = "INSERT INTO meetings_passport (delegate_id, sealed) VALUES (%s, 'any')"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [person.pk])
    Delegate.objects.update(consented_to=["passport"])
    with connection.cursor() as cursor:
        cursor.execute(sql, [person.pk])

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegate.objects.update(consented_to=[])

    withdraw_consent(person, "passport")
    person.refresh_from_db()
    assert (Passport.objects.count(), person.consented_to, person.refused) == (0, [], ["passport"])


@pytest.mark.parametrize("name", ["diet", "access_needs"])
def test_the_database_refuses_what_nobody_agreed_to(name):
    delegate = make.Delegate()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegate.objects.filter(pk=delegate.pk).update(**{name: "any"})


@pytest.mark.parametrize(("nationality", "is_asked"), [("CN", False), ("TW", False), ("KE", True)])
def test_who_crosses_no_border_is_asked_for_no_passport(person, nationality, is_asked):
    person.nationality = nationality

    assert person.is_asked_for_passport == is_asked


def test_on_paper_an_officer_enters_it_with_the_signed_sheet(client, person):
    page = reverse("admin:meetings_delegate_consent", args=[person.pk])
    client.force_login(make.Administrator())
    assert "required" in text_of(client.post(page, YES))

    sheet = SimpleUploadedFile("consent.pdf", PDF)
    assert client.post(page, YES | {"scan": sheet}).status_code == 302

    person.refresh_from_db()
    assert person.consented_to == ["passport", "diet"]
    assert LogEntry.objects.get(object_id=str(person.pk)).user.is_superuser
    with default_storage.open(person.consent_scan.name) as stored:
        assert b"%PDF" not in stored.read(), "it lies encrypted"
    scan = client.get(reverse("admin:meetings_delegate_scan", args=[person.pk]))
    assert b"".join(scan.streaming_content).startswith(b"%PDF")


def test_who_takes_a_place_over_agrees_anew(person):
    Delegate.objects.update(consented_to=["passport", "diet"], diet="no nuts", refused=["x"])
    Passport(delegate=person, data=DATA).save()

    places.swap(person, {"family_name": "Li"})

    person.refresh_from_db()
    assert (person.diet, person.consented_to, person.refused) == ("", [], [])
    assert (person.consented_at, Passport.objects.count()) == (None, 0)
    assert person.delegation.meeting.starts_on > date(2026, 1, 1)
