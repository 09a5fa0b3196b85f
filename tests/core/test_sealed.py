"""Sealed values that none of the keys opens: they say so, and are stored again as they were."""

import copy
import io
import pickle

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from meetings.models import ChangeRequest, Delegate, Passport, ReturnSlip
from meetings.registration import roster
from meetings.travel import ready
from members.models import RosterEntry
from sscnet.core.pages.views import private_file
from sscnet.core.personal_data.sealed import Unreadable
from sscnet.papers import issuing
from sscnet.papers.models import Paper, Scan
from tests import make
from tests.html_forms import form_of, sent_of
from tests.meetings.registration.steps import address
from tests.meetings.travellers import DATA, issued, person_with_place, travel_meeting
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
MOBILE = "13912345678"
KEYS = [pytest.param(["another"], id="wrong"), pytest.param([], id="missing")]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def cipher_texts():
    """Return every sealed value as the database keeps it."""
    asked = {
        "meetings_delegate": "mobile",
        "members_rosterentry": "mobile",
        "meetings_passport": "sealed",
        "papers_paper": "word || pdf || sealed",
        "papers_scan": "content",
    }
    found = {}
    with connection.cursor() as cursor:
        for table, columns in asked.items():
            cursor.execute(f"SELECT id, {columns} FROM {table} ORDER BY id")
            found[table] = [
                (key, bytes(c) if isinstance(c, memoryview) else c) for key, c in cursor
            ]
    return found


@pytest.fixture
def person():
    meeting = travel_meeting()
    meeting.asks = ["mobile"]
    meeting.save()
    person = person_with_place(
        meeting, make.Member(), mobile=MOBILE, nationality="KE", may_be_kept=True
    )
    roster.keep([person])
    issued(person)
    Scan.objects.create(name="scan", type="pdf", content=PDF)
    return person


@pytest.mark.parametrize("keys", KEYS)
def test_unreadable_values_say_so_and_are_stored_as_they_were(person, settings, keys):
    before = cipher_texts()
    former, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, keys

    for model in (Delegate, RosterEntry, Passport, Paper, Scan):
        for row in model.objects.all():
            row.save()

    assert cipher_texts() == before
    for value in (Delegate.objects.get().mobile, Paper.objects.get().word):
        assert isinstance(value, Unreadable)
        assert str(value) == "cannot be read"
    with override("zh-hans"):
        assert str(Delegate.objects.get().mobile) == "无法读取"
    assert Passport.objects.get().data is None
    settings.ENCRYPTION_KEYS = former
    assert Delegate.objects.get().mobile == MOBILE
    assert Passport.objects.get().data.name == "LI WEI"


def test_an_unreadable_value_can_be_copied(person, settings):
    settings.ENCRYPTION_KEYS = ["another"]
    value = Delegate.objects.get().mobile
    for copied in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert isinstance(copied, Unreadable)
        assert copied.cipher_text == value.cipher_text
    roster.keep(Delegate.objects.all())
    assert RosterEntry.objects.get().mobile.cipher_text == value.cipher_text


@pytest.mark.parametrize("words", ["cannot be read", "无法读取"])
def test_the_words_of_a_box_change_nothing_and_another_text_does(person, settings, words):
    settings.ENCRYPTION_KEYS = ["another"]
    before = cipher_texts()
    delegate = Delegate.objects.get()
    delegate.mobile = words
    delegate.full_clean()
    delegate.save()
    assert cipher_texts() == before
    delegate.mobile = "13800000000"
    delegate.save()
    assert Delegate.objects.get().mobile == "13800000000"
    delegate.mobile = ""
    delegate.save()
    assert Delegate.objects.get().mobile == ""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_of_institutions_show_it_and_save_it_unchanged(client, person, settings, language):
    former, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, ["another"]
    institution, meeting = person.delegation.institution, person.delegation.meeting
    client.force_login(make.Affiliation(institution=institution).user)
    said = {"en": "cannot be read", "zh-hans": "无法读取"}[language]

    with override(language):
        edit = address(meeting, institution, "person", person.pk)
        travel = address(meeting, institution, "travel", person.pk)
        whole = address(meeting, institution)
    page = client.get(edit)
    assert f'value="{said}"' in page.content.decode()
    sent = sent_of(form_of(page, has="mobile"))
    answer = client.post(edit, sent)
    assert answer.status_code == 302, text_of(answer)
    assert client.get(whole).status_code == 200
    assert client.get(travel).status_code == 200
    assert client.post(travel, {}).status_code == 302
    settings.ENCRYPTION_KEYS = former
    assert Delegate.objects.get().mobile == RosterEntry.objects.get().mobile == MOBILE
    assert Passport.objects.get().data == DATA


