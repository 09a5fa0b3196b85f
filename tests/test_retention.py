"""Whatever has a period goes when it is over: once, with a protocol, and again after a restore."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import (
    Attendance,
    Delegate,
    DelegateLink,
    Delegation,
    Erasure,
    Meeting,
)
from meetings.persons.erasing import erase_person, erase_walk_in
from members.accounts.retention import unused
from members.models import Invitation, User
from projects.calls.models import Endorsement, Proposal
from projects.calls.versions import keep_version
from secretariat.back_office import groups
from secretariat.models import Enquiry
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import RetentionRun
from sscnet.core.personal_data import erasure_log
from sscnet.outbox.checks import check_erasure_log
from sscnet.outbox.due import run_registered
from sscnet.outbox.models import Attachment, Message
from tests import make
from tests.calls.proposals.complete import scan

DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch, web_role):
    """Move the clock so many days on from now; all that is due then is done.

    The database's own clock does not move: its history gets older instead.
    """
    start = timezone.now()

    def run(days):
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=days))
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for model in (Invitation, User):
                tracked_models()[model].objects.update(pgh_created_at=start - days * DAY)
            cursor.execute(f"SET LOCAL ROLE {web_role}")
        assert run_registered() == []

    return run


def protocols(**conditions):
    return list(RetentionRun.objects.filter(**conditions).values_list("kind", "count"))


# ------------------------------------------------------------------ periods


def mail():
    message = Message.objects.create(
        key="any", kind="any", to="li@example.org", subject="Any", text="Any", html="Any",
        sent_at=timezone.now(), next_try_at=timezone.now(),
    )  # fmt: skip
    Attachment.objects.create(message=message, name="any.ics", content=b"any")


def session():
    Session.objects.create(session_key="any", expire_date=timezone.now() + 14 * DAY)


PERIODS = {
    "mail_texts": (mail, 90, lambda: Message.objects.exclude(text="", html="").count()),
    "mails": (mail, 730, Message.objects.count),
    "sessions": (session, 14, Session.objects.count),
    "invitations": (make.Invitation, 7 + 365, Invitation.objects.count),
    "questions": (make.Enquiry, 730, Enquiry.objects.exclude(email="").count),
    "delegate_links": (
        lambda: DelegateLink.objects.create(delegate=make.Delegate()),
        90,
        DelegateLink.objects.count,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PERIODS)
def test_each_kind_goes_once_when_its_time_is_over(clock, kind):
    create, days, left = PERIODS[kind]
    create()

    clock(days - 0.5)
    assert (left(), protocols(kind=kind)) == (1, [])
    for _ in range(2):
        clock(days + 0.5)
        assert (left(), protocols(kind=kind)) == (0, [(kind, 1)])


@pytest.mark.django_db
def test_of_an_old_mail_it_stays_to_whom_and_when_and_it_is_not_sent_again(clock):
    mail()
    Message.objects.update(sent_at=None, failed_at=timezone.now(), last_error="li@example.org")

    clock(91)

    message = Message.objects.get()
    assert (message.to, message.subject, message.last_error) == ("li@example.org", "Any", "")
    assert not Attachment.objects.exists()
    assert Message.objects.all().send_again() == 0


@pytest.mark.django_db
def test_an_invitation_leaves_no_address_in_the_history(clock):
    invitation = make.Invitation(email="gone@example.org")

    clock(373)

    assert not Invitation.objects.filter(pk=invitation.pk).exists()
    assert rows_with("gone@example.org") == []


def rows_with(word):
    """Name the tables that hold a word."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT 1 FROM {name} AS t WHERE t::text LIKE %s", [f"%{word}%"])
            found += [table] if cursor.fetchone() else []
    return found


# ------------------------------------------------------------------ accounts


@pytest.mark.django_db
def test_an_account_without_any_use_goes_after_a_mail(clock):
    user = make.User(email="unused@example.org", name="Nobody Any More")
    make.Affiliation(user=user, until=date(2024, 6, 1))

    clock(3 * 365 - 1)
    assert not Message.objects.filter(kind="account-unused").exists()
    clock(3 * 365 + 1)
    clock(3 * 365 + 2)
    assert Message.objects.filter(kind="account-unused", to=user.email).count() == 1
    clock(3 * 365 + 30)
    assert User.objects.filter(pk=user.pk).exists()
    for _ in range(2):
        clock(3 * 365 + 32)

    assert not User.objects.filter(pk=user.pk).exists()
    assert protocols(kind="accounts") == [("accounts", 1)]
    assert rows_with("Nobody Any More") == []


@pytest.mark.django_db
def test_who_signs_in_after_the_mail_keeps_the_account(clock):
    user = make.User()
    clock(3 * 365 + 1)

    User.objects.filter(pk=user.pk).update(last_login=timezone.now() + DAY)
    clock(3 * 365 + 60)

    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.django_db
