"""Real threads, each with a connection of its own, all let go at the same moment."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from meetings import places
from meetings.models import Delegate, Meeting, PlaceEvent, Workshop
from meetings.places import persistence
from meetings.places.allocation import Allocation
from meetings.places.audit import disagreements
from meetings.places.due import tend_meetings
from sscnet.core.database.sql import fetch
from sscnet.outbox.models import Message
from tests import make

from .conftest import NOW, TOGETHER

pytestmark = pytest.mark.django_db(transaction=True)

RUNS_OF_CONTROL = 10


def at_once(*works):
    """Do all these at the same moment, each on a thread and connection of its own.

    Gives what each returned, or the exception it raised.
    """
    barrier = threading.Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def submitting(delegation):
    return lambda: places.submit(delegation, now=NOW)


def drafts(meeting, number, people=1, **fields):
    return [make.Delegation(meeting=meeting, people=people, **fields) for _ in range(number)]


def counted(meeting):
    rows = Delegate.objects.filter(delegation__meeting=meeting)
    return Counter(rows.values_list("place", flat=True))


def taken_in(workshop):
    return workshop.workshop_places.taken().count()


def told(delegation):
    """Give what each person was told in the answer to the submission: the state in the log."""
    events = PlaceEvent.objects.filter(delegation=delegation).order_by("pk")
    return [event.place for event in events]


def test_forty_delegations_for_the_last_twenty_places_get_exactly_twenty():
    meeting = make.Meeting(capacity=20)
    delegations = drafts(meeting, 40)

    outcomes = at_once(*map(submitting, delegations))

    assert [type(outcome) for outcome in outcomes] == [list] * 40
    assert counted(meeting) == {"confirmed": 20, "waiting": 20}
    assert Counter(str(told(d)) for d in delegations) == {"['confirmed']": 20, "['waiting']": 20}
    assert disagreements(meeting) == []


def test_groups_of_four_that_go_all_together_fill_what_they_can():
    meeting = make.Meeting(capacity=18)
    delegations = drafts(meeting, 10, people=4, rule=TOGETHER)

    at_once(*map(submitting, delegations))

    groups = Counter(tuple(told(d)) for d in delegations)
    assert groups == {("confirmed",) * 4: 4, ("waiting",) * 4: 6}
    assert disagreements(meeting) == []


def test_groups_of_four_in_a_workshop_as_many_as_fit():
    meeting = make.Meeting(capacity=100)
    workshop = make.Workshop(meeting=meeting, capacity=18)
    delegations = drafts(meeting, 10, people=4, people__workshops=[workshop])

    at_once(*map(submitting, delegations))

    assert counted(meeting) == {"confirmed": 40}
    assert taken_in(workshop) == 18
    assert disagreements(meeting) == []


def test_two_frees_at_once_give_two_places():
    meeting = make.Meeting(capacity=2)
    first, second, *waiting = drafts(meeting, 5)
    for delegation in (first, second, *waiting):
        places.submit(delegation, now=NOW)

    at_once(lambda: places.withdraw(first), lambda: places.withdraw(second))

    assert counted(meeting) == {"confirmed": 2, "withdrawn": 2, "waiting": 1}
    assert told(waiting[-1]) == ["waiting"]
    assert disagreements(meeting) == []


def test_the_same_form_sent_by_two_tabs_at_once_is_one_registration():
    meeting = make.Meeting()
    (delegation,) = drafts(meeting, 1, people=3)
    token = delegation.submission_token
    send = lambda: places.submit(delegation, token=token)  # noqa: E731

    outcomes = at_once(send, send, send, send)

    assert sorted(not outcome for outcome in outcomes) == [False, True, True, True]
    assert counted(meeting) == {"confirmed": 3}


def test_an_offer_lapses_once_however_many_look():
    meeting = make.Meeting(capacity=1, giving=Meeting.Giving.OFFERS)
    holder, first, second = drafts(meeting, 3)
    make.Affiliation(institution=first.institution)
    for delegation in (holder, first, second):
        places.submit(delegation, now=NOW)
    places.withdraw(holder, now=NOW.replace(year=2025))

    at_once(*[tend_meetings] * 6)

    assert PlaceEvent.objects.filter(kind="lapsed").count() == 1
    assert Message.objects.filter(kind="place-lapsed").count() == 1
    assert told(second) == ["waiting", "offered"]


def test_a_draft_saved_in_between_deadlocks_with_nobody():
    """An insert with a key to the meeting locks it weakly; with FOR UPDATE this deadlocks."""
    meeting = make.Meeting(capacity=50)
    institutions = [d.institution for d in drafts(make.Meeting(), 20)]

    def draft_and_submit(institution):
        def work():
            with transaction.atomic():
                delegation = make.Delegation(meeting=meeting, institution=institution, people=1)
                return places.submit(delegation)

        return work

    outcomes = at_once(*map(draft_and_submit, institutions))

    assert {type(outcome) for outcome in outcomes} == {list}
    assert counted(meeting) == {"confirmed": 20}


# ------------------------------------------------------------------ waiting, and giving up


@contextmanager
def held(meeting):
    """Somebody holds the meeting's lock meanwhile, on a connection of his own."""
    is_locked, is_over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Allocation(meeting.pk)
            is_locked.set()
            is_over.wait()
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    is_locked.wait()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_who_waits_too_long_is_asked_to_send_again_and_can(monkeypatch):
    (delegation,) = drafts(make.Meeting(), 1)
    monkeypatch.setattr(persistence, "LOCK_TIMEOUT", "50ms")

    with held(delegation.meeting), pytest.raises(places.Busy, match="Please send it again"):
        places.submit(delegation)

    assert places.submit(delegation)


