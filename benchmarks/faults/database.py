"""The database killed, frozen, restarted, busy, or without room for its log."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import psycopg

from benchmarks.faults.run import Fault
from benchmarks.faults.site import Site, fill, move, small_disk
from benchmarks.faults.without import is_out
from sscnet.dev import processes

# Seconds: longer than a page waits for an answer of the database.
LONG = 20


def kill(pid: int) -> None:
    """Kill a process and all its children at once, without a chance to tidy up."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for process in [pid, *map(int, children)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def shut_down(site: Site) -> None:
    pid = site.server.process_number()
    os.kill(pid, signal.SIGINT)
    processes.wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=30)


def killed(site, seconds):
    kill(site.server.process_number())
    time.sleep(seconds)
    return started(site)


def stopped(site, seconds):
    shut_down(site)
    time.sleep(seconds)
    return started(site)


def restarted(site, seconds):
    shut_down(site)
    return started(site)


def started(site) -> float:
    site.start_database()
    return time.monotonic()


def frozen(site, seconds):
    """Stop all of its processes where they are: connections stay open and say nothing."""
    pid = site.server.process_number()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    everybody = [pid, *map(int, children)]
    for process in everybody:
        os.kill(process, signal.SIGSTOP)
    time.sleep(max(seconds, LONG))
    for process in everybody:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    return time.monotonic()


def pool_used_up(site, seconds):
    """Let every connection wait for a lock that somebody else holds."""
    with psycopg.connect(site.server.url("faults")) as other:
        other.execute("LOCK TABLE meetings_meeting")
        time.sleep(max(seconds, LONG))
    return time.monotonic()


def log_full(site, seconds):
    """Leave no room for the write-ahead log; PostgreSQL then ends itself."""
    folder = site.folder / "wal"
    ballast = [fill(folder)]
    processes.wait_until(lambda: not uses_up_a_file_of_its_log(site), seconds=60)
    for n in range(int(seconds * 2)):
        # What it frees while it recovers is taken too.
        ballast.append(fill(folder, f"ballast-{n}"))
        time.sleep(0.5)
    for file in ballast:
        file.unlink()
    ended = time.monotonic()
    if not (site.server.answers() or is_out("restart")):
        # As systemd does where the unit says `Restart=on-failure`.
        site.start_database()
    return ended


def uses_up_a_file_of_its_log(site) -> bool:
    """Without room for new files it goes on as long as it finds old ones to use again."""
    try:
        with psycopg.connect(site.server.url("faults"), connect_timeout=3) as link:
            link.execute("SELECT pg_logical_emit_message(true, 'faults', ''), pg_switch_wal()")
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def log_on_a_small_disk(site: Site):
    log = site.server.data / "pg_wal"
    with small_disk(site.folder / "wal", 160) as folder:
        shut_down(site)
        move(log, folder / "pg_wal")
        site.start_database()
        try:
            yield
        finally:
            if site.server.answers():
                shut_down(site)
            log.unlink()
            shutil.rmtree(log.with_name("before"))
            move_back(folder / "pg_wal", log)
            site.start_database()


def move_back(source: Path, target: Path):
    from sscnet.dev import postgres

    shutil.copytree(source, target)
    for path in [target, *target.rglob("*")]:
        postgres.give_to_server(path)
    target.chmod(0o700)


FAULTS = {
    "database-killed": Fault(killed, is_away=True),
    "database-stopped": Fault(stopped, is_away=True),
    "database-restarted": Fault(restarted),
    # As long as DATABASE_ANSWER_SECONDS, and a request that waited in line before.
    "database-frozen": Fault(frozen, is_away=True, patience=15),
    # A lock is waited for twice five seconds, by every thread.
    "pool": Fault(pool_used_up, patience=11),
    "log-full": Fault(log_full, is_away=True, around=log_on_a_small_disk),
}