def test_an_account_that_acts_or_is_the_secretariats_is_in_use(clock):
    kept = [
        make.Affiliation().user,
        make.Affiliation(until=timezone.localdate() - DAY).user,
        make.Officer(),
    ]
    old = make.User()

    User.objects.update(created_at=timezone.now() - timedelta(days=4 * 365))

    assert list(unused()) == [old]
    assert old not in kept


# ------------------------------------------------------------------ meetings


def meeting_with_people(days=10, **values):
    """A meeting with two delegates and a walk-in, whose retention day is so many days away."""
    meeting = make.Meeting(retain_until=timezone.localdate() + timedelta(days=days), **values)
    places.submit(make.Delegation(meeting=meeting, people=2))
    Attendance.objects.create(meeting=meeting, name="Walk-in")
    return meeting


def named(meeting):
    people = Delegate.objects.filter(delegation__meeting=meeting)
    return people.exclude(family_name="").count()


def notices():
    return sorted(Message.objects.filter(kind="erasing-soon").values_list("to", flat=True))


@pytest.mark.django_db
def test_a_meeting_is_erased_by_the_clock_after_a_notice_to_officers(clock):
    officer = make.Officer(group=groups.OFFICER)
    make.Officer(group=groups.HELPER)
    meeting = meeting_with_people(days=10)

    clock(2)
    assert notices() == []
    clock(4)
    clock(5)
    assert notices() == [officer.email]
    clock(10)
    assert (named(meeting), Erasure.objects.count()) == (2, 0)
    for _ in range(2):
        clock(11)

    assert named(meeting) == 0
    protocol = Erasure.objects.get()
    assert (protocol.by, protocol.reason, protocol.people, protocol.walk_ins) == (
        None, "retention", 2, 1,
    )  # fmt: skip
    assert protocols(kind="meetings") == [("meetings", 3)]
    assert notices() == [officer.email]


@pytest.mark.django_db
def test_no_meeting_is_erased_without_the_notice_long_enough_before(clock, settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    meeting = meeting_with_people(days=-100)

    clock(0)
    assert notices() == ["secretariat@example.org"]
    clock(6)
    assert named(meeting) == 2
    clock(7.1)

    assert named(meeting) == 0


@pytest.mark.django_db
def test_another_retention_day_is_another_notice(clock):
    make.Officer(group=groups.OFFICER)
    meeting = meeting_with_people(days=2)
    clock(0)

    Meeting.objects.filter(pk=meeting.pk).update(retain_until=timezone.localdate() + 9 * DAY)
    clock(8)

    assert len(notices()) == 2
    assert named(meeting) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("is_day_known", [True, False])
def test_nobody_is_erased_before_the_meeting_is_over(clock, is_day_known):
    day = timezone.localdate() + 400 * DAY
    when = {"starts_on": day, "ends_on": day} if is_day_known else {"year": day.year}
    meeting = meeting_with_people(days=10, **when)

    clock(4)
    clock(20)

    assert named(meeting) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_at_once_one_does_it(monkeypatch):
    make.Officer(group=groups.OFFICER)
    meeting = meeting_with_people(days=-1)
    mail()
    start = timezone.now()
    Message.objects.update(sent_at=start - 95 * DAY)

    for moment in (start, start + 8 * DAY):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda _n: own_time(), range(4))) == [[]] * 4

    assert Message.objects.filter(kind="erasing-soon").count() == 1
    assert (named(meeting), Erasure.objects.count()) == (0, 1)
    assert sorted(protocols()) == [("mail_texts", 1), ("meetings", 3)]


def own_time():
    try:
        return run_registered()
    finally:
        connection.close()


# ------------------------------------------------------------------ the retention day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"starts_on": date(2027, 5, 1), "ends_on": date(2027, 5, 3)}, date(2027, 8, 1)),
        ({"year": 2027}, date(2028, 3, 30)),
    ],
)
def test_without_one_the_retention_day_is_some_time_after_the_meeting(values, day):
    assert make.Meeting(retain_until=None, **values).retain_until == day


@pytest.mark.django_db
def test_a_meeting_is_published_with_a_retention_day_only(client):
    meeting = make.Meeting(state="draft", retain_until=None)
    officer = make.Administrator()
    client.force_login(officer)

    assert [str(gap.message) for gap in meeting.gaps() if gap.field == "retain_until"] == [
        "The retention day is missing."
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="published")


# ------------------------------------------------------------------ after a restore


