"""python -m benchmarks.scale: the portal on several machines, all of them this one (docs/scale.md).

A primary, a streaming replica, two nodes, nginx before them. Prints what holds.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import namedtuple
from pathlib import Path

import psycopg

from benchmarks import stage
from benchmarks.faults.harm import kill
from benchmarks.faults.run import Clients, lost
from benchmarks.faults.site import Site, reconnect
from benchmarks.load import Visitors, ask
from benchmarks.servers import Program, running
from sscnet.dev import DevError, postgres, processes, steps

DATABASE = "places"
INSTITUTIONS = 1000
EDITS, REPEATED = 20, 10
PATHS = ("/projects/edited/", "/projects/?sort=newest", "/projects/?q=edited")
# The replica shows a commit so late, in milliseconds.
LATE = 200
LAG_SECONDS = 2
# Pages, or registrations, before a kill; when it is enough; and so many at a time.
BEFORE, ENOUGH, ACKNOWLEDGED, AT_A_TIME = 300, 600, 1000, 8
NEW_PAGE = "/projects/?n={}".format
Databases = namedtuple("Databases", "primary replica")
Machines = namedtuple("Machines", "databases nodes front institutions")


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--port", default=8231, type=int, help="the first of three free ports")
    parser.add_argument("--parts", default=list(PARTS), nargs="+", choices=PARTS)
    options = parser.parse_args()
    with machines(options.port) as given:
        met = True
        for statement, holds in (one for part in options.parts for one in PARTS[part](given)):
            print(f"  {'holds' if holds else 'FAILS'}: {statement}", flush=True)
            met = met and holds
    print("met" if met else "NOT MET")
    return 0 if met else 1


@contextlib.contextmanager
def machines(port: int):
    """Start the databases; give them, the ports of nodes and nginx, and who registers."""
    with tempfile.TemporaryDirectory() as home, started() as databases:
        stage.prepare(static_root=home, REPLICA_LAG_SECONDS=str(LAG_SECONDS), **urls(databases))
        steps.run_quietly("The Network's records", steps.manage("load_network"), os.environ)
        from sscnet.search import renewal

        _meeting, institutions = stage.make_meeting(INSTITUTIONS)
        # Else each search renews some of what was made just now.
        renewal.refresh_all()
        yield Machines(databases, [port, port + 1], port + 2, [one.pk for one in institutions])


@contextlib.contextmanager
def started():
    """Start a primary, and a streaming replica as docs/scale.md says."""
    with stage.database() as primary:
        home = Path(tempfile.mkdtemp(prefix="places-", dir=primary.home.parent))
        # Else what the primary tidies away ends queries of the replica that still read it.
        replica = postgres.Server(home, {"hot_standby_feedback": "on"})
        postgres.make_folder(home)
        replica.data.mkdir(mode=0o700)
        postgres.give_to_server(replica.data)
        source = ["--host", str(primary.sockets), "--username", "postgres", "--checkpoint=fast"]
        command = [postgres.programs() / "pg_basebackup", "--write-recovery-conf", *source]
        if postgres.run_as_server([*command, "--pgdata", replica.data]).returncode:
            raise DevError("pg_basebackup failed.")
        try:
            with replica.in_use():
                yield Databases(primary, replica)
        finally:
            shutil.rmtree(home, ignore_errors=True)


def urls(databases: Databases) -> dict[str, str]:
    """Return the settings of a node: it finds the primary, whichever that is."""
    hosts = ",".join(str(server.sockets) for server in databases)
    address = f"postgresql://postgres@/{DATABASE}?host={hosts}&port=5432,5432"
    return {
        "DATABASE_URL": f"{address}&target_session_attrs=read-write",
        "REPLICA_URL": f"{address}&target_session_attrs=prefer-standby",
    }


def wait_for_replica(databases: Databases) -> None:
    """Let commits wait from now on until the replica shows them."""
    tell(databases.primary, "ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
    tell(databases.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    tell(databases.primary, "SELECT pg_reload_conf()")
    in_step = "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
    if not processes.wait_until(lambda: tell(databases.primary, in_step), seconds=30):
        raise DevError("The replica does not follow.")


def tell(server: postgres.Server, sql: str):
    """Run a statement; return the first value it gives."""
    with psycopg.connect(server.url(DATABASE), autocommit=True) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextlib.contextmanager
def nodes(ports: list[int]):
    """Start gunicorns with the portal on ports that follow one another."""
    programs = [(Program(str(port), settings="benchmarks.settings"), {}) for port in ports]
    with running(programs, ports[0]) as servers:
        # What a process does once, such as reading an index, is no part of what is measured.
        for port in ports * 8:
            ask(port, "/projects/")
        yield list(servers.values())


def pages(given: Machines):
    """Edit; let the replica lag, and kill it."""
    databases, front = given.databases, given.front
    wait_for_replica(databases)
    with nodes(given.nodes), stage.nginx(front, given.nodes):
        old, lagging = (one(databases, given.nodes) for one in (after_edits, while_it_stands))
        readers = replica_killed(databases, front)
    yield f"of {len(old)} answers after an edit {sum(old)} are old", not any(old)
    yield f"replica stands still: of {len(lagging)} {sum(lagging)} are old", not any(lagging)
    yield f"replica killed: {readers.failed} of {readers.total} pages failed", not readers.failed


def after_edits(databases, ports) -> list[bool]:
    """Edit a project; return of the next answers of each node whether they show it as it was.

    Protection: a commit waits until the replica shows it (synchronous_commit = remote_apply).
    """
    old = []
    # It applies what it receives later than it could.
    tell(databases.replica, f"ALTER SYSTEM SET recovery_min_apply_delay = {LATE}")
    tell(databases.replica, "SELECT pg_reload_conf()")
    for n in range(EDITS):
        edit(mark := f"N{n}late", "remote_apply")
        old += [is_old(port, path, mark) for port in ports for path in PATHS]
    tell(databases.replica, "ALTER SYSTEM RESET recovery_min_apply_delay")
    tell(databases.replica, "SELECT pg_reload_conf()")
    return old


def while_it_stands(databases, ports) -> list[bool]:
    """Stop the replay, edit, wait; return which answers are old.

    Protection: REPLICA_LAG_SECONDS.
    """
    tell(databases.replica, "SELECT pg_wal_replay_pause()")
    edit(mark := "N0paused", "local")
    time.sleep(LAG_SECONDS + 2)
    old = [is_old(port, path, mark) for port in ports for path in PATHS * REPEATED]
    tell(databases.replica, "SELECT pg_wal_replay_resume()")
    return old


def is_old(port: int, path: str, mark: str) -> bool:
    """Return whether a page shows what was before; where a node says ask again, do so twice."""
    for _ in range(3):
        status, answer = ask(port, path)
        if status == 200:
            return mark not in answer
    raise AssertionError(f"{path} was answered with {status}.")


def edit(mark: str, commit: str) -> None:
    from django.db import connection

    from projects.models import Project

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [commit])
    edited = {"title": f"Edited: {mark}", "state": "published", "year_approved": 2099}
    Project.objects.update_or_create(slug="edited", defaults=edited)


def replica_killed(databases, front: int) -> Visitors:
    """Kill the replica while it is read from; return the readers."""
    from sscnet.core.database.replica import LEFT_FOR

    with Visitors(front, NEW_PAGE) as readers:
        readers.wait_for(BEFORE)
        kill(databases.replica.process_number())
        # It is asked again meanwhile.
        time.sleep(LEFT_FOR + 1)
        readers.wait_for(ENOUGH)
    # Started again; whoever started it first stops it.
    with databases.replica.in_use():
        return readers


def node_gone(given: Machines):
    """Kill a node among readers and registrations.

    Protection: nginx asks another node. A registration it asks again only where the node cannot
    have seen it, so those may fail that were open: as many as register at a time.
    """
    meetings, front = [Site.make_meeting() for _ in range(AT_A_TIME)], given.front

    def registration(n):
        row, column = divmod(n, AT_A_TIME)
        institution = given.institutions[row % len(given.institutions)]
        return f"/bench/register/{meetings[column].pk}/{institution}/"

    with (
        nodes(given.nodes) as (first, _second),
        stage.nginx(front, given.nodes),
        Visitors(front, NEW_PAGE) as readers,
        Visitors(front, registration, at_a_time=AT_A_TIME, method="POST") as registering,
    ):
        for number in (BEFORE, ENOUGH):
            readers.wait_for(number)
            registering.wait_for(number)
            if number == BEFORE:
                kill(first.process.pid)
    if found := [line for meeting in meetings for line in stage.check(meeting)]:
        raise AssertionError(found)
    failed = registering.failed
    yield f"node killed: {readers.failed} of {readers.total} pages failed", not readers.failed
    yield f"{failed} of {registering.total} registrations", failed <= AT_A_TIME


def promotion(given: Machines):
    """Promote the replica in a rush.

    Protection: synchronous_standby_names. The way to the replica hangs for the last second of the
    primary: what was on its way then never arrives.
    """
    databases, front = given.databases, given.front
    wait_for_replica(databases)
    meetings = [Site.make_meeting() for _ in range(AT_A_TIME)]
    with (
        nodes(given.nodes),
        stage.nginx(front, given.nodes),
        Clients(front, [meeting.pk for meeting in meetings], given.institutions) as clients,
    ):
        clients.wait_for(BEFORE)
        receiver = tell(databases.replica, "SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        time.sleep(1)
        kill(databases.primary.process_number())
        killed_at = time.monotonic()
        tell(databases.replica, "SELECT pg_promote(wait => false)")
        # Once it goes on, the receiver finds that it is to end.
        time.sleep(0.1)
        os.kill(receiver, signal.SIGCONT)
        back = clients.seconds_until_served(killed_at)
        clients.wait_for(ACKNOWLEDGED)
    reconnect()
    gone, acknowledged = len(set(lost(meetings, clients))), len(clients.acknowledged)
    yield f"promoted, serving after {back:.1f} s: {gone} of {acknowledged} lost", not gone


# The last leaves another primary.
PARTS = {"pages": pages, "node": node_gone, "promotion": promotion}

if __name__ == "__main__":
    sys.exit(main())
