"""The nudge that PDFs are to be made; what it misses the clock makes."""

from django.db import transaction
from django.tasks import task

from sscnet.outbox import due

from . import issuing

due.register(issuing.make_pdfs)


@task
def make_pdfs():
    issuing.make_pdfs()


def make_pdfs_on_commit() -> None:
    transaction.on_commit(make_pdfs.enqueue, robust=True)
