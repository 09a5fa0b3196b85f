"""Ready to travel: one table, the return slip on paper, reminders; numbers never in clear."""

import io
import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import ChangeRequest, Delegate, DelegateLink, Delegation, ReturnSlip, Traveller
from meetings.my.institution import journeys
from meetings.persons import erasing
from meetings.registration import roster
from meetings.registration.sheets import people_of_text
from meetings.travel import ready
from members.models import Affiliation, RosterEntry
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.registration.steps import address, typed
from tests.meetings.test_erasing import dump
from tests.meetings.travellers import person_with_place, travel_meeting
from tests.pages import text_of
from tests.papers.word_files import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

MOBILE = "13912345678"
DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def person():
    today = timezone.localdate()
    days = {"starts_on": today + 9 * DAY, "ends_on": today + 10 * DAY}
    meeting = travel_meeting(
        **days, retain_until=today + 99 * DAY, slip_due_on=today - DAY, name_by_on=None
    )
    institution = make.Member()
    return person_with_place(
        meeting, institution, passport=None, consented_to=[], mobile=MOBILE, nationality="KE"
    )


@pytest.fixture
def page(client, person):
    acting = make.Affiliation(
        institution=person.delegation.institution, role=Affiliation.Role.FOCAL_POINT
    )
    client.force_login(acting.user)
    return address(person.delegation.meeting, person.delegation.institution, "ready")


def pages(*contents):
    return {"files": [SimpleUploadedFile("IMG.pdf", one) for one in contents]}


def test_the_table_says_what_is_missing_and_my_page_calls_for_it(client, page, person):
    shown = text_of(client.get(page))
    for said in ("Consent", "not asked", "Passport", "Arrival", "Room", "Letter", "missing"):
        assert said in shown, said
    assert "Complete what 1 person needs" in text_of(
        client.get(reverse("secretariat:my"), follow=True)
    )

    DelegateLink.renew(person)
    [(_person, cells)] = ready.table([person.delegation])
    assert cells["consent"] == "asked"
    Delegate.objects.update(consented_to=[], refused=["passport"])
    Traveller.objects.create(
        delegate=person, arrives_on=timezone.localdate(), hotel="own", room="single"
    )
    [(_person, cells)] = ready.table([person.delegation])

    assert (cells["consent"], cells["passport"]) == ("refused", "refused")
    assert [name for name, cell in cells.items() if cell.is_missing] == ["letter"]


