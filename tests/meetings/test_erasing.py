"""After a meeting's retention day its people's names are nowhere, and the figures are unchanged."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import (
    Attendance,
    ChangeRequest,
    Delegate,
    DelegateLink,
    Delegation,
    Erasure,
    Meeting,
    PaperRequest,
    PlaceEvent,
)
from meetings.persons.erasing import erase, meetings_due
from meetings.places import mails
from meetings.places.audit import disagreements
from meetings.travel.ready import keep_slip
from members.models import RosterEntry, User
from secretariat.back_office import groups
from sscnet.core.personal_data.fields import declared
from sscnet.dev.postgres import programs
from sscnet.outbox.models import Attachment, Message
from tests import make
from tests.meetings.pages import PDF

# Each stands for one place in which a name may hide.
PERSON = {
    "family_name": "Zhuangfamily",
    "given_names": "Zhuanggiven",
    "chinese_name": "庄名字",
    "email": "zhuangmail@example.org",
    "diet": "zhuangdiet",
    "access_needs": "zhuangneeds",
    "gender": "woman",
    "mobile": "13900001111",
    "nationality": "CN",
    "refused": ["passport"],
    "consent_version": "2026-11-29",
    "consent_scan": "documents/zhuangscan.pdf",
}
OF_A_MEETING = (Delegate, Delegation, DelegateLink, ChangeRequest, Attendance, PaperRequest)
HIDDEN = [
    *("Zhuangfamily", "ZHUANGFAMILY", "Zhuanggiven", "庄名字", "zhuangmail"),
    *("zhuangdiet", "zhuangneeds"),
    *("zhuangdecision", "zhuangasked", "zhuangwords", "zhuanganswer", "zhuangwalkin"),
    *("zhuangasker", "zhuangletter", "zhuangfocal", "zhuangfile", "zhuanginstitute"),
]
FOCAL = "zhuangfocal@example.org"


def past_meeting(**values):
    """A meeting whose retention day was yesterday, with a person's data wherever they may be."""
    meeting = make.Meeting(**values)
    institution = make.Institution()
    focal = User.objects.filter(email=FOCAL).first() or make.User(email=FOCAL)
    make.Affiliation(institution=institution, user=focal)
    delegation = make.Delegation(meeting=meeting, institution=institution)
    delegate = make.Delegate(delegation=delegation, may_be_listed=True, role="Engineer", **PERSON)
    make.Delegate(delegation=delegation, family_name="Other", gender="man", role="Director")
    places.submit(delegation)
    mails.confirm_registrations()
    Message.objects.update(sent_at=timezone.now())
    Message.objects.update(last_error="550 zhuangmail@example.org")
    Attachment.objects.create(
        message=Message.objects.sent().first(), name="zhuangfile.ics", content=b"any"
    )
    places.decline(delegate, reason="zhuangdecision")
    ChangeRequest.objects.create(
        delegation=delegation, delegate=delegate, change="edit",
        before={"family_name": "Zhuangfamily"}, after={"family_name": "zhuangasked"},
        words="zhuangwords", answer="zhuanganswer",
    )  # fmt: skip
    delegation.refresh_from_db()
    slip = ContentFile(PDF.replace(b"<<>>", b"(zhuangletter)"), name="any.pdf")
    delegation.return_slips.create(file=slip)
    PaperRequest.objects.create(
        delegation=delegation, asked_by="zhuangasker", way="fax", asked_on=timezone.localdate()
    )
    walk_in = {"name": "zhuangwalkin", "institution_as_stated": "zhuanginstitute"}
    Attendance.objects.create(meeting=meeting, consented_at=timezone.now(), **walk_in)
    LogEntry.objects.create(
        user=make.User(),
        content_type=ContentType.objects.get_for_model(Delegate),
        object_id=str(delegate.pk),
        object_repr="Zhuanggiven Zhuangfamily",
        action_flag=CHANGE,
        change_message="zhuangasked",
    )
    type(meeting).objects.filter(pk=meeting.pk).update(
        retain_until=timezone.localdate() - timedelta(days=1)
    )
    meeting.refresh_from_db()
    return meeting


