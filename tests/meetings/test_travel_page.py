"""The travel page of a person, by the own link and from the delegation."""

import json
from datetime import date, time

import pytest
from django.urls import reverse

from meetings import places
from meetings.models import DelegateLink, Passport, Traveller
from tests import make
from tests.meetings.pages import text_of
from tests.meetings.travellers import NUMBER, issued, person_with_place, travel_meeting
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db

TYPED = {
    "passport-name": "Li  Wei",
    "passport-number": "e 9876-5432",
    "passport-nationality": "CN",
    "passport-expires_on": "2027-09-05",
    "journey-arrives_on": "2027-03-02",
    "journey-arrives_at": "14:20",
    "journey-arrives_by": "MU 5801",
    "journey-leaves_on": "2027-03-06",
    "journey-hotel": "wanted",
}


@pytest.fixture(autouse=True)
def china():
    return make.Country(iso2="CN", name="China")


@pytest.fixture
def institution():
    return make.Institution(name="Institute of Biogas")


@pytest.fixture
def person(institution):
    return person_with_place(travel_meeting(), institution, passport=None)


@pytest.fixture
def focal_point(client, institution):
    user = make.User()
    make.Affiliation(user=user, institution=institution)
    client.force_login(user)
    return user


def of_delegation(person, page="register_travel", *more):
    meeting, institution = person.delegation.meeting, person.delegation.institution
    return reverse(f"meetings:{page}", args=[meeting.slug, institution.slug, person.pk, *more])


def own(person, page="own_travel", *more):
    link = person.links.valid().first() or DelegateLink.renew(person)
    return link.path(page, *more)


def errors(response):
    found = [form.errors for form in response.context["forms"]]
    return {name: list(texts) for one in found for name, texts in one.items()}


def test_the_focal_point_states_and_corrects_it_where_both_ways_lead(client, person, focal_point):
    client.post(of_delegation(person), TYPED)
    client.post(of_delegation(person), TYPED | {"passport-number": "K1234567"})
    assert Passport.objects.get().data.number == "K1234567"
    assert Traveller.objects.count() == 1

    whole = [person.delegation.meeting.slug, person.delegation.institution.slug]
    page = reverse("meetings:delegation", args=whole)
    ways = [of_delegation(person), of_delegation(person, "register_own_link")]
    assert [way in client.get(page).content.decode() for way in ways] == [True, True]
    assert own(person) in client.get(own(person, "own_data")).content.decode()
    places.withdraw(person)
    assert [way in client.get(page).content.decode() for way in ways] == [False, False]


def test_nobody_else_sees_the_page(client, person, institution):
    viewer = make.Affiliation(institution=institution, role="viewer").user
    stranger = make.Affiliation().user

    for user, status in ((viewer, 403), (stranger, 404)):
        client.force_login(user)
        assert client.get(of_delegation(person)).status_code == status
    other = person_with_place(travel_meeting(), passport=None)
    client.force_login(make.Affiliation(institution=institution).user)
    mixed = reverse(
        "meetings:register_travel",
        args=[person.delegation.meeting.slug, institution.slug, other.pk],
    )
    assert client.get(mixed).status_code == 404


def test_the_person_states_all_by_the_own_link_if_it_fits_the_meeting(client, person, settings):
    for field, value, error in [
        ("passport-expires_on", "2027-09-04", "must be valid until 5 September 2027"),
        ("passport-expires_on", "2097-09-05", "more than 20 years"),
        ("passport-expires_on", "soon", "Enter a valid date"),
        ("passport-number", "12", "5 to 20 letters and digits"),
        ("passport-number", "护照12345", "5 to 20 letters and digits"),
        ("passport-name", "李伟", "Latin letters"),
        ("passport-nationality", "nowhere-land", "Select a valid choice"),
        ("journey-arrives_on", "2026-03-02", "does not fit the meeting"),
        ("journey-arrives_on", "2027-03-06", "does not fit the meeting"),
        ("journey-leaves_on", "2027-03-01", "does not fit the meeting"),
        ("journey-leaves_on", "9999-03-01", "does not fit the meeting"),
        ("journey-arrives_by", "x" * 101, "at most 100"),
        ("journey-arrives_at", "in the evening", "Enter a valid time"),
    ]:
        response = client.post(own(person), TYPED | {field: value})
        found = errors(response)
        assert list(found) == [field.partition("-")[2]], value
        assert error in found[field.partition("-")[2]][0], value
        if field != "passport-nationality":
            assert value in response.content.decode(), "what was typed is there"
    days = {"journey-arrives_on": "2027-03-05", "journey-leaves_on": "2027-03-04"}
    assert list(errors(client.post(own(person), TYPED | days))) == ["leaves_on"]
    assert not Passport.objects.exists()
    assert not Traveller.objects.exists()

    response = client.post(own(person), TYPED)
    assert response.status_code == 302
    data = Passport.objects.get(delegate=person).data
    assert (data.name, data.number, data.nationality) == ("Li Wei", "E98765432", "CN")
    assert data.expires_on == date(2027, 9, 5)
    traveller = Traveller.objects.get(delegate=person)
    assert (traveller.arrives_at, traveller.arrives_by) == (time(14, 20), "MU 5801")
    assert traveller.hotel == "wanted"
    page = client.get(own(person))
    assert 'value="E98765432"' in text_of(page)
    assert "no-store" in page["Cache-Control"]

    settings.ENCRYPTION_KEYS = ["another"]
    page = text_of(client.get(own(person)))
    assert NUMBER not in page
    assert client.post(own(person), TYPED).status_code == 302
    assert Passport.objects.get().data.number == "E98765432"


