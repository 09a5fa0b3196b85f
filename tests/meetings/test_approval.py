"""A meeting with people of several countries invites nobody before it is approved, by any road."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from meetings.models import (
    IssuedDocument,
    Meeting,
    MeetingApproval,
    MeetingCountry,
)
from meetings.models.approval import NOT_APPROVED
from meetings.registration.invitations import tell_of_openings
from meetings.travel import documents
from secretariat.back_office import groups
from sscnet.changes.history import history_page
from sscnet.core.models import State
from sscnet.outbox.models import Message
from sscnet.papers import issuing
from tests import make
from tests.admin_forms import filled
from tests.meetings.desk import act, address, change
from tests.meetings.travellers import LETTER, person_with_place, travel_meeting
from tests.pages import plain, signed_in, text_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
GIVEN = {
    "state": "approved", "authority": "Ministry", "number": "2027-15", "decided_on": "2026-05-01",
}  # fmt: skip


def with_countries(meeting, n=3):
    for _ in range(n):
        MeetingCountry.objects.create(meeting=meeting, country=make.Country())
    return meeting


@pytest.fixture
def meeting():
    """A meeting of three countries, ready to be published with its registration."""
    today = timezone.localdate()
    days = {"starts_on": today + timedelta(days=90), "ends_on": today + timedelta(days=92)}
    retained = today + timedelta(days=200)
    found = travel_meeting(state=State.READY, **days, retain_until=retained)
    make.Source(record=found)
    return with_countries(found)


@pytest.fixture
def office(officer_client):
    return officer_client


def approve(client, meeting, **values):
    return client.post(address("meeting_desk_approval", meeting.pk), GIVEN | values)


def state_of(meeting):
    return Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)


def test_it_is_not_published_by_step_nor_in_bulk_nor_by_sql(office, meeting):
    make.Meeting(state=State.READY)
    page = office.get(address("meeting_step", meeting.pk, "publish"))
    assert str(NOT_APPROVED) in text_of(page)
    office.post(address("meeting_step", meeting.pk, "publish"), {"_confirmed": "1"})
    act(office, "meeting", "publish", meeting, _confirmed="1")
    assert state_of(meeting) == State.READY
    with pytest.raises(IntegrityError, match="no approval"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state=State.PUBLISHED)
    # Neither does a field of an approval that is only prepared, handed in or refused.
    for state in ("prepared", "handed_in", "refused"):
        approve(office, meeting, state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(state=State.PUBLISHED)

    approve(office, meeting)
    act(office, "meeting", "publish", meeting, _confirmed="1")
    assert state_of(meeting) == State.PUBLISHED


def test_registration_is_not_opened_nor_a_country_added_where_it_is_published(office, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(capacity=None, state=State.PUBLISHED)
    form = filled(office.get(change(meeting) + "&registration=1"))
    refused = office.post(change(meeting), form | {"capacity": "50"})
    assert str(NOT_APPROVED) in text_of(refused)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(capacity=50)

    two = with_countries(make.OpenMeeting(), 2)
    form = filled(office.get(change(two)))
    third = form | {
        "meeting_countries-TOTAL_FORMS": "3",
        "meeting_countries-2-country": make.Country().pk,
    }
    assert str(NOT_APPROVED) in text_of(office.post(change(two), third))
    assert two.meeting_countries.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        with_countries(two, 1)


def test_no_letter_is_issued_by_page_or_sql(office, meeting):
    approve(office, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(state=State.PUBLISHED)
    delegate = person_with_place(meeting)
    documents.ask(delegate)
    # The authority takes it back.
    approve(office, meeting, state="refused", reason="too many")

    page = address("meeting_desk_travel", meeting.pk)
    assert "the approval of the meeting" in text_of(office.get(page))
    office.post(page, {"person": f"delegate-{delegate.pk}"})
    assert documents.issue([delegate], LETTER, None) == 0
    letters = IssuedDocument.objects.letters()
    with pytest.raises(IntegrityError, match="no approval"), transaction.atomic():
        letters.update(paper=issuing.issue(LETTER, "en", dict))

    approve(office, meeting)
    assert documents.issue([delegate], LETTER, None) == 1


def test_an_institution_abroad_counts_as_a_country_and_commands_write_to_nobody(office):
    meeting = with_countries(make.OpenMeeting(tells_opening=True), 2)
    make.Affiliation(institution=make.Member(), user__email="member@example.org")
    make.Delegation(meeting=meeting, institution__country=make.Country(), people=1)
    call_command("run_due")
    tell_of_openings()
    opened = Message.objects.filter(kind="registration-opens")
    assert not opened.exists()
    assert approve(office, meeting, state="not_needed", reason="Held on line").status_code == 302
    tell_of_openings()
    assert opened.get().to == "member@example.org"


def test_registration_closes_for_those_abroad_when_the_approval_is_taken_back(office):
    meeting = with_countries(make.OpenMeeting(), 2)
    abroad = make.Member(slug="abroad", country=make.Country(name="Viet Nam"))
    at_home = make.Member(slug="home", country=make.Country(iso2="CN", name="China"))
    page = {one.slug: reverse("meetings:register_people", args=[meeting.slug, one.slug])
            for one in (abroad, at_home)}  # fmt: skip
    for one in (abroad, at_home):
        make.Delegation(meeting=meeting, institution=one)
    focal = {
        one.slug: signed_in(make.Affiliation(institution=one).user) for one in (abroad, at_home)
    }
    approve(office, meeting)
    assert "People from abroad" not in text_of(focal["abroad"].get(page["abroad"]))

    refused = approve(office, meeting, state="refused", reason="too many")

    told = text_of(office.get(refused.url))
    assert "Registration is open: institutions abroad can send nobody now." in told
    assert "once the meeting has its approval" in text_of(focal["abroad"].get(page["abroad"]))
    assert "once the meeting has its approval" not in text_of(focal["home"].get(page["home"]))
    approve(office, meeting)
    assert "People from abroad" not in text_of(focal["abroad"].get(page["abroad"]))


def test_only_an_administrator_overrides_and_the_history_says_why(meeting):
    publisher = make.Officer(group=groups.OFFICER)
    approve(signed_in(publisher), meeting, state="prepared", override_reason="It is urgent")
    assert MeetingApproval.objects.get().override_reason == ""
    assert meeting.reason_not_to_open()

    head = make.Administrator(name="Zhao Head")
    approve(signed_in(head), meeting, state="prepared", override_reason="The minister asks")
    assert not meeting.reason_not_to_open()
    Meeting.objects.filter(pk=meeting.pk).update(state=State.PUBLISHED)
    said = [(act.who, plain(s)) for act in history_page(meeting).object_list for s in act.sentences]
    assert any(who == "Zhao Head" and "The minister asks" in text for who, text in said), said


def test_the_request_with_its_dossier_is_a_word_file_of_what_is_known(office, meeting):
    approve(office, meeting, authority="商务部", budget="会议室：12,000\nRooms: 9,000")
    Meeting.objects.filter(pk=meeting.pk).update(state=State.PUBLISHED)
    meeting.agenda_items.create(day=meeting.starts_on, title="Opening words")
    person_with_place(meeting, make.Institution(name="Institute abroad", country=make.Country()))
    form = office.get(address("meeting_desk_approval_dossier", meeting.pk))
    file = Document(BytesIO(form.content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])
    country = str(meeting.meeting_countries.first())
    for words in (str(meeting), country, "Opening words", "Institute abroad", "商务部", "9,000"):
        assert words in said, words
    assert "{{" not in said


def test_the_scan_lies_encrypted_and_comes_back(office, meeting, media):
    scan = SimpleUploadedFile("scan.pdf", PDF)
    approve(office, meeting, scan=scan)
    stored = Path(media, MeetingApproval.objects.get().scan.name)
    assert PDF not in stored.read_bytes()
    page = address("meeting_desk_approval_scan", meeting.pk)
    assert b"".join(office.get(page).streaming_content) == PDF
    helper = signed_in(make.Officer(group=groups.HELPER))
    assert helper.get(page).status_code == 403


def test_foreign_delegates_make_it_international(office):
    meeting = travel_meeting(starts_on=timezone.localdate(), ends_on=timezone.localdate())
    people = [person_with_place(meeting, nationality=one) for one in ("CN", "VN", "LA")]
    assert meeting.reason_not_to_open()
    assert documents.issue(people, LETTER, None) == 0


def test_it_says_what_lacks_and_ends_on_its_day(office, meeting):
    page = text_of(approve(office, meeting, number=""))
    assert "Give the authority, the number and the day." in page
    assert "Say why it is not needed." in text_of(approve(office, meeting, state="not_needed"))
    yesterday = timezone.localdate() - timedelta(days=1)
    approve(office, meeting, valid_until=yesterday.isoformat())
    assert meeting.reason_not_to_open()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE meetings_meeting SET state = 'published'")
    approve(office, meeting, valid_until=(yesterday + timedelta(days=1)).isoformat())
    assert not meeting.reason_not_to_open()
    assert not with_countries(make.Meeting(state=State.READY), 2).reason_not_to_open()
