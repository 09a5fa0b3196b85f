"""Passports: nowhere in clear, gone by the clock first of all, again after a restore."""

from datetime import timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import call_command
from django.utils import timezone

from meetings import places
from meetings.models import DelegateLink, IssuedDocument, Meeting, Passport
from meetings.persons import erasing
from meetings.travel import passports
from sscnet.core.models import RetentionRun
from sscnet.core.personal_data import retention
from sscnet.papers.models import Paper
from tests import make
from tests.meetings.test_erasing import dump
from tests.meetings.travellers import NUMBER, issued, person_with_place, travel_meeting

DAY = timedelta(days=1)
STATED = {
    "passport-name": "ZHUANG PRINTED",
    "passport-number": NUMBER,
    "passport-nationality": "CN",
    "passport-expires_on": "2037-09-05",
}
PLANTED = (NUMBER, "ZHUANG PRINTED", "2037-09-05")


@pytest.mark.django_db(transaction=True)
def test_no_table_holds_a_passport_in_clear(client, caplog):
    make.Country(iso2="CN")
    person = person_with_place(travel_meeting(), passport=None, email="any@example.org")
    make.Affiliation(institution=person.delegation.institution)
    client.post(DelegateLink.renew(person).path("own_travel"), STATED)
    issued(person)
    client.force_login(make.Administrator())
    seen = client.get(f"/admin/meetings/meeting/{person.delegation.meeting_id}/desk/passports/")
    assert NUMBER in seen.content.decode(), "it is stated"

    dumped = dump()

    assert "meetings_passport" in dumped
    assert [words for words in PLANTED if words in dumped] == []
    # The bytes of the file stand in the dump as hexadecimal digits.
    assert b"word/document.xml".hex() not in dumped
    assert [words for words in PLANTED if words in caplog.text] == []


pytestmark = pytest.mark.django_db


def held_until(days, **values):
    """Give a meeting that ended so many days ago, with a passport and a letter."""
    person = person_with_place(travel_meeting())
    letter = issued(person)
    last = timezone.localdate() - days * DAY
    meeting = Meeting.objects.filter(pk=person.delegation.meeting_id)
    meeting.update(starts_on=last, ends_on=last, year=last.year, retain_until=last + 90 * DAY)
    # Letters of a moved meeting are outdated; this one was held.
    IssuedDocument.objects.update(outdated_at=None)
    Paper.objects.update(outdated_at=None, word=b"any")
    return person, letter


def clock():
    retention.run_all()


@pytest.mark.parametrize(("days", "is_there"), [(7, True), (8, False)])
def test_the_clock_deletes_them_and_the_letters_that_show_them(settings, days, is_there):
    person, letter = held_until(days)

    clock()
    clock()

    assert Passport.objects.exists() == is_there
    letter = IssuedDocument.objects.get(pk=letter.pk)
    assert bool(letter.paper.word) == is_there
    assert letter.is_valid, "the code is still known"
    person.refresh_from_db()
    assert person.erased_at is None, "passports go first"
    runs = RetentionRun.objects.filter(kind="passports").values_list("count", flat=True)
    assert list(runs) == ([] if is_there else [1])


def test_they_go_after_days_of_the_setting_when_cancelled_and_of_who_does_not_come(settings):
    held_until(3)
    settings.PASSPORT_DAYS = 2
    clock()
    assert not Passport.objects.exists()

    person = person_with_place(travel_meeting())
    Meeting.objects.update(cancelled_at=timezone.now() - 9 * DAY)
    clock()
    assert not Passport.objects.filter(delegate=person).exists()

    leaves, stays = (person_with_place(travel_meeting()) for _ in range(2))
    places.withdraw(leaves)
    clock()
    assert [passport.delegate for passport in Passport.objects.all()] == [stays]


@pytest.mark.parametrize(
    "delete", [passports.forget, erasing.erase_person], ids=["forgotten", "person erased"]
)
def test_a_restored_backup_deletes_them_again_at_the_first_run(
    delete, django_capture_on_commit_callbacks
):
    person = person_with_place(travel_meeting())
    before = list(Passport.objects.values())
    with django_capture_on_commit_callbacks(execute=True):
        delete(person)
    for row in before:
        # A restore makes the triggers last.
        with pgtrigger.ignore("meetings.Passport:refuse_without_consent"):
            Passport.objects.create(**row)
    other = person_with_place(travel_meeting())

    clock()

    assert [passport.delegate for passport in Passport.objects.all()] == [other]


def test_a_new_passport_with_a_number_used_again_stays(django_capture_on_commit_callbacks):
    person = person_with_place(travel_meeting())
    number = person.passport.pk
    with django_capture_on_commit_callbacks(execute=True):
        passports.forget(person)
    row = Passport(pk=number, delegate=person, created_at=timezone.now() + DAY)
    row.sealed = "any"
    row.save()

    clock()

    assert Passport.objects.filter(pk=number).exists()


def test_keys_are_changed_for_passports_and_papers(settings):
    person = person_with_place(travel_meeting())
    letter = issued(person)
    former = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["a new one", *former]

    said = StringIO()
    call_command("encrypt_again", stdout=said)

    settings.ENCRYPTION_KEYS = ["a new one"]
    # The passport and the letter that shows it.
    assert "texts and files: 2" in said.getvalue()
    assert Passport.objects.get().data.number == NUMBER
    letter = IssuedDocument.objects.get(pk=letter.pk)
    assert letter.paper.word.startswith(b"PK")
    settings.ENCRYPTION_KEYS = former
    assert Passport.objects.get().data is None
    assert IssuedDocument.objects.get(pk=letter.pk).paper.word == b""
    # What no key reads is not written over.
    call_command("encrypt_again", stdout=said)
    settings.ENCRYPTION_KEYS = ["a new one"]
    assert IssuedDocument.objects.get(pk=letter.pk).paper.word.startswith(b"PK")
    assert Passport.objects.get().data.number == NUMBER
