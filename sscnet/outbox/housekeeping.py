"""Housekeeping of `run_due`."""

from django.core.cache import caches
from django.core.management import call_command

from sscnet.core import changes
from sscnet.core.cache import JSONDatabaseCache
from sscnet.core.versions import releasing

from . import due


@due.register
def forget_old_tasks():
    """Delete results of tasks that are weeks old."""
    call_command("prune_db_task_results", verbosity=0)


@due.register
def forget_expired_counts():
    """Delete what has expired in the cache of the database; Valkey does so itself."""
    if isinstance(caches["default"], JSONDatabaseCache):
        caches["default"].delete_expired()


@due.register
def release_versions():
    """Release the versions of records whose time has come."""
    releasing.release_due()


@due.register
def trim_log_of_changes():
    """Shorten the log of changes, which is read as a whole."""
    changes.trim()
