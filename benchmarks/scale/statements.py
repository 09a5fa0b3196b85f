"""What must hold on several machines. Each is asked twice: with its protection, and without.

Without, it has to fail: else the statement shows nothing.
"""

import os
import signal
import time
from contextlib import contextmanager

from benchmarks.places import crash, stage

from . import servers
from .visitors import Visitors, ask

EDITS = 20
# The replica shows a commit so late, in milliseconds.
LATE = 200
LAG_SECONDS = 2
# Of the API, a minute and visitor.
LIMIT = 100
AT_A_TIME = 8
HANG = 1
PATHS = ("/projects/edited/", "/projects/?sort=newest", "/projects/?q=edited")
# Each asked for once.
NEW_PAGE = "/projects/?n={}".format


# ---------------------------------------------------------------- edits


def old_after_edits(databases, ports, commit: str) -> int:
    """Edit a project; return how many of the next answers, of any node, show it as it was.

    Protection: a commit waits until the replica shows it (synchronous_commit = remote_apply).
    """
    old = 0
    with late(databases.replica):
        for n in range(EDITS):
            edit(mark := f"N{n}{commit}", commit)
            old += sum(mark not in ask(port, path)[1] for port in ports for path in PATHS)
    return old


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


def old_while_replay_stands(databases, groups: list[list[int]]) -> list[int]:
    """Stop the replay, edit, wait; return for each group of nodes how many answers are of before.

    Protection: REPLICA_LAG_SECONDS.
    """
    servers.ask(databases.replica, "SELECT pg_wal_replay_pause()")
    try:
        edit(mark := "N0paused", "local")
        time.sleep(LAG_SECONDS + 2)
        return [
            sum(mark not in ask(port, path)[1] for port in ports for path in PATHS)
            for ports in groups
        ]
    finally:
        servers.ask(databases.replica, "SELECT pg_wal_replay_resume()")


def replica_killed(databases, front: int) -> tuple[int, int]:
    """Kill the replica while it is read from; return requests, and failed ones."""
    with Visitors(front, NEW_PAGE) as readers:
        time.sleep(3)
        crash.kill(crash.postmaster(databases.replica))
        time.sleep(6)
    crash.restart(databases.replica)
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
        while asking.total < 3 * LIMIT:
            time.sleep(0.1)
    return asking.total - asking.statuses[429] - LIMIT


# ---------------------------------------------------------------- a node that is gone


def node_killed(node, front: int, meeting, institutions: list[int]) -> tuple[Visitors, Visitors]:
    """Kill a node among readers and registrations; return both, with what failed.

    Protection: nginx asks another node. A registration it asks again only where the node cannot
    have seen it, so those may fail that were open: as many as register at a time.
    """

    def registration(n):
        return f"/bench/register/{institutions[n % len(institutions)]}/"

    with (
        Visitors(front, NEW_PAGE, at_a_time=AT_A_TIME) as readers,
        Visitors(front, registration, at_a_time=AT_A_TIME, method="POST") as registering,
    ):
        time.sleep(4)
        crash.kill(node.process.pid)
        time.sleep(4)
    if found := stage.check(meeting):
        raise AssertionError(found)
    return readers, registering


# ---------------------------------------------------------------- promotion


def promotion(databases, front: int, institutions: list[int]) -> tuple[int, int]:
    """Promote the replica in a rush; return acknowledged registrations, and lost ones.

    Protection: synchronous_standby_names, set by `wait_for_replica` or not. In both the way to the
    replica hangs for the last second of the primary.
    """
    with crash.Clients(front, institutions) as clients:
        clients.seconds_until_served(0)
        time.sleep(4)
        receiver = servers.ask(databases.replica, "SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        time.sleep(HANG)
        killed_at = crash.kill(crash.postmaster(databases.primary))
        os.kill(receiver, signal.SIGCONT)
        servers.ask(databases.replica, "SELECT pg_promote()")
        print(f"  serving again {clients.seconds_until_served(killed_at):.1f} s after the kill")
        time.sleep(3)
    crash.reconnect()
    # A line for each delegation and place that is not as told; it begins with the reference.
    lost = {line.split()[0] for line in crash.lost(clients)}
    return len(clients.acknowledged), len(lost)