def figures(meeting):
    """Count what figures count: by institution, role, place and gender, and what the log says."""
    people = Delegate.objects.filter(delegation__meeting=meeting)
    return {
        "places": sorted(people.values_list("delegation__institution", "role", "place", "reason")),
        "taken": type(meeting).objects.get(pk=meeting.pk).taken,
        "events": PlaceEvent.objects.filter(meeting=meeting).count(),
        "disagreements": disagreements(meeting),
        "came": Attendance.objects.filter(meeting=meeting).present().count(),
    }


def dump():
    """Give what the server's own pg_dump writes of the whole database."""
    settings = connection.get_connection_params()
    target = {
        "PGDATABASE": settings["dbname"],
        "PGHOST": settings.get("host", ""),
        "PGPORT": str(settings.get("port") or 5432),
        "PGUSER": settings.get("user", ""),
        "PGPASSWORD": settings.get("password", ""),
    }
    done = subprocess.run(
        [programs() / "pg_dump", "--inserts"], env=target, capture_output=True, check=True
    )
    return done.stdout.decode()


def erase_due():
    """Erase as the clock does."""
    for meeting in meetings_due():
        erase(meeting)


@pytest.mark.django_db(transaction=True)
def test_after_erasing_the_dump_of_the_database_holds_no_name_and_figures_are_unchanged(media):
    meeting = past_meeting()
    before, dumped = figures(meeting), dump()
    missing = [name for name in HIDDEN if name not in dumped and name != "zhuangletter"]
    assert missing == [], "a name that is not there before proves nothing"

    erase_due()

    dumped = dump()
    # The account of the focal point is no delegate's; it stays, and is nowhere else.
    left = [name for name in HIDDEN if name in dumped and name != "zhuangfocal"]
    assert left == []
    with_focal_point = {line.split()[2] for line in dumped.splitlines() if "zhuangfocal" in line}
    assert with_focal_point == {"public.members_user", "public.members_userevent"}
    assert figures(meeting) == before
    assert [file for file in media.rglob("*") if file.is_file()] == []


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role", "media")]


def test_the_protocol_says_what_went_and_keeps_the_figures_of_gender():
    protocol = erase(past_meeting())

    assert (protocol.by, protocol.people, protocol.walk_ins) == (None, 2, 1)
    assert (protocol.letters, protocol.change_requests, protocol.log_entries) == (1, 1, 1)
    assert protocol.mails == 2
    assert protocol.mails_deleted == 2
    assert sorted(protocol.genders) == [
        ["man", "confirmed", None, 1],
        ["woman", "declined", None, 1],
    ]
    assert set(Delegate.objects.values_list("gender", flat=True)) == {""}
    assert not Delegate.objects.filter(erased_at=None).exists()


def test_whatever_is_declared_of_the_people_of_a_meeting_is_empty_afterwards():
    """A field that is declared without a reason to stay, and that erasing leaves, fails here."""
    meeting = past_meeting()
    entry = RosterEntry.objects.create(institution=make.Institution())
    Delegate.objects.update(may_be_kept=True, roster_entry=entry)
    before = held_of_people()
    declarations = [field for field in declared() if field.model in OF_A_MEETING]
    unplanted = {field.name for field in declarations if not before[field.model, field.name]}
    assert unplanted == set()

    erase(meeting)

    after = held_of_people()
    left = {(f.model, f.name) for f in declarations if after[f.model, f.name] and not f.stays}
    assert left == set()
    stays = {field.name for field in declarations if field.stays}
    assert stays == {name for model, name in after if after[model, name]} == {"role"}


def held_of_people():
    """Give the values of each declared field in the rows there are, the empty ones left out."""
    return {
        (field.model, field.name): list(
            filter(None, field.model.objects.values_list(field.name, flat=True))
        )
        for field in declared()
        if field.model in OF_A_MEETING
    }


