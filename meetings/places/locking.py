"""One transaction, one order of locks: the meeting, its workshops by id, delegates by id.

The meeting's row comes first on every path, so that all who give or take places of a meeting do it
one after the other, and what they count afterwards is true until they are done. The lock is FOR NO
KEY UPDATE: it stops the others here, but not somebody who inserts a draft, whose foreign keys take
a weak lock on the same rows. FOR UPDATE would meet them and deadlock.

The isolation is READ COMMITTED, PostgreSQL's own default: a statement after the lock sees what was
committed before it. Under REPEATABLE READ the counts would be those of before the wait.
"""

import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from sscnet.core.sql import run, run_for_one

from ..models import Meeting, Workshop
from .errors import Busy

type Statement = tuple[str, list]

LOCK_TIMEOUT = "5s"
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
ATTEMPTS = 2
OF_MEETING = (
    "title",
    "i18n",
    "slug",
    "capacity",
    "taken",
    "last_in_line",
    "quota",
    "giving",
    "answer_hours",
    "approval",
    "cancelled_at",
    "waiting_list_ends_at",
    "name_by_on",
    "time_zone",
)
# Seconds. Tried again at once, one takes back the lock the other waits for, and both deadlock anew.
PAUSE = 0.05


def in_transaction[T](work: Callable[[], T]) -> T:
    """Do the work in a transaction of its own, or in a savepoint of the caller's.

    A deadlock is tried once more: the other one is through by then. Raises Busy when a lock was not
    to be had in five seconds, or after a second deadlock.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                limit_waiting()
                return work()
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlstate", None)
            if code not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                raise
            if code == LOCK_NOT_AVAILABLE or attempt == ATTEMPTS:
                raise Busy from error
            time.sleep(PAUSE)
    raise AssertionError("unreachable")


def limit_waiting() -> None:
    with connection.cursor() as cursor:
        # The same as SET LOCAL.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])


def lock_meeting(meeting_id: int) -> tuple[Meeting, dict[int, Workshop]]:
    """Give the meeting and its workshops, by id, as they are now that nobody else changes them."""
    meeting = run_for_one(locked_meeting, meeting_id)
    return meeting, {workshop.pk: workshop for workshop in run(locked_workshops, meeting_id)}


def read_meeting(meeting_id: int) -> tuple[Meeting, dict[int, Workshop]]:
    """Give the same without locks, to look only."""
    workshops = {workshop.pk: workshop for workshop in workshops_of(meeting_id)}
    return by_id(meeting_id).get(), workshops


def by_id(meeting_id: int) -> QuerySet[Meeting]:
    """Give what places ask of a meeting; the texts stay where they are."""
    return Meeting.objects.filter(pk=meeting_id).order_by().only(*OF_MEETING)


def workshops_of(meeting_id: int) -> QuerySet[Workshop]:
    workshops = Workshop.objects.filter(meeting_id=meeting_id).order_by("pk")
    return workshops.only("title", "i18n", "meeting", "capacity", "taken", "cancelled_at")


def locked_meeting(meeting_id: int) -> QuerySet[Meeting]:
    return by_id(meeting_id).select_for_update(no_key=True)


def locked_workshops(meeting_id: int) -> QuerySet[Workshop]:
    return workshops_of(meeting_id).select_for_update(no_key=True)


def count(holder: Meeting | Workshop, change: int, **also: int) -> Statement:
    """Add to the places taken, and set other columns; the first writes of a transaction.

    The check on the row refuses more than there are, even where somebody had not asked for the
    lock: the whole transaction then fails, and nothing is given.
    """
    others = "".join(f", {name} = %s" for name in also)
    sql = f"UPDATE {holder._meta.db_table} SET taken = taken + %s{others} WHERE id = %s"  # noqa: S608
    return sql, [change, *also.values(), holder.pk]
