"""One transaction for each operation: its locks, and the only writes of places.

The meeting's row is locked first on every path, then its workshops by id, then delegates by id: so
all who give or take places of a meeting do it one after the other, and what they count afterwards
is true until they are done. The lock is FOR NO KEY UPDATE: it stops the others here, but not the
insert of a draft, whose foreign keys take a weak lock on the same rows. FOR UPDATE would meet them
and deadlock.

The isolation is READ COMMITTED, PostgreSQL's own default: a statement after the lock sees what was
committed before it. Under REPEATABLE READ the counts would be those of before the wait.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import wraps
from typing import Concatenate

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from sscnet.core.database.sql import fetch

from ..models import (
    Delegate,
    DelegateAnswer,
    Delegation,
    InstitutionQuota,
    Meeting,
    Offer,
    PlaceEvent,
    Workshop,
    WorkshopPlace,
    forget_travel,
)
from . import mails
from .allocation import Allocation, Kind, Target, delegate_of, delegation_of
from .errors import Busy

type Statement = tuple[str, list]

LOCK_TIMEOUT = "5s"
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
ATTEMPTS = 2
# Seconds. Tried again at once, one takes back the lock the other waits for, and both deadlock anew.
PAUSE = 0.05

# The columns that places alone writes.
COLUMNS = ("place", "reason", "line", "declined_at")
DELEGATE_COLUMNS = (*COLUMNS, "approved_at", "decision")
DELEGATION_COLUMNS = (
    *("state", "rule", "submitted_at", "withdrawn_at"),
    *("submission_token", "confirmation_due_at"),
)
EVENT_COLUMNS = [field.attname for field in PlaceEvent._meta.concrete_fields if field.name != "id"]


# ------------------------------------------------------------------ the transaction


def in_transaction[**P, T](work: Callable[P, T]) -> Callable[P, T]:
    """Run the work in a transaction of its own, or in a savepoint of the caller's.

    A deadlock is tried once more: the other one is through by then. Raise Busy when a lock was not
    to be had in five seconds, or after a second deadlock.
    """

    @wraps(work)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> T:
        for n in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    # The same as SET LOCAL.
                    fetch("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
                    return work(*args, **kwargs)
            except OperationalError as error:
                code = getattr(error.__cause__, "sqlstate", None)
                if code not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                    raise
                if code == LOCK_NOT_AVAILABLE or n == ATTEMPTS:
                    raise Busy from error
                time.sleep(PAUSE)
        raise AssertionError("unreachable")

    return attempt


def operation[**P, T](decide: Callable[Concatenate[Allocation, P], T]) -> Callable[P, T]:
    """Make an operation of a function that decides in memory: lock, decide, settle, write.

    The operation takes what `decide` takes but for the allocation, and `actor`, `now` and
    `told_later`.
    """

    @in_transaction
    @wraps(decide)
    def perform(target, *args, actor=None, now: datetime | None = None, told_later=None, **kw) -> T:
        allocation = Allocation(meeting_of(target), now=now, actor=actor, told_later=told_later)
        result = decide(allocation, target, *args, **kw)
        allocation.settle()
        write(allocation)
        return result

    return perform


def meeting_of(target: Target | Meeting | Workshop) -> int:
    if isinstance(target, Meeting):
        return target.pk
    return (target if isinstance(target, Workshop) else delegation_of(target)).meeting_id


# ------------------------------------------------------------------ writing


def write(allocation: Allocation) -> None:
    """Write what was decided, most of it in one message to the database.

    While the lock is held every wait for an answer is a wait of all who want a place.
    """
    changes = allocation.changes
    lock_others(allocation)
    swapped = [event.delegate_id for event in changes.events if event.kind == Kind.SWAPPED]
    if swapped:
        # Before the consents go by which it is kept.
        forget_travel(swapped)
        DelegateAnswer.objects.filter(delegate__in=swapped).forget()
    # A capacity comes before the places that are given by it: the counters are checked against it.
    for row, columns in changes.columns:
        row.save(update_fields=columns)
    # What is new has no key yet and is inserted below.
    rows = [row for row in changes.rows.values() if row.pk]
    logged = run(
        [
            *count(allocation),
            *new_values(Delegation, DELEGATION_COLUMNS, changes.delegations.values()),
            *new_values(Delegate, DELEGATE_COLUMNS, rows),
            *new_values(WorkshopPlace, COLUMNS, rows),
            log(changes.events),
        ]
    )
    for event, (pk,) in zip(changes.events, logged, strict=True):
        event.pk = pk
    end_offers(allocation)
    for row in changes.removed:
        row.delete()
    for model in (WorkshopPlace, Offer, InstitutionQuota):
        model.objects.bulk_create(row for row in changes.made if isinstance(row, model))
    mails.tell(allocation)


def lock_others(allocation: Allocation) -> None:
    """Lock by id the delegates about to be written that opening did not lock."""
    touched = {delegate_of(row) for row in allocation.changes.rows.values()}
    ids = {d.pk for d in touched if d.delegation_id not in allocation.opened}
    if ids:
        # In one order on every path, or two would wait for each other.
        rows = Delegate.objects.filter(pk__in=ids).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def end_offers(allocation: Allocation) -> None:
    ended = allocation.changes.ended_offers
    ids = {delegate for delegate, _line in ended}
    for offer in Offer.objects.open().filter(delegate__in=ids) if ids else ():
        if answer := ended.get((offer.delegate_id, offer.workshop_id)):
            offer.answer, offer.answered_at = answer, allocation.now
            offer.answered_by = allocation.actor
            offer.save(update_fields=["answer", "answered_at", "answered_by"])


# ------------------------------------------------------------------ statements


def run(statements: list[Statement]) -> list[tuple]:
    """Run statements in their order, sent together, and return the rows of the last.

    psycopg puts the values in on our side. What the others answer is not looked at, and could not
    be: pghistory, which notes who made a request, skips to the last.
    """
    with connection.cursor() as cursor:
        sql = "; ".join(sql for sql, _values in statements)
        cursor.execute(sql, [value for _sql, values in statements for value in values])
        while cursor.nextset():
            pass
        return cursor.fetchall()


def count(allocation: Allocation) -> Iterator[Statement]:
    """Add to the places taken, the meeting's with the last number in line, then by workshop.

    The check on the row refuses more than there are, even of a writer without the lock: the
    whole transaction then fails, and nothing is given.
    """
    taken = allocation.changes.taken
    if taken[None] or allocation.changes.gives_numbers:
        sql = "UPDATE meetings_meeting SET taken = taken + %s, last_in_line = %s WHERE id = %s"
        yield sql, [taken[None], allocation.meeting.last_in_line, allocation.meeting.pk]
    for line in allocation.workshops:
        if taken[line]:
            sql = "UPDATE meetings_workshop SET taken = taken + %s WHERE id = %s"
            yield sql, [taken[line], line]


def new_values(model: type[Model], columns: Iterable[str], rows: Iterable) -> list[Statement]:
    """Write these columns of those rows that are of the model, by id."""
    rows = sorted((row for row in rows if isinstance(row, model)), key=lambda row: row.pk)
    if not rows:
        return []
    table, assignments = model._meta.db_table, ", ".join(f"{name} = new.{name}" for name in columns)
    sql = f"UPDATE {table} AS old SET {assignments} FROM {{}} WHERE old.id = new.id"  # noqa: S608
    return [from_json(sql, model, ["id", *columns], rows)]


def log(events: list[PlaceEvent]) -> Statement:
    table, columns = PlaceEvent._meta.db_table, ", ".join(EVENT_COLUMNS)
    sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {{}} RETURNING id"  # noqa: S608
    return from_json(sql, PlaceEvent, EVENT_COLUMNS, events)


def from_json(sql: str, model: type[Model], columns: Iterable[str], rows: Iterable) -> Statement:
    """Give a statement the rows as JSON, which takes a third of the time of an array a column."""
    source = f"jsonb_populate_recordset(NULL::{model._meta.db_table}, %s::jsonb) AS new"
    values = [{name: getattr(row, name) for name in columns} for row in rows]
    return sql.format(source), [json.dumps(values, default=str)]
