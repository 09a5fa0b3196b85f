"""The nudge that letters and certificates are to be made; what it misses the clock makes."""

from django.tasks import task

from . import making


@task
def make_documents():
    making.make_queued()