def test_the_slip_is_a_word_file_with_everybody_and_its_photographs_lie_encrypted(
    client, page, person
):
    paper = client.get(f"{page}slip/")
    slip = words(paper.content)
    for told in ("李伟", MOBILE, "Kunming"):
        assert told in slip, told
    assert "Upload the sealed return slip" in text_of(
        client.get(reverse("secretariat:my"), follow=True)
    )

    assert "unknown content" in text_of(client.post(page, pages(b"no paper at all")))
    assert not ReturnSlip.objects.exists()
    for contents in ([PDF], [PDF, PDF]):
        assert client.post(page, pages(*contents)).status_code == 302

    one, _other = ReturnSlip.objects.all()
    with default_storage.open(one.file.name) as stored:
        assert b"%PDF" not in stored.read()
    got = client.get(f"{page}slip/{one.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert not Delegation.objects.lacking_slip().exists()


def test_who_lacks_it_is_reminded_once_and_loses_nothing_until_an_officer_decides(client, person):
    make.Affiliation(institution=person.delegation.institution)
    for _again in range(2):
        cache.clear()
        ready.remind()

    kinds = list(Message.objects.filter(kind__contains="missing").values_list("kind", flat=True))
    assert sorted(kinds) == ["slip-missing", "travel-missing"]
    person.refresh_from_db()
    assert person.is_confirmed, "nothing is lost by itself"

    client.force_login(make.Administrator())
    listed = reverse("admin:meetings_delegation_changelist")
    assert person.delegation.reference in text_of(client.get(f"{listed}?waits=slip"))
    client.post(listed, {"action": "waive_slip", "_selected_action": [person.delegation_id]})
    assert Delegation.objects.get().slip_waived_at
    assert person.delegation.reference not in text_of(client.get(f"{listed}?waits=slip"))


def test_more_people_are_no_more_queries_and_the_day_is_looked_at_once(
    person, django_assert_num_queries
):
    institution = person.delegation.institution

    def queries():
        with CaptureQueriesContext(connection) as of_reminders:
            ready.table(ready.to_travel())
        with CaptureQueriesContext(connection) as of_my_page:
            journeys(institution)
        return len(of_reminders), len(of_my_page)

    few = queries()
    meeting = person.delegation.meeting
    for _n in range(3):
        other = person_with_place(meeting, passport=None, consented_to=[])
        make.Affiliation(institution=other.delegation.institution)
        make.Delegate(delegation=other.delegation, place="confirmed", line=9)
        make.Delegate(delegation=person.delegation, place="confirmed", line=9)

    assert queries() == few == (3, 5)
    ready.remind()
    assert Message.objects.filter(kind="travel-missing").count() == 3
    # Of the cache, which is a table.
    with django_assert_num_queries(1):
        ready.remind()


@pytest.mark.django_db(transaction=True)
def test_no_mobile_number_is_in_clear_in_dump_log_or_file(client, page, person, caplog):
    caplog.set_level(logging.DEBUG)
    meeting, institution = person.delegation.meeting, person.delegation.institution
    client.post(page, pages(PDF + MOBILE.encode()))
    edit = address(meeting, institution, "person", person.pk)
    Delegate.objects.update(may_be_kept=True)
    roster.keep(Delegate.objects.all())
    meeting.freeze_on = timezone.localdate() - DAY
    meeting.save()
    later = {"family_name": "Li", "mobile": "+86 " + MOBILE[::-1], "nationality": "TW", "why": "x"}
    client.post(edit, later)
    asked = [after for _label, _before, after in ChangeRequest.objects.get().differences]
    assert "+86 " + MOBILE[::-1] in asked

    assert RosterEntry.objects.get().mobile == MOBILE
    dumped = dump() + caplog.text
    for number in (MOBILE, MOBILE[::-1]):
        assert number not in dumped
    names = ReturnSlip.objects.values_list("file", flat=True)
    for name in names:
        with default_storage.open(name) as file:
            assert MOBILE.encode() not in file.read()


def test_keys_change_for_texts_and_files_too(person, settings):
    ready.keep_slip(person.delegation, [("a.pdf", "pdf", PDF)], None)
    settings.ENCRYPTION_KEYS = ["a new one", *settings.ENCRYPTION_KEYS]

    call_command("encrypt_again", stdout=io.StringIO())

    settings.ENCRYPTION_KEYS = ["a new one"]
    assert Delegate.objects.get().mobile == MOBILE
    with ReturnSlip.objects.get().file.open() as file:
        assert file.read() == PDF


@pytest.mark.django_db(transaction=True)
def test_erasing_takes_number_consents_and_slip_along(person):
    ready.keep_slip(person.delegation, [("a.pdf", "pdf", PDF)], None)
    name = ReturnSlip.objects.get().file.name

    erasing.erase_person(person)

    person.refresh_from_db()
    assert (person.mobile, person.nationality, person.consented_to) == ("", "", [])
    assert not ReturnSlip.objects.exists()
    assert not default_storage.exists(name)


def test_chinese_names_get_their_pinyin_and_what_was_typed_stays(client, page, person):
    meeting, institution = person.delegation.meeting, person.delegation.institution
    meeting.asks = ["mobile"]
    meeting.save()
    one = {"chinese_name": "吕单", "nationality": "CN", "mobile": "138 0000 1234"}
    two = {"family_name": "Li", "nationality": "CN", "mobile": "abc"}
    three = {"chinese_name": "单小明", "family_name": "Dan", "mobile": MOBILE}

    people = address(meeting, institution, "people")
    html = client.post(people, typed([one, two, three]), follow=True).content.decode()

    assert "Give the name in Chinese characters." in html
    assert "Write digits" in html
    names = list(Delegate.objects.not_asked().values_list("family_name", "given_names"))
    assert names == [("Lyu", "Dan"), ("Li", ""), ("Dan", "")]
    swap = client.post(address(meeting, institution, "swap", person.pk), {})
    assert "mark the place" not in text_of(swap)
    row = ("解伟", "Xie", "Wei")
    ways = ["解伟，Xie，Wei", "解伟,Xie,Wei", "解伟\tXie\tWei", "解伟;Xie;Wei", "解伟、Xie、Wei"]
    for first in ways:
        pasted, _notices = people_of_text("\n".join([first, *ways]), 9)
        assert {tuple(one.values())[:3] for one in pasted} == {row}
        assert len(pasted) == 6
    [quoted], _notices = people_of_text('解伟,Xie,Wei,"所长,教授"', 9)
    assert (quoted["chinese_name"], quoted["role"]) == ("解伟", "所长,教授")
