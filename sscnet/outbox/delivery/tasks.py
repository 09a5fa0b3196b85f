"""The nudge: a task that asks the worker to look at the outbox now.

Nothing depends on it. What a lost task leaves behind, the next sweep of `run_due` sends.
"""

from django.db import connection, transaction
from django.tasks import task

from . import sending


@task
def send_due():
    sending.send_due()


def nudge():
    send_due.enqueue()


def nudge_on_commit():
    """Nudge after the commit, once a transaction; a failure is logged."""
    if nudge not in [function for _savepoints, function, *_ in connection.run_on_commit]:
        transaction.on_commit(nudge, robust=True)
