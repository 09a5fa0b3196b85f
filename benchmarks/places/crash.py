"""python -m benchmarks.places.crash: kill gunicorn, then the database, in a rush of registrations.

Clients register delegations all the while and note each answer that came whole. Whatever was
acknowledged must be there afterwards, just as it was told. With `synchronous_commit` off, which the
portal never uses, the same is seen to lose.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from benchmarks.places import stage
from benchmarks.places.rush import post
from benchmarks.servers import headers
from sscnet.dev import DevError, processes

CLIENTS = 8
BEFORE, AFTER = 4, 4  # Seconds of registering before a kill, and after it serves again.
LONGEST_PAUSE = 10
# That a killed database does not answer is no news here.
SILENT = subprocess.DEVNULL
TRIES_TO_LOSE = 5


@dataclass
class Clients:
    """Register one institution after the other until told to stop; note what was acknowledged."""

    port: int
    institutions: list[int]
    acknowledged: dict[int, dict] = field(default_factory=dict)
    # When the last request that was acknowledged had been sent.
    last_asked_at: float = 0.0
    is_over: bool = False

    def __post_init__(self):
        self.lock, self.next = threading.Lock(), count()
        self.threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]

    def work(self):
        while not self.is_over:
            with self.lock:
                n = next(self.next)
            if n >= len(self.institutions):
                return
            self.register(self.institutions[n])

    def register(self, institution):
        """Ask until it is acknowledged, as a person would who is told to send it again."""
        while not self.is_over:
            asked_at = time.monotonic()
            with contextlib.suppress(OSError, ValueError):
                status, body = post(self.port, f"/bench/register/{institution}/", headers(), 10)
                if status == 200:
                    answer = json.loads(body)
                    with self.lock:
                        # Sent again after a cut answer, it says nothing new: it was a repeat.
                        self.acknowledged[institution] = answer
                        self.last_asked_at = max(self.last_asked_at, asked_at)
                    return
            time.sleep(0.05)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def seconds_until_served(self, since):
        """Wait until a request that was sent after this moment is acknowledged."""
        if not processes.wait_until(lambda: self.last_asked_at > since, seconds=60):
            raise DevError("The portal did not come back.")
        return time.monotonic() - since


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default=8221, type=int)
    parser.add_argument("--control", action="store_true", help="the part that is to lose, alone")
    options = parser.parse_args()
    if options.control:
        return 0 if loses_without_sync(options.port) else 1
    with tempfile.TemporaryDirectory() as static_root, stage.database() as server:
        stage.prepare(server.url("places"), static_root)
        is_safe = kill_both(server, options.port)
    # A process of its own: this one's settings name the database that was.
    control = [sys.executable, "-m", "benchmarks.places.crash", "--control"]
    control += ["--port", str(options.port)]
    loses = any(subprocess.run(control).returncode == 0 for _ in range(TRIES_TO_LOSE))
    print("met" if is_safe and loses else "NOT MET")
    return 0 if is_safe and loses else 1


def kill_both(server, port):
    meeting, institutions = stage.make_meeting(5000)
    gunicorn = stage.start(port, SILENT)
    try:
        with Clients(port, [institution.pk for institution in institutions]) as clients:
            clients.seconds_until_served(0)
            time.sleep(BEFORE)
            killed_at = kill(gunicorn.pid)
            gunicorn.wait()
            gunicorn = stage.start(port, SILENT)
            pauses = {"gunicorn": clients.seconds_until_served(killed_at)}
            time.sleep(AFTER)
            killed_at = kill(postmaster(server))
            restart(server)
            pauses["database"] = clients.seconds_until_served(killed_at)
            time.sleep(AFTER)
    finally:
        processes.stop([gunicorn])
    reconnect()
    found = stage.check(meeting) + lost(clients)
    for name, seconds in pauses.items():
        print(f"{name} killed: serving again after {seconds:.1f} s")
    print(f"{len(clients.acknowledged)} delegations acknowledged, {len(found)} lost or wrong")
    for line in found[:20]:
        print(f"WRONG: {line}")
    return not found and max(pauses.values()) <= LONGEST_PAUSE


def kill(pid):
    """Kill a process and all its children at once, without a chance to tidy up; give the moment."""
    for process in [pid, *children(pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return time.monotonic()


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def postmaster(server):
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def restart(server):
    """Start it again; whoever started it first stops it."""
    with server.in_use():
        pass


def reconnect():
    """Let go of connections to the database that was killed."""
    from django.db import connection

    connection.close()
    connection.close_pool()


def lost(clients):
    """Compare what was acknowledged with what is there, read from the log alone."""
    from meetings.models import Delegation, PlaceEvent

    stored = dict(Delegation.objects.values_list("institution_id", "reference"))
    logged = {}
    for delegate, workshop, place in (
        PlaceEvent.objects.filter(kind="asked")
        .order_by("pk")
        .values_list("delegate_id", "workshop_id", "place")
    ):
        logged.setdefault((delegate, workshop), place)
    found = []
    for institution, answer in clients.acknowledged.items():
        if stored.get(institution) != answer["reference"]:
            found.append(f"{answer['reference']} is not there")
        for delegate, workshop, place in answer["places"]:
            if logged.get((delegate, workshop)) != place:
                found.append(f"{answer['reference']} was told {place} of place {workshop}")
    return found


def loses_without_sync(port):
    """Do the same with a database that answers before it has written; tell whether it lost."""
    # The writer of the log waits as long as it may; with its usual fifth of a second less is lost.
    settings = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    with tempfile.TemporaryDirectory() as static_root, stage.database(**settings) as server:
        stage.prepare(server.url("places"), static_root)
        _meeting, institutions = stage.make_meeting(2000)
        gunicorn = stage.start(port, SILENT)
        try:
            with Clients(port, [institution.pk for institution in institutions]) as clients:
                clients.seconds_until_served(0)
                time.sleep(BEFORE)
                kill(postmaster(server))
                clients.is_over = True
        finally:
            processes.stop([gunicorn])
        restart(server)
        reconnect()
        found = lost(clients)
    print(f"control: {len(clients.acknowledged)} acknowledged, {len(found)} lost or wrong")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