def test_only_what_the_meeting_asks_is_asked_and_a_hotel_before_the_passport(client, person):
    without = {name: value for name, value in TYPED.items() if name.startswith("journey")}
    assert client.post(own(person), without).status_code == 302
    assert Traveller.objects.get().hotel == "wanted"
    assert not Passport.objects.exists()

    person = person_with_place(
        travel_meeting(travel_asks=["hotel"], passport_months=0), passport=None
    )
    (form,) = client.get(own(person)).context["forms"]
    assert list(form.fields) == ["hotel", "hotel_name"]
    client.post(own(person), TYPED)
    assert Traveller.objects.get(delegate=person).arrives_on is None
    assert not Passport.objects.exists()


def test_the_passport_can_be_deleted_and_goes_with_a_swap_or_the_place(client, person):
    client.post(own(person), TYPED)
    asked = client.post(own(person), TYPED | {"forget_passport": "1"})
    assert "Delete the passport data?" in text_of(asked)
    assert Passport.objects.exists()
    client.post(own(person), {"forget_passport": "1", "sure": "yes"})
    assert not Passport.objects.exists()
    assert Traveller.objects.exists()

    client.post(own(person), TYPED)
    former = own(person)
    places.swap(person, {"family_name": "Sun", "given_names": "Yue"})
    assert client.get(former).status_code == 404
    assert not Passport.objects.exists()
    assert not Traveller.objects.exists()

    places.withdraw(person)
    response = client.post(own(person), TYPED)
    assert response.context["forms"] == []
    assert not Passport.objects.exists()


def test_every_look_at_a_passport_is_noted_with_who_and_whose(client, caplog, focal_point):
    institution = focal_point.affiliations.get().institution
    person = person_with_place(travel_meeting(), institution)
    letter = issued(person)
    wrong = {"passport-number": "?"}

    for by, address in (
        (None, own(person)),
        (None, own(person, "own_document", letter.pk)),
        (focal_point.pk, of_delegation(person)),
        (focal_point.pk, of_delegation(person, "register_document", letter.pk)),
    ):
        client.logout() if by is None else client.force_login(focal_point)
        with caplog.at_level("INFO", logger="security"):
            caplog.clear()
            assert client.get(address).status_code == 200
        (line,) = [json.loads(r.message) for r in caplog.records if r.name == "security"]
        assert (line["event"], line["by"], line["delegates"]) == ("passports_seen", by, [person.pk])
        assert line["meeting"] == person.delegation.meeting_id
    with caplog.at_level("INFO", logger="security"):
        caplog.clear()
        assert client.post(of_delegation(person), wrong).status_code == 200
    assert [r for r in caplog.records if "passports_seen" in r.message]
    assert NUMBER not in caplog.text


def test_letters_are_asked_for_once_and_given_to_person_and_institution(
    client, person, focal_point
):
    for address in (own(person), of_delegation(person)):
        assert client.post(address, TYPED | {"ask_letter": "1"}).status_code == 302
    letter = person.issued_documents.get()
    assert (letter.state, letter.asked_at is not None) == ("asked", True)
    waiting = own(person, "own_document", letter.pk)
    assert client.get(waiting).status_code == 404

    letter = issued(person)

    for address in (
        own(person, "own_document", letter.pk),
        of_delegation(person, "register_document", letter.pk),
    ):
        response = client.get(address)
        assert NUMBER in words(response.content)
        assert "no-store" in response["Cache-Control"]
    other = person_with_place(travel_meeting(), passport=None)
    assert client.get(own(other, "own_document", letter.pk)).status_code == 404


def test_asking_for_a_letter_keeps_what_was_typed_where_the_meeting_gives_them(client, person):
    asks = {"ask_letter": "1"}
    wrong = client.post(own(person), TYPED | asks | {"passport-number": "12"})
    assert "5 to 20 letters and digits" in text_of(wrong)
    assert "Saved." not in text_of(wrong)
    assert not person.issued_documents.exists()
    saved = client.post(own(person), TYPED | asks, follow=True)
    assert "Saved." in text_of(saved)
    assert Passport.objects.get().data.number == "E98765432"
    assert person.issued_documents.get().asked_at

    person = person_with_place(travel_meeting(gives_letters=False))
    client.post(own(person), TYPED | {"ask_letter": "1"})
    assert not person.issued_documents.exists()
