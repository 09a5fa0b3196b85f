"""What changed since an earlier look, from the log that the triggers write (`models/changes.py`).

Ids and clocks cannot tell what is new: a transaction that began early may commit late. PostgreSQL's
snapshots can: a row is news when its transaction was not visible in the snapshot of the last look.
So every change is told exactly once, and those of the reader's own open transaction every time.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import InternalError, connection
from django.db.models.functions import Now

from ..models import Change

# In this snapshot nothing was visible yet.
BEFORE_EVERYTHING = "1:1:"
# More at once, and building anew is cheaper. The triggers know this number too.
MANY = 2000
MOST_ROWS = 20 * MANY
# The log is kept for longer than a reader may trust what it holds without looking.
KEPT_FOR = timedelta(days=2)
TRUSTED_FOR = timedelta(days=1)

LOOK = f"""
WITH news AS (
    SELECT id, project_id FROM projects_change
    WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
      -- A snapshot does not list the transaction it is taken in: our own we ask for by its number.
      AND (xid = pg_current_xact_id_if_assigned()
           OR NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot))
      -- Restored from another server's dump, a row may name a transaction yet to come.
      AND (xid = pg_current_xact_id_if_assigned()
           OR pg_visible_in_snapshot(xid, pg_current_snapshot()))
    LIMIT {MOST_ROWS}
)
SELECT
    concat_ws(
        ' ',
        pg_postmaster_start_time(),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        pg_relation_filenode('projects_change')
    ),
    pg_current_snapshot()::text,
    pg_current_xact_id_if_assigned()::text,
    (SELECT count(*) FROM news),
    (SELECT max(id) FROM news),
    ARRAY(SELECT DISTINCT project_id FROM news LIMIT {MANY + 4}),
    CASE WHEN %(seen)s = '{BEFORE_EVERYTHING}' OR EXISTS (SELECT FROM news)
        THEN (SELECT concat_ws('.', count(*), max(id), sum(id)) FROM projects_change) END
"""  # noqa: S608


@dataclass(frozen=True)
class News:
    """What a look at the log gives.

    `database` changes when another database, or another state of it, is behind the connection.
    `own` is the reader's own transaction, if it has written: what it sees, others may never see.
    `stamp` names the state of the records, alike in every process; None where nothing is new.
    """

    database: str
    snapshot: str
    own: str | None
    rows: int
    last: int | None
    ids: frozenset[int]
    stamp: str | None

    @property
    def is_everything(self) -> bool:
        return self.rows == MOST_ROWS or len(self.ids) > MANY or Change.EVERYTHING in self.ids

    @property
    def has_names(self) -> bool:
        return Change.NAMES in self.ids

    @property
    def projects(self) -> list[int]:
        return sorted(number for number in self.ids if number > 0)


def look(seen: str = BEFORE_EVERYTHING) -> News:
    """Read what was not visible in the snapshot `seen`, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"seen": seen})
        database, snapshot, own, rows, last, ids, stamp = cursor.fetchone()
    return News(database, snapshot, own, rows, last, frozenset(ids), stamp)


def note_everything() -> None:
    """Make every process start anew, after a change that no trigger saw: a restore, a bulk load."""
    Change.objects.create(project_id=Change.EVERYTHING)


def trim() -> int:
    """Forget old rows of the log; who has not looked for so long starts anew.

    Each process does so when it starts. A copy of the database that cannot be written to has its
    log trimmed where it is copied from.
    """
    try:
        return Change.objects.filter(at__lt=Now() - KEPT_FOR).delete()[0]
    except InternalError:
        return 0
