"""Opening a book on a locked meeting, and writing what an operation decided."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from .. import mails
from ..models import Delegate, Meeting, Offer, PlaceEvent, WorkshopPlace
from . import locking
from .book import Book, Row

# The columns that places alone writes, with their types in the database.
COLUMNS = {
    "place": "text",
    "reason": "text",
    "line": "int",
    "declined_at": "timestamptz",
}
ID = {"id": "bigint"}
DELEGATE_COLUMNS = COLUMNS | {"approved_at": "timestamptz", "decision": "text"}

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
    count_first(book)
    lock_rows(book)
    write_rows(Delegate, DELEGATE_COLUMNS, book.changed)
    write_rows(WorkshopPlace, COLUMNS, book.changed)
    end_offers(book)
    Offer.objects.bulk_create(book.offers)
    log(book.events)
    mails.tell(book)


def count_first(book: Book) -> None:
    """Take the places in the counters, the meeting's first, then the workshops' by id."""
    lines = [None, *book.workshops]
    for line in [line for line in lines if book.change[line]]:
        if not locking.count(book.holder(line), book.change[line]):
            raise AssertionError("more places given than there are: the lock did not hold.")
    if book.next_in_line != book.meeting.last_in_line:
        Meeting.objects.filter(pk=book.meeting.pk).update(last_in_line=book.next_in_line)


def lock_rows(book: Book) -> None:
    """Lock by id the delegates about to be written that opening did not lock."""
    ids = {
        row.delegate_id if isinstance(row, WorkshopPlace) else row.pk
        for row in book.changed
        if (row.delegate if isinstance(row, WorkshopPlace) else row).delegation_id
        not in book.opened
    }
    if ids:
        rows = Delegate.objects.filter(pk__in=ids).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def write_rows(model: type[Row], columns: dict[str, str], changed: Iterable[Row]) -> None:
    """Write these columns of the rows of one table in one statement: the lock is held meanwhile."""
    rows = sorted((row for row in changed if type(row) is model), key=lambda row: row.pk)
    if not rows:
        return
    assignments = ", ".join(f"{name} = new.{name}" for name in columns)
    sql = (
        f"UPDATE {model._meta.db_table} AS old SET {assignments}"  # noqa: S608
        f" FROM unnest({arrays(columns | ID)}) AS new ({', '.join(columns)}, id)"
        " WHERE old.id = new.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values(rows, columns | ID))


def log(events: list[PlaceEvent]) -> None:
    """Add to the log, in one statement as well, and give each event its id."""
    if not events:
        return
    sql = (
        f"INSERT INTO {PlaceEvent._meta.db_table} ({', '.join(EVENT_COLUMNS)})"  # noqa: S608
        f" SELECT * FROM unnest({arrays(EVENT_COLUMNS)}) RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values(events, EVENT_COLUMNS))
        for event, (pk,) in zip(events, cursor.fetchall(), strict=True):
            event.pk = pk


def arrays(columns: dict[str, str]) -> str:
    return ", ".join(f"%s::{kind}[]" for kind in columns.values())


def values(rows: Iterable, columns: Iterable[str]) -> list[list]:
    return [[getattr(row, name) for row in rows] for name in columns]


def end_offers(book: Book) -> None:
    ids = {delegate for delegate, _ in book.ended_offers}
    for offer in Offer.objects.open().filter(delegate__in=ids) if ids else ():
        answer = book.ended_offers.get((offer.delegate_id, offer.workshop_id))
        if answer:
            offer.answer, offer.answered_at, offer.answered_by = answer, book.now, book.actor
            offer.save(update_fields=["answer", "answered_at", "answered_by"])
