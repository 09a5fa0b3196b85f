"""What must hold on several machines. Each is asked twice: with its protection, and without.

Without, it has to fail: else the statement shows nothing.
"""

import os
import signal
import time
from contextlib import ExitStack, contextmanager

from benchmarks.places import crash, stage

from . import servers
from .visitors import Visitors, ask

EDITS = 40
# The replica shows a commit so late, in milliseconds.
LATE = 200
LAG_SECONDS = 2
LIMIT = 100
AT_A_TIME = 8
HANG = 1


# ---------------------------------------------------------------- edits


def edits(databases, env, ports, protected: bool) -> int:
    """Edit a project; return how many of the next answers, of any node, show it as it was.

    Protection: a commit waits until the replica shows it (synchronous_commit = remote_apply).
    """
    title = make_project()
    commit = "remote_apply" if protected else "local"
    with late(databases), nodes(ports, env):
        for port in ports:
            ask(port, "/projects/")
        old = 0
        for n in range(EDITS):
            edit(title := f"Edited {commit} {n}", commit)
            old += sum(title not in ask(port, path)[1] for port in ports for path in paths())
    return old


def make_project() -> str:
    from projects.models import Project

    Project.objects.update_or_create(
        slug="edited", defaults={"title": "To edit", "state": "published", "year_approved": 2099}
    )
    return "To edit"


def paths() -> list[str]:
    return ["/projects/edited/", "/projects/?sort=newest", "/projects/?q=edited"]


def edit(title: str, commit: str) -> None:
    from django.db import connection

    from projects.models import Project

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [commit])
    Project.objects.filter(slug="edited").update(title=title)


@contextmanager
def late(databases):
    """Let the replica apply what it receives a moment later than it could."""
    set_delay(databases, LATE)
    try:
        yield
    finally:
        set_delay(databases, 0)


def set_delay(databases, milliseconds: int) -> None:
    databases.ask_replica(f"ALTER SYSTEM SET recovery_min_apply_delay = {milliseconds}")
    databases.ask_replica("SELECT pg_reload_conf()")


@contextmanager
def nodes(ports, env, **options):
    with ExitStack() as stack:
        yield [stack.enter_context(servers.node(port, env, **options)) for port in ports]


# ---------------------------------------------------------------- a replica that lags, that is gone


def lag(databases, env, ports, protected: bool) -> int:
    """Stop the replay, edit, wait; return how many answers are of before.

    Protection: REPLICA_LAG_SECONDS.
    """
    make_project()
    seconds = LAG_SECONDS if protected else 3600
    with nodes(ports, env | {"REPLICA_LAG_SECONDS": str(seconds)}):
        for port in ports:
            ask(port, "/projects/")
        databases.ask_replica("SELECT pg_wal_replay_pause()")
        try:
            edit(f"Not replayed, {seconds}", "local")
            time.sleep(LAG_SECONDS + 2)
            found = [ask(port, path)[1] for port in ports for path in paths() for _ in range(4)]
        finally:
            databases.ask_replica("SELECT pg_wal_replay_resume()")
    return sum(f"Not replayed, {seconds}" not in page for page in found)


def replica_gone(databases, env, ports, front) -> tuple[int, int]:
    """Kill the replica while it is read from; return requests, and failed ones."""
    with (
        nodes(ports, env),
        servers.nginx({front: ports}),
        Visitors(front, lambda n: f"/projects/?n={n}") as readers,
    ):
        time.sleep(3)
        crash.kill(crash.postmaster(databases.replica))
        time.sleep(6)
    return readers.total, readers.failed


# ---------------------------------------------------------------- a node that is gone


def node_killed(env, ports, front, protected: bool) -> dict[str, tuple[int, int]]:
    """Kill a node among readers and registrations; return requests, and failed ones, of both.

    Protection: nginx asks another node. A registration is not asked again by nginx, so those may
    fail that were open: as many as register at a time.
    """
    meeting, institutions = stage.make_meeting(3000)

    def registration(n):
        return f"/bench/register/{institutions[n % len(institutions)].pk}/"

    with (
        nodes(ports, env) as running,
        servers.nginx({front: ports}, asks_again=protected),
        Visitors(front, lambda n: f"/projects/?n={n}", at_a_time=AT_A_TIME) as readers,
        Visitors(front, registration, at_a_time=AT_A_TIME, method="POST") as registering,
    ):
        time.sleep(4)
        crash.kill(running[0].process.pid)
        time.sleep(4)
    assert not stage.check(meeting)
    meeting.delete()
    return {
        "readers": (readers.total, readers.failed),
        "registrations": (registering.total, registering.failed),
    }


# ---------------------------------------------------------------- promotion


def promotion(databases, env, ports, front) -> tuple[int, int]:
    """Promote the replica in a rush; return acknowledged registrations, and lost ones.

    Protection: synchronous_standby_names, set by `wait_for_replica` or not. In both the way to the
    replica hangs for the last second of the primary.
    """
    _meeting, institutions = stage.make_meeting(5000)
    clients = crash.Clients(front, [institution.pk for institution in institutions])
    with nodes(ports, env), servers.nginx({front: ports}), clients:
        clients.seconds_until_served(0)
        time.sleep(4)
        receiver = databases.ask_replica("SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        time.sleep(HANG)
        killed_at = crash.kill(crash.postmaster(databases.primary))
        os.kill(receiver, signal.SIGCONT)
        databases.ask_replica("SELECT pg_promote()")
        print(f"  serving again {clients.seconds_until_served(killed_at):.1f} s after the kill")
        time.sleep(4)
    crash.reconnect()
    return len(clients.acknowledged), len(crash.lost(clients))


# ---------------------------------------------------------------- one limit for all nodes


def over_limit(env, ports, front, protected: bool) -> int:
    """Return how many requests beyond API_REQUESTS_A_MINUTE are answered by two nodes together.

    Protection: CACHE_URL, where counting is one step.
    """
    env = env | {"API_REQUESTS_A_MINUTE": str(LIMIT)}
    env = env if protected else env | {"CACHE_URL": ""}
    with nodes(ports, env), servers.nginx({front: ports}):
        for port in ports:
            ask(port, "/projects/")
        # A new minute is a new count.
        if (passed := time.time() % 60) > 30:
            time.sleep(60.5 - passed)
        with Visitors(front, lambda n: f"/api/v1/projects?page={n}", at_a_time=16) as asking:
            while asking.total < 3 * LIMIT:
                time.sleep(0.1)
    return asking.total - asking.statuses[429] - LIMIT
