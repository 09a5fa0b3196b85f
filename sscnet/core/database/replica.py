"""Makes public pages from the streaming replica, unless it lags or does not answer.

The stamps of a page are read where its records are (`sql.fetch`), so a page is of one state, be
that a moment old. What the replica cannot do is done by the primary.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections
from django.http import HttpResponse

from .routers import REPLICA, reading_from

logger = logging.getLogger(__name__)

UNANSWERED = (OperationalError, InterfaceError)
# Seconds. Asked so often by each process; left alone so long after it did not answer.
ASKED_EVERY = 1
LEFT_FOR = 5
# While the primary does not answer, nothing newer can be had: asked seldom, as asking may wait.
PRIMARY_LEFT_FOR = 30

WRITTEN = "SELECT pg_current_wal_flush_lsn()"
# By the log alone a replica that lost its primary looks as good as one whose primary is idle, so
# it is compared with what the primary has written to disk. A promoted one is a primary itself.
IS_FRESH = """
SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn
    OR pg_last_xact_replay_timestamp() > clock_timestamp() - make_interval(secs => %s)
"""


def from_replica(request, make: Callable[[], HttpResponse]) -> HttpResponse | None:
    """Return what `make` makes of the replica's records; None where the primary has to be asked."""
    if REPLICA not in settings.DATABASES or not freshness.is_fresh():
        return None
    try:
        with reading_from(REPLICA):
            response = make()
    except UNANSWERED:
        freshness.leave()
        response = None
    # A search that has to write first shows something provisional on a copy that is only read.
    if response and not getattr(request, "is_provisional", False):
        return response
    request.__dict__.pop("stamps", None)
    return None


class Freshness:
    """Whether the replica may be read from, as it was found last."""

    def __init__(self):
        self.fresh, self.asked_again_at = False, 0.0

    def is_fresh(self) -> bool:
        if time.monotonic() >= self.asked_again_at:
            # First, so that other threads do not ask as well.
            self.asked_again_at = time.monotonic() + ASKED_EVERY
            self.look()
        return self.fresh

    def look(self) -> None:
        try:
            written = value(connection, WRITTEN)
        except UNANSWERED:
            self.asked_again_at = time.monotonic() + PRIMARY_LEFT_FOR
            return
        try:
            params = [written, settings.REPLICA_LAG_SECONDS]
            fresh = bool(value(connections[REPLICA], IS_FRESH, params))
        except UNANSWERED:
            self.leave()
            return
        if self.fresh and not fresh:
            logger.info("The replica lags: the primary is read from.")
        self.fresh = fresh

    def leave(self) -> None:
        """Leave it to itself for a while: it does not answer."""
        logger.warning("The replica does not answer: the primary is read from.")
        self.fresh, self.asked_again_at = False, time.monotonic() + LEFT_FOR


def value(database, sql: str, params=None):
    with database.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


freshness = Freshness()
