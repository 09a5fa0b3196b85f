"""Deciding writes nothing, and what was decided is what is written."""

import ast
import inspect
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from meetings import places
from meetings.models import Delegate, Delegation, Meeting, Offer, PlaceEvent
from meetings.places.allocation import Allocation
from meetings.places.audit import disagreements
from meetings.places.persistence import meeting_of
from tests import make
from tests.meetings.lines import DAY, states, submitted

from .conftest import NOW

LATER = NOW + DAY
FOLDER = settings.BASE_DIR / "meetings" / "places"
OPERATIONS = {
    name: operation for name, operation in vars(places).items() if hasattr(operation, "__wrapped__")
}
# Called on a row or a queryset, each of these writes, whatever the arguments are.
WRITES = {
    "abulk_create",
    "acreate",
    "asave",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "execute",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}


def writes_in(source):
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)} & WRITES


def test_persistence_alone_contains_writes():
    found = {path.name: writes_in(path.read_text()) for path in FOLDER.glob("*.py")}

    assert len(found) > 5
    mails = (FOLDER / "mails.py").read_text()
    # A confirmation that was written is not due any more: that is no place.
    assert mails.count('.save(update_fields=["confirmation_due_at"])') == 1
    assert found.pop("mails.py") == {"save"}
    assert {name for name, writes in found.items() if writes} == {"persistence.py"}


@pytest.mark.parametrize(
    "source", ["row.save()", "Offer.objects.filter(pk=1).update(answer='')", "rows.delete()"]
)
def test_a_write_is_found_where_it_stands(source):
    assert writes_in(f"def decide(row, rows):\n    {source}")


@contextmanager
def nothing_written():
    """Let the database refuse all that writes, for a while."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


# ------------------------------------------------------------------ all kinds of rows


@pytest.fixture
def meeting(db):
    """A meeting of four places, each taken; others wait, and freed places are offered."""
    return make.Meeting(
        title="Meeting",
        capacity=4,
        giving=Meeting.Giving.OFFERS,
        answer_hours=48,
        name_by_on=(NOW + 3 * DAY).date(),
    )


@pytest.fixture
def workshop(meeting):
    return make.Workshop(meeting=meeting, capacity=2)


@pytest.fixture
def holder(meeting, workshop):
    return submitted(meeting, people=3, workshops=[workshop])


@pytest.fixture
def unnamed(meeting):
    delegation = make.Delegation(meeting=meeting)
    delegate = make.Delegate(
        delegation=delegation, to_be_named=True, family_name="", given_names=""
    )
    places.submit(delegation, now=NOW)
    return delegate


@pytest.fixture
def waiting(meeting, holder, unnamed, workshop):
    return submitted(meeting, people=2, workshops=[workshop])


@pytest.fixture
def offer(holder, waiting):
    """The first who waits is offered the place of one who withdrew."""
    places.withdraw(holder.delegates.last(), now=NOW)
    return Offer.objects.get()


@pytest.fixture
def cases(meeting, workshop, holder, unnamed, waiting, offer):
    """An operation's arguments, by its name."""
    draft = make.Delegation(meeting=meeting, people=2, people__workshops=[workshop])
    person = holder.delegates.first()
    other = make.Workshop(meeting=meeting, capacity=9)
    declined = submitted(meeting)
    places.decline(declined, now=NOW)
    to_approve = submitted(meeting)
    Delegate.objects.filter(delegation=to_approve).update(approved_at=None)
    names = {"family_name": "Lin", "given_names": "Yun"}
    return {
        "answer_offer": ([offer, False], {}),
        "approve": ([to_approve], {"reason": "Fits."}),
        "choose_workshops": ([person, [other]], {}),
        "decline": ([holder], {"reason": "Full."}),
        "name": ([unnamed, names], {}),
        "set_capacity": ([meeting, 7], {}),
        "set_quota": ([meeting, 9], {"institution": make.Institution()}),
        "submit": ([draft], {}),
        "swap": ([person, names], {}),
        "take_over": ([holder, waiting.institution], {}),
        "tend": ([meeting], {"now": NOW + 5 * DAY}),
        "undo": ([declined], {}),
        "withdraw": ([holder], {}),
    }


def told(events):
    names = [field.attname for field in PlaceEvent._meta.fields if not field.primary_key]
    return [tuple(getattr(event, name) for name in names) for event in events]


def test_each_operation_has_a_case(cases):
    assert cases.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_decides_without_writing_what_it_then_does(cases, meeting, name):
    args, more = cases[name]
    now = more.pop("now", LATER)
    before = PlaceEvent.objects.count()

    with nothing_written():
        allocation = Allocation(meeting_of(args[0]), lock=False, now=now)
        inspect.unwrap(OPERATIONS[name])(allocation, *args, **more)
        allocation.settle()
    decided = allocation.changes.events

    assert PlaceEvent.objects.count() == before
    OPERATIONS[name](*args, now=now, **more)
    assert told(PlaceEvent.objects.order_by("pk")[before:]) == told(decided)
    assert decided
    assert disagreements(meeting) == []


@pytest.mark.parametrize("rule", Delegation.Rule.values)
def test_the_preview_of_a_submission_writes_nothing(cases, rule):
    (draft,), _more = cases["submit"]
    Delegation.objects.filter(pk=draft.pk).update(rule=rule)

    with nothing_written():
        at_meeting, at_workshop = places.preview(draft, now=LATER)

    assert (at_meeting.waiting_before, len(at_meeting.waiting)) == (2, 2)
    assert (at_workshop.waiting_before, len(at_workshop.waiting)) == (2, 2)
    assert states(draft) == [("", ""), ("", "")]


def test_a_write_while_deciding_is_refused_by_the_database(holder):
    with pytest.raises(DatabaseError, match="read-only transaction"), nothing_written():
        holder.delegates.update(role="Engineer")