def kept(*rows):
    """Keep rows as a backup does; called, it puts them back."""
    text = serializers.serialize("json", rows)

    def put_back():
        for row in serializers.deserialize("json", text):
            row.save()

    return put_back


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_is_erased_again_at_the_first_run(clock, erasure_log):
    meeting, other = meeting_with_people(days=-1), meeting_with_people(days=5000)
    one, two = Delegate.objects.filter(delegation__meeting=other)
    question = make.Enquiry()
    account = make.User()
    people = [*Delegate.objects.filter(delegation__meeting=meeting), one]
    backup = kept(meeting, *Attendance.objects.all(), *people, account)
    clock(0)
    clock(8)
    erase_person(one)
    erase_walk_in(other.attendances.walk_ins().get())
    clock(3 * 365 + 1)
    clock(3 * 365 + 32)
    assert not User.objects.filter(pk=account.pk).exists()
    RetentionRun.objects.all().delete()

    backup()
    was = {"name": "Lin", "email": "lin@example.org", "personal_data_erased_at": None}
    Enquiry.objects.filter(pk=question.pk).update(**was)
    assert named(meeting) == 2
    clock(3 * 365 + 33)

    assert named(meeting) == 0
    assert not Attendance.objects.exclude(name="").exists()
    assert Delegate.objects.get(pk=one.pk).family_name == ""
    assert Enquiry.objects.get().email == ""
    assert not User.objects.filter(pk=account.pk).exists()
    assert {("restored", 6), ("questions", 1)} <= set(protocols())
    noted = [json.loads(line) for line in erasure_log.read_text().splitlines()]
    assert {frozenset(line) for line in noted} == {frozenset({"kind", "id", "at"})}
    kinds = {"meeting", "delegate", "walk_in", "account"}
    assert {line["kind"] for line in noted} == kinds
    assert two.pk not in [line["id"] for line in noted if line["kind"] == "delegate"]


@pytest.mark.django_db
def test_a_number_that_is_used_again_after_a_restore_names_another(clock, settings):
    delegate = make.Delegate()
    walk_in = Attendance.objects.create(meeting=delegate.delegation.meeting, name="Lin")
    before = (timezone.now() - DAY).isoformat()
    rows = [
        {"kind": "delegate", "id": delegate.pk, "at": before},
        {"kind": "meeting", "id": delegate.delegation.meeting_id, "at": before},
        {"kind": "walk_in", "id": walk_in.pk, "at": before},
        {"kind": "account", "id": make.User().pk, "at": before},
    ]
    settings.ERASURE_LOG.write_text("".join(json.dumps(row) + "\n" for row in rows))

    clock(0)

    assert protocols() == []
    assert Delegate.objects.get().family_name
    assert Attendance.objects.get().name


@pytest.mark.django_db
def test_a_broken_line_of_the_log_stops_nothing(settings):
    whole = '{"kind": "a", "id": 1, "at": "2026-01-01T00:00Z"}'
    for line in ("", "no json", "[]", "{}", '{"kind": 1, "id": "x"}', "\0"):
        settings.ERASURE_LOG.write_text(f"{line}\n{whole}\n")
        assert list(erasure_log.read()) == ["a"], line


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_noted_is_erased_all_the_same(settings, tmp_path):
    settings.ERASURE_LOG = tmp_path
    delegate = make.Delegate()

    assert erase_person(delegate)

    assert Delegate.objects.get().family_name == ""


def test_where_nothing_can_be_noted_the_check_before_deployment_says_so(settings, tmp_path):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    assert check_erasure_log(None) == []
    settings.ERASURE_LOG = tmp_path / "no folder" / "erasures.jsonl"

    assert [warning.id for warning in check_erasure_log(None)] == ["outbox.W003"]


# ------------------------------------------------------------------ the protocol


@pytest.mark.django_db
def test_officers_read_the_protocol_of_the_clock(client):
    run = RetentionRun.objects.create(kind="mails", count=7)
    client.force_login(make.Officer(group=groups.OFFICER))

    page = client.get(reverse("admin:core_retentionrun_changelist")).content.decode()
    one = client.get(reverse("admin:core_retentionrun_change", args=[run.pk]))

    assert "mails" in page
    assert one.status_code == 200
    assert Delegation.objects.count() == 0


# ------------------------------------------------------------------ proposals


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("state", ["closed", "under_way"])
def test_people_of_settled_proposals_go_and_from_frozen_versions_too(clock, state):
    people = {"contact_name": "Zhuang Li", "contact_phone": "010 1234 5678"}
    proposal = make.Proposal(call__binding_rules=[], **people)
    paper = make.RequiredPaper(call=proposal.call)
    endorsement = Endorsement.objects.create(
        proposal=proposal, paper=paper, file=scan(), person_name="Minister Zhuang"
    )
    version = keep_version(proposal, by=None, at=timezone.now())
    assert "Zhuang" in json.dumps(version.people)
    moved = {"state": state, "reference": "P-1", "sent_at": timezone.now()}
    Proposal.objects.filter(pk=proposal.pk).update(**moved)

    clock(5 * 365 - 1)
    proposal.refresh_from_db()
    assert proposal.contact_name == "Zhuang Li"

    clock(5 * 365 + 1)
    for row in (proposal, endorsement, version):
        row.refresh_from_db()
    is_gone = state == "closed"
    assert (proposal.contact_name == "", endorsement.person_name == "") == (is_gone, is_gone)
    assert ("Zhuang" not in json.dumps([version.content, version.people])) == is_gone
    assert version.content["en"]["title"]
