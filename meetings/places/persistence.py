"""Opening a book on a locked meeting, and writing what an operation decided."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from .. import mails
from ..models import Delegate, Delegation, Offer, PlaceEvent, WorkshopPlace
from ..models.place_event import Event
from . import locking
from .allocation import Book, Row, delegate_of
from .locking import Statement

# The columns that places alone writes, with their types in the database.
COLUMNS = {
    "place": "text",
    "reason": "text",
    "line": "int",
    "declined_at": "timestamptz",
}
DELEGATE_COLUMNS = COLUMNS | {"approved_at": "timestamptz", "decision": "text"}

DELEGATION_COLUMNS = {
    "state": "text",
    "rule": "text",
    "submitted_at": "timestamptz",
    "withdrawn_at": "timestamptz",
    "submission_token": "uuid",
    "confirmation_due_at": "timestamptz",
}
EVENT_COLUMNS = {
    "at": "timestamptz",
    "kind": "text",
    "meeting_id": "bigint",
    "workshop_id": "bigint",
    "institution_id": "bigint",
    "delegation_id": "bigint",
    "delegate_id": "bigint",
    "place": "text",
    "reason": "text",
    "line": "int",
    "count": "int",
    "answer_by": "timestamptz",
    "actor_id": "bigint",
}


def operate[T](
    meeting_id: int, work: Callable[[Book], T], *, actor=None, now: datetime | None = None
) -> T:
    """Do one operation on a meeting's places: lock, let `work` change the book, settle, write."""

    def whole() -> T:
        meeting, workshops = locking.lock_meeting(meeting_id)
        # The time after the wait for the lock: an offer may have lapsed meanwhile.
        book = Book(meeting, workshops, now=now or timezone.now(), actor=actor)
        result = work(book)
        book.settle()
        write(book)
        return result

    return locking.in_transaction(whole)


def write(book: Book) -> None:
    """Write what was decided. All but offers and mails goes in one message to the database.

    While the lock is held every wait for an answer is a wait of all who want a place.
    """
    lock_rows(book)
    logged = run(
        [
            *count(book),
            *new_values(Delegation, DELEGATION_COLUMNS, book.resaved.values()),
            *new_values(Delegate, DELEGATE_COLUMNS, of_type(Delegate, book.changed)),
            *new_values(WorkshopPlace, COLUMNS, of_type(WorkshopPlace, book.changed)),
            log(book.events),
        ]
    )
    for event, (pk,) in zip(book.events, logged, strict=True):
        event.pk = pk
    end_offers(book)
    Offer.objects.bulk_create(book.offers)
    mails.tell(book)


def lock_rows(book: Book) -> None:
    """Lock by id the delegates about to be written that opening did not lock."""
    touched = {delegate_of(row) for row in book.changed}
    ids = {delegate.pk for delegate in touched if delegate.delegation_id not in book.opened}
    if ids:
        rows = Delegate.objects.filter(pk__in=ids).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


# ------------------------------------------------------------------ statements


def run(statements: list[Statement]) -> list[tuple]:
    """Run statements in their order, sent together, and give the rows of the last.

    psycopg puts the values in on our side. What the others answer is not looked at, and could not
    be: pghistory, which notes who made a request, skips to the last.
    """
    with connection.cursor() as cursor:
        sql = "; ".join(sql for sql, _values in statements)
        cursor.execute(sql, [value for _sql, values in statements for value in values])
        while cursor.nextset():
            pass
        return cursor.fetchall()


def count(book: Book) -> Iterator[Statement]:
    """Count the places taken, the meeting's with the last number in line, then by workshop."""
    if book.change[None] or book.next_in_line != book.meeting.last_in_line:
        yield locking.count(book.meeting, book.change[None], last_in_line=book.next_in_line)
    for line in book.workshops:
        if book.change[line]:
            yield locking.count(book.holder(line), book.change[line])


def of_type(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if type(row) is model]


def new_values(model: type[Model], columns: dict[str, str], rows: Iterable) -> list[Statement]:
    """Write these columns of rows of one table, by id."""
    rows = sorted(rows, key=lambda row: row.pk)
    if not rows:
        return []
    assignments = ", ".join(f"{name} = new.{name}" for name in columns)
    columns |= {"id": "bigint"}
    sql = (
        f"UPDATE {model._meta.db_table} AS old SET {assignments}"  # noqa: S608
        f" FROM {recordset(columns)} WHERE old.id = new.id"
    )
    return [(sql, [as_json(rows, columns)])]


def log(events: list[Event]) -> Statement:
    sql = (
        f"INSERT INTO {PlaceEvent._meta.db_table} ({', '.join(EVENT_COLUMNS)})"  # noqa: S608
        f" SELECT {', '.join(EVENT_COLUMNS)} FROM {recordset(EVENT_COLUMNS)} RETURNING id"
    )
    return sql, [as_json(events, EVENT_COLUMNS)]


def recordset(columns: dict[str, str]) -> str:
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"jsonb_to_recordset(%s::jsonb) AS new ({typed})"


def as_json(rows: Iterable, columns: Iterable[str]) -> str:
    """Write rows as JSON, which takes a third of the time that an array a column takes."""
    return json.dumps([{name: getattr(row, name) for name in columns} for row in rows], default=str)


# ------------------------------------------------------------------ offers


def end_offers(book: Book) -> None:
    ids = {delegate for delegate, _ in book.ended_offers}
    for offer in Offer.objects.open().filter(delegate__in=ids) if ids else ():
        answer = book.ended_offers.get((offer.delegate_id, offer.workshop_id))
        if answer:
            offer.answer, offer.answered_at, offer.answered_by = answer, book.now, book.actor
            offer.save(update_fields=["answer", "answered_at", "answered_by"])
