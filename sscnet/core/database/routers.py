"""From which database is read: public pages from a streaming replica, all else from the primary.

Set as DATABASE_ROUTERS with `REPLICA_URL`. What is read from the replica says `reading_from`, for
whole pages (`replica.py`); every write goes to the primary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"
# What counts or locks must see its last write.
ON_PRIMARY = {"sessions"}

database_for_reads: ContextVar[str] = ContextVar("database_for_reads", default=DEFAULT_DB_ALIAS)


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    before = database_for_reads.set(alias)
    try:
        yield
    finally:
        database_for_reads.reset(before)


class ReplicaRouter:
    def db_for_read(self, model, **hints):
        is_on_primary = model._meta.app_label in ON_PRIMARY
        return DEFAULT_DB_ALIAS if is_on_primary else database_for_reads.get()

    def db_for_write(self, model, **hints):
        # Said, as Django would write a record back to where it was read.
        return DEFAULT_DB_ALIAS

    def allow_relation(self, obj1, obj2, **hints):
        """Allow all: both databases hold the same rows."""
        return True