def test_a_draft_with_an_unreadable_number_is_saved_unchanged(client, settings):
    meeting, institution = make.OpenMeeting(asks=["mobile"]), make.Member()
    delegation = make.Delegation(meeting=meeting, institution=institution)
    make.Delegate(delegation=delegation, mobile=MOBILE, family_name="Li", given_names="Wei")
    settings.ENCRYPTION_KEYS = ["another"]
    before = cipher_texts()
    client.force_login(make.Affiliation(institution=institution).user)
    page = address(meeting, institution, "people")

    form = form_of(client.get(page), has="people-0-mobile")
    assert client.post(page, sent_of(form) | {"then": "draft"}).status_code == 302

    assert cipher_texts() == before


def test_officers_lists_and_forms_show_it(client, officer, person, settings):
    settings.ENCRYPTION_KEYS = ["another"]
    client.force_login(officer)
    before, meeting = cipher_texts(), person.delegation.meeting.pk
    changed = reverse("admin:meetings_delegate_change", args=[person.pk])
    page = client.get(changed)
    assert "cannot be read" in page.content.decode()
    named = reverse("admin:meetings_meeting_desk_list", args=[meeting])
    listed = client.get(named, {"columns": ["institution", "mobile"]})
    assert "cannot be read" in listed.content.decode()
    shown = client.get(reverse("admin:meetings_meeting_desk_passports", args=[meeting]))
    assert "cannot be read with the keys of this server" in text_of(shown)
    assert (
        client.get(reverse("admin:meetings_meeting_desk_travel", args=[meeting])).status_code == 200
    )
    paper = Paper.objects.get()
    register = reverse("admin:papers_paper_changelist")
    assert client.get(register).status_code == 200
    for address_of_file in (
        reverse("admin:papers_paper_file", args=[paper.pk]),
        reverse("admin:papers_paper_scan", args=[Scan.objects.get().pk]),
    ):
        answer = client.get(address_of_file)
        assert answer.status_code == 404
        assert "cannot be read with the keys of this server" in answer.content.decode()
    assert cipher_texts() == before


def test_a_change_that_was_asked_for_says_it(person, settings):
    change = ChangeRequest(
        after=ChangeRequest.sealed({"mobile": MOBILE}), before={"mobile": ""}, change="edit"
    )
    settings.ENCRYPTION_KEYS = ["another"]
    assert [str(after) for _label, _before, after in change.differences] == ["cannot be read"]
    opened = ChangeRequest.opened(change.after)
    assert ChangeRequest.sealed(opened) == change.after


def test_a_file_that_no_key_opens_is_answered_in_words_and_skipped(person, settings):
    ready.keep_slip(person.delegation, [("a.pdf", "pdf", PDF)], None)
    former, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, ["another"]
    slip = ReturnSlip.objects.get()
    answer = private_file(slip.file, "slip")
    assert answer.status_code == 404
    assert "cannot be read" in answer.content.decode()
    said = io.StringIO()
    call_command("encrypt_again", stdout=said)
    assert "texts and files: 0" in said.getvalue()
    settings.ENCRYPTION_KEYS = former
    with ReturnSlip.objects.get().file.open() as file:
        assert file.read() == PDF


def test_papers_that_no_key_opens_do_not_hold_up_others(person, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = ["another"]
    before = cipher_texts()
    monkeypatch.setattr(issuing.pdf, "program", lambda: "soffice")
    monkeypatch.setattr(issuing.pdf, "make_pdfs", lambda words: [b"%PDF" for _word in words])
    issuing.make_pdfs()
    assert cipher_texts() == before
    assert not Paper.objects.get().has_no_pdf
    assert not issuing.keep_sealed(Scan.objects.get(), Paper.objects.get(), None)
    assert Scan.objects.exists()
