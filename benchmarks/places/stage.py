"""A database of its own, a meeting in a rush, and servers: what both measurements stand on."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.servers import HOST, environment
from sscnet.dev import DevError, postgres, processes
from sscnet.dev.checks import PRODUCTION
from sscnet.dev.ports import answers, check_free

# As many as ask at a time, so that all of them meet at the lock; few threads share a Python.
WORKERS, THREADS = 8, 2
# Of the 4,000 people of 1,000 delegations some wait; of the workshops' 12,000 wishes most.
CAPACITY, WORKSHOPS = 3000, (300, 1000, 3000)


@contextlib.contextmanager
def database(name="places", **settings):
    """A PostgreSQL that is as careful as a real one, unless `settings` say otherwise."""
    base = postgres.base_folder()
    postgres.make_folder(base)
    postgres.forget_libpq_variables()
    server = postgres.Server(Path(tempfile.mkdtemp(prefix="places-", dir=base)), settings)
    try:
        with server.in_use():
            server.create_database(name)
            yield server
    finally:
        shutil.rmtree(server.home, ignore_errors=True)


def prepare(url, static_root, settings="benchmarks.places.settings"):
    """Set up Django on this database, in this process and for those it starts, and migrate."""
    env = PRODUCTION | environment(static_root) | {"DATABASE_URL": url}
    os.environ.pop("DEBUG", None)
    os.environ.update(env)
    os.environ["DATABASE_POOL_SIZE"] = str(THREADS)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)


def make_meeting(institutions):
    """Make the meeting and so many institutions, each with a focal point who gets mail."""
    from meetings.models import Meeting
    from members.models import Affiliation, Institution, User

    meeting = Meeting.objects.create(title="Rush", capacity=CAPACITY, is_sample=True)
    for n, capacity in enumerate(WORKSHOPS):
        meeting.workshops.create(title=f"Workshop {n}", capacity=capacity)
    made = Institution.objects.bulk_create(
        Institution(name=f"Institution {n}", slug=f"institution-{n}", is_sample=True)
        for n in range(institutions)
    )
    users = User.objects.bulk_create(
        User(email=f"person{n}@example.org", password="!") for n in range(institutions)
    )
    Affiliation.objects.bulk_create(
        Affiliation(user=user, institution=institution, role="focal_point", since="2024-01-01")
        for user, institution in zip(users, made, strict=True)
    )
    return meeting, made


def start(port, log=None):
    """Start gunicorn; whoever asks waits until it answers."""
    # One that was killed a moment ago may not have let go of the port.
    processes.wait_until(lambda: is_free(port), seconds=5)
    check_free(port)
    return subprocess.Popen(
        command(port), preexec_fn=processes.end_with_parent, stdout=log, stderr=log
    )


def is_free(port):
    with contextlib.suppress(DevError):
        check_free(port)
        return True
    return False


def command(port):
    options = f"--bind {HOST}:{port} --workers {WORKERS} --threads {THREADS} --log-level critical"
    return [sys.executable, "-m", "gunicorn", "sscnet.wsgi", *options.split()]


@contextlib.contextmanager
def serving(port):
    process = start(port)
    try:
        if not processes.wait_until(lambda: answers(port), seconds=30):
            raise DevError(f"The server on port {port} did not start.")
        yield process
    finally:
        processes.stop([process])


def check(meeting):
    """Return what is wrong with the meeting's places: nothing, if all is well."""
    from meetings.places.audit import disagreements

    meeting.refresh_from_db()
    found = disagreements(meeting)
    for holder in (meeting, *meeting.workshops.all()):
        if holder.taken > holder.capacity:
            found.append(f"{holder} is oversold: {holder.taken} of {holder.capacity}")
    return found


class Clock:
    def __init__(self):
        self.began = time.perf_counter()

    @property
    def seconds(self):
        return time.perf_counter() - self.began
