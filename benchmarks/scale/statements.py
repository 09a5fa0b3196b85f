"""What must hold on several machines. Each is asked twice: with its protection, and without.

Without, it has to fail: else the statement shows nothing.
"""

import os
import signal
import time
from contextlib import contextmanager

from benchmarks.faults.database import kill
from benchmarks.faults.load import Clients, lost
from benchmarks.faults.site import reconnect
from benchmarks.places import stage

from . import servers
from .visitors import Visitors, ask

EDITS = 20
# The replica shows a commit so late, in milliseconds.
LATE = 200
LAG_SECONDS = 2
# Of the API, a minute and visitor.
LIMIT = 100
# Pages, or registrations, before a kill; and when it is enough.
BEFORE, ENOUGH = 300, 600
ACKNOWLEDGED = 1000
AT_A_TIME = 8
HANG = 1
PATHS = ("/projects/edited/", "/projects/?sort=newest", "/projects/?q=edited")
REPEATED = 10
# Each asked for once.
NEW_PAGE = "/projects/?n={}".format


# ---------------------------------------------------------------- edits


def old_after_edits(databases, ports, commit: str) -> tuple[int, int]:
    """Edit a project; return the next answers of each node, and how many show it as it was.

    Protection: a commit waits until the replica shows it (synchronous_commit = remote_apply).
    """
    pages = []
    with late(databases.replica):
        for n in range(EDITS):
            edit(mark := f"N{n}{commit}", commit)
            pages += [is_old(port, path, mark) for port in ports for path in PATHS]
    return len(pages), sum(pages)


def is_old(port: int, path: str, mark: str) -> bool:
    """Tell whether a page shows what was before; who is told to ask again does so, twice."""
    for _ in range(3):
        status, body = ask(port, path)
        if status == 200:
            return mark not in body
    raise AssertionError(f"{path} was answered with {status}.")


def edit(mark: str, commit: str) -> None:
    from django.db import connection

    from projects.models import Project

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [commit])
    edited = {"title": f"Edited: {mark}", "state": "published", "year_approved": 2099}
    Project.objects.update_or_create(slug="edited", defaults=edited)


@contextmanager
def late(replica):
    """Let the replica apply what it receives a moment later than it could."""
    set_delay(replica, LATE)
    try:
        yield
    finally:
        set_delay(replica, 0)


def set_delay(replica, milliseconds: int) -> None:
    servers.ask(replica, f"ALTER SYSTEM SET recovery_min_apply_delay = {milliseconds}")
    servers.ask(replica, "SELECT pg_reload_conf()")


# ---------------------------------------------------------------- a replica that lags, that is gone


def old_while_replay_stands(databases, groups: list[list[int]]) -> list[tuple[int, int]]:
    """Stop the replay, edit, wait; return for each group of nodes answers, and old ones.

    Protection: REPLICA_LAG_SECONDS.
    """
    servers.ask(databases.replica, "SELECT pg_wal_replay_pause()")
    try:
        edit(mark := "N0paused", "local")
        time.sleep(LAG_SECONDS + 2)
        pages = [
            [is_old(port, path, mark) for port in ports for path in PATHS * REPEATED]
            for ports in groups
        ]
        return [(len(old), sum(old)) for old in pages]
    finally:
        servers.ask(databases.replica, "SELECT pg_wal_replay_resume()")


def replica_killed(databases, front: int) -> tuple[int, int]:
    """Kill the replica while it is read from; return requests, and failed ones."""
    from sscnet.core.database.replica import LEFT_FOR

    with Visitors(front, NEW_PAGE) as readers:
        readers.wait_for(BEFORE)
        kill(databases.replica.process_number())
        # It is asked again meanwhile.
        time.sleep(LEFT_FOR + 1)
        readers.wait_for(ENOUGH)
    # Started again; whoever started it first stops it.
    with databases.replica.in_use():
        return readers.total, readers.failed


# ---------------------------------------------------------------- one limit for all nodes


def beyond_limit(port: int) -> int:
    """Return how many requests beyond LIMIT are answered within a minute.

    Protection: CACHE_URL, where counting is one step.
    """
    # A new minute is a new count.
    if (passed := time.time() % 60) > 30:
        time.sleep(60.5 - passed)
    with Visitors(port, "/api/v1/projects?page={}".format, at_a_time=16) as asking:
        asking.wait_for(3 * LIMIT)
    return asking.total - asking.statuses[429] - LIMIT


# ---------------------------------------------------------------- a node that is gone


def node_killed(node, front: int, meetings, institutions) -> tuple[Visitors, Visitors]:
    """Kill a node among readers and registrations; return both, with what failed.

    Protection: nginx asks another node. A registration it asks again only where the node cannot
    have seen it, so those may fail that were open: as many as register at a time.
    """

    def registration(n):
        row, column = divmod(n, len(meetings))
        return f"/faults/register/{meetings[column].pk}/{institutions[row % len(institutions)]}/"

    with (
        Visitors(front, NEW_PAGE, at_a_time=AT_A_TIME) as readers,
        Visitors(front, registration, at_a_time=AT_A_TIME, method="POST") as registering,
    ):
        for number in (BEFORE, ENOUGH):
            readers.wait_for(number)
            registering.wait_for(number)
            if number == BEFORE:
                kill(node.process.pid)
    if found := [line for meeting in meetings for line in stage.check(meeting)]:
        raise AssertionError(found)
    return readers, registering


# ---------------------------------------------------------------- promotion


def promotion(databases, front: int, meetings, institutions) -> tuple[int, int]:
    """Promote the replica in a rush; return acknowledged registrations, and lost ones.

    Protection: synchronous_standby_names, set by `wait_for_replica` or not. In both the way to the
    replica hangs for the last second of the primary: what was on its way then never arrives.
    """
    with Clients(front, [meeting.pk for meeting in meetings], institutions) as clients:
        clients.wait_for(BEFORE)
        receiver = servers.ask(databases.replica, "SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        time.sleep(HANG)
        kill(databases.primary.process_number())
        killed_at = time.monotonic()
        servers.ask(databases.replica, "SELECT pg_promote(wait => false)")
        # Once it goes on, the receiver finds that it is to end.
        time.sleep(0.1)
        os.kill(receiver, signal.SIGCONT)
        print(f"  serving again {clients.seconds_until_served(killed_at):.1f} s after the kill")
        clients.wait_for(ACKNOWLEDGED)
    reconnect()
    # A line for each delegation and place that is not as told; it begins with the reference.
    gone = {line.split()[0] for line in lost(meetings, clients)}
    return len(clients.acknowledged), len(gone)