def test_an_erased_person_reads_erased_everywhere(client):
    meeting = past_meeting()
    unnamed = make.Delegate(
        delegation=Delegate.objects.first().delegation, family_name="", given_names="",
        to_be_named=True,
    )  # fmt: skip
    places.submit(unnamed.delegation)
    erase(meeting)
    person = Delegate.objects.get(role="Engineer")
    unnamed.refresh_from_db()
    walk_in = Attendance.objects.get()

    assert (str(person), str(unnamed), str(walk_in)) == ("erased", "to be named", "erased: present")
    client.force_login(make.Administrator())
    desk = [meeting.pk]
    admin_pages = [
        reverse("admin:meetings_delegate_changelist"),
        reverse("admin:meetings_delegation_change", args=[person.delegation_id]),
        reverse("admin:meetings_meeting_desk_list", args=desk) + "?columns=name",
    ]
    for page in admin_pages:
        assert re.search(r">\s*erased\s*<", client.get(page).content.decode()), page
    taken = client.post(
        reverse("admin:meetings_meeting_desk_file", args=desk),
        {"columns": ["name", "role"], "place": "confirmed", "format": "csv"},
    )
    assert taken.content.decode("utf-8-sig").splitlines()[1:] == ["erased,Director", "to be named,"]
    own = person.delegation
    client.force_login(User.objects.get(email=FOCAL))
    page = client.get(reverse("meetings:delegation", args=[meeting.slug, own.institution.slug]))
    assert "<dt>erased" in page.content.decode()


def test_mails_that_were_sent_stay_without_words_and_others_go():
    meeting = past_meeting()
    sent = Message.objects.sent().count()

    erase(meeting)

    assert Message.objects.count() == sent
    assert set(Message.objects.values_list("to", "subject", "text", "html")) == {("", "", "", "")}
    assert not Attachment.objects.exists()


def test_nothing_is_erased_on_the_retention_day_itself_or_without_one():
    meeting = past_meeting()
    meeting.retain_until = timezone.localdate()
    meeting.save()
    never = past_meeting(state="draft", capacity=100)
    Meeting.objects.filter(pk=never.pk).update(retain_until=None)

    assert erase(meeting) is None
    erase_due()

    assert Delegate.objects.filter(family_name="Zhuangfamily").count() == 2


def test_another_meeting_keeps_its_names():
    past_meeting()
    other = make.Delegation(people=1)
    places.submit(other)
    make.Affiliation(institution=other.institution)
    name = other.delegates.get().family_name

    erase_due()

    assert other.delegates.get().family_name == name


def test_erasing_twice_finds_nothing_more():
    meeting = past_meeting()
    assert erase(meeting)

    assert erase(meeting) is None
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_the_pages_open_in_both_languages(client, prefix):
    erase(past_meeting())
    client.force_login(make.Administrator())
    pages = [
        reverse("admin:meetings_erasure_changelist"),
        reverse("admin:meetings_erasure_change", args=[Erasure.objects.get().pk]),
    ]

    assert [client.get(prefix + page).status_code for page in pages] == [200, 200]


@pytest.mark.django_db(transaction=True)
def test_a_slip_that_is_replaced_is_thrown_away():
    delegation = make.Delegation()
    slip = delegation.return_slips.create(file=ContentFile(PDF, name="any.pdf"))
    assert default_storage.exists(slip.file.name)

    keep_slip(delegation, [("other.pdf", "pdf", PDF)], by=None)

    assert not default_storage.exists(slip.file.name)
    assert delegation.return_slips.get().file.read() == PDF


def test_an_officer_erases_a_person_who_asked_by_telephone(client, caplog):
    person = make.Delegation(people=1).delegates.get()
    address = reverse("admin:meetings_erasure_person", args=[person.pk])
    client.force_login(make.Officer(group=groups.HELPER))
    assert client.get(address).status_code == 403
    officer = make.Officer(group=groups.OFFICER)
    client.force_login(officer)
    assert (
        address
        in client.get(reverse("admin:meetings_delegate_change", args=[person.pk])).content.decode()
    )
    assert client.post(address, {"word": "erase"}).context["form"].errors.keys() == {"asked"}

    with caplog.at_level("INFO", logger="security"):
        client.post(address, {"word": "erase", "asked": "by telephone, 29 November"})

    protocol = Erasure.objects.get()
    assert (protocol.by, protocol.reason) == (officer, "request")
    person.refresh_from_db()
    assert (person.family_name, bool(person.erased_at)) == ("", True)
    assert "by telephone, 29 November" in caplog.text
