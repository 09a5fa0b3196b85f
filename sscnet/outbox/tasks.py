"""The nudge: a task that asks the worker to look at the outbox now.

Nothing depends on it. What a lost task leaves behind, the next sweep of `run_due` sends.
"""

from django.tasks import task

from . import sending


@task
def send_due():
    sending.send_due()


def nudge():
    send_due.enqueue()