def test_a_merge_that_waits_too_long_changes_nothing(monkeypatch, client):
    user = make.Administrator()
    client.force_login(user)
    (delegation,) = drafts(make.Meeting(), 1)
    places.submit(delegation)
    winner = make.Institution()
    monkeypatch.setattr(persistence, "LOCK_TIMEOUT", "50ms")
    address = reverse("admin:members_institution_merge")
    query = f"?into={winner.pk}&from={delegation.institution_id}"

    with held(delegation.meeting):
        page = client.post(address + query, follow=True)

    assert "Please send it again" in page.content.decode()
    assert page.redirect_chain[0][0] == address + query
    delegation.refresh_from_db()
    assert delegation.institution != winner


def test_the_time_to_wait_is_five_seconds():
    @persistence.in_transaction
    def shown(setting):
        return fetch(f"SHOW {setting}")

    assert shown("lock_timeout") == [("5s",)]
    assert shown("transaction_isolation") == [("read committed",)]


def deadlocking_once(meeting, other, attempts):
    """Two that lock the same two meetings the other way round; each attempt is recorded."""
    first_locks = threading.Barrier(2)

    @persistence.in_transaction
    def work(one, two):
        attempts.append(one.pk)
        Allocation(one.pk)
        if len(attempts) <= 2:
            first_locks.wait()
        Allocation(two.pk)
        return "done"

    return partial(work, meeting, other), partial(work, other, meeting)


def test_a_deadlock_is_tried_once_more():
    attempts = []

    outcomes = at_once(*deadlocking_once(make.Meeting(), make.Meeting(), attempts))

    assert outcomes == ["done", "done"]
    assert len(attempts) == 3


# ------------------------------------------------------------------ the control


@pytest.fixture
def without_lock(monkeypatch):
    """Take the lock out: rows are read without it, and the counters are not checked."""

    monkeypatch.setattr(persistence, "Allocation", partial(Allocation, lock=False))
    checks = [
        (model, next(c for c in model._meta.constraints if "over_capacity" in c.name))
        for model in (Meeting, Workshop)
    ]
    with connection.schema_editor() as editor:
        for model, check in checks:
            editor.remove_constraint(model, check)
    yield
    Meeting.objects.update(taken=0)
    with connection.schema_editor() as editor:
        for model, check in checks:
            editor.add_constraint(model, check)


@pytest.mark.proof
def test_control_without_the_lock_oversells_in_nine_of_ten_runs(without_lock):
    institutions = make.Institution.create_batch(40)
    oversold = 0
    for _ in range(RUNS_OF_CONTROL):
        meeting = make.Meeting(capacity=20)
        delegations = [
            make.Delegation(meeting=meeting, institution=institution, people=1)
            for institution in institutions
        ]
        at_once(*map(submitting, delegations))
        oversold += counted(meeting)["confirmed"] > 20

    assert oversold >= 9


def test_where_only_the_lock_is_missing_the_database_still_sells_nothing_twice(monkeypatch):
    monkeypatch.setattr(persistence, "Allocation", partial(Allocation, lock=False))
    meeting = make.Meeting(capacity=20)

    outcomes = at_once(*map(submitting, drafts(meeting, 40)))

    assert {type(outcome) for outcome in outcomes} == {list, IntegrityError}
    assert counted(meeting)["confirmed"] <= 20
    assert disagreements(meeting) == []
