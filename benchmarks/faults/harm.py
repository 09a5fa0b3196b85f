"""The harm that is done: to the database, to gunicorn, the clock and visitors, to disks."""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path

import psycopg

from benchmarks.faults.run import (
    ALIVE,
    BEFORE,
    ENOUGH,
    LONGEST_RETURN,
    Fault,
    Outcome,
    Watcher,
    run,
)
from benchmarks.faults.site import PAGE, Site, copy_for_server, fill, small_disk
from benchmarks.load import WhileInside, ask, request_of
from benchmarks.servers import HOST, children, headers
from sscnet.dev import processes

# Seconds: longer than a page waits for an answer of the database.
LONG = 20


def kill(pid: int) -> None:
    """Kill a process and all its children at once, without a chance to tidy up."""
    signal_all([pid, *children(pid)], signal.SIGKILL)


def signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def shut_down(site: Site) -> None:
    pid = site.server.process_number()
    os.kill(pid, signal.SIGINT)
    processes.wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=30)


def ended(site, seconds, end):
    """End the database, and start it again after so many seconds."""
    end(site)
    time.sleep(seconds)
    site.start_database()
    return time.monotonic()


def frozen(site, seconds):
    """Stop all of its processes where they are: connections stay open and say nothing."""
    pid = site.server.process_number()
    pids = [pid, *children(pid)]
    signal_all(pids, signal.SIGSTOP)
    time.sleep(max(seconds, LONG))
    signal_all(pids, signal.SIGCONT)
    return time.monotonic()


def pool_used_up(site, seconds):
    """Let every connection wait for a lock that another holds."""
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
    ended_at = time.monotonic()
    if not site.server.answers():
        # As systemd does where the unit says `Restart=on-failure`.
        site.start_database()
    return ended_at


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
        copy_for_server(log, folder / "pg_wal")
        log.rename(log.with_name("before"))
        log.symlink_to(folder / "pg_wal")
        site.start_database()
        try:
            yield
        finally:
            if site.server.answers():
                shut_down(site)
            log.unlink()
            shutil.rmtree(log.with_name("before"))
            copy_for_server(folder / "pg_wal", log)
            site.start_database()


SLOW_CLIENTS = 300
TIME_FILES, MAILS = ("+1d", "-1d", "+0"), 20
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def gunicorn_killed(site, seconds):
    kill(site.running["gunicorn"].pid)
    site.running.pop("gunicorn").wait()
    # As systemd does with `Restart=always`.
    ended = time.monotonic()
    site.start_gunicorn()
    return ended


def time_jumps(site, seconds):
    """Set the portal's clock a day ahead, then a day back, then right."""
    for offset in TIME_FILES:
        set_time(site, offset)
        # It is read again after a second.
        time.sleep(seconds / 2)
        for _ in range(MAILS):
            ask(site.port, "/bench/mail/", "POST")
    return time.monotonic()


def set_time(site, offset):
    # In one step: an empty file would end whoever reads it.
    new = site.folder / "clock.new"
    new.write_text(f"{offset}\n")
    new.replace(site.folder / "clock")


@contextlib.contextmanager
def own_time(site):
    site.empty_outbox()
    set_time(site, "+0")
    site.environment |= {
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(site.folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    yield


def mails_kept_back() -> list[str]:
    from sscnet.outbox.models import Message

    waiting = Message.objects.waiting().filter(due_at=None).count()
    late = waiting - Message.objects.due().filter(due_at=None).count()
    if waiting != MAILS * len(TIME_FILES):
        return [f"only {waiting} mails were written"]
    return [f"{late} of {waiting} mails wait for a moment that the clock had shown"] if late else []


def slow_clients(site, seconds):
    """Send a form a byte at a time, by the hundred."""
    head = request_of("/ask/", headers() | {"Content-Length": "100000"}, "POST")
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(SLOW_CLIENTS):
            sockets.append(stack.enter_context(socket.create_connection((HOST, site.port + 1))))
            sockets[-1].sendall(head)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.sendall(b"a")
            time.sleep(1)
    return time.monotonic()


UPLOADERS = 4
SIZE = 20_000
FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n%s\r\n--edge--\r\n"
)
FORM_KIND = {"Content-Type": "multipart/form-data; boundary=edge"}


class Uploads(WhileInside):
    """Send one file after the other; note which were taken, and what was said of the others."""

    def __init__(self, port: int):
        self.port, self.taken, self.answers = port, {}, Counter()
        self.texts: set[str] = set()
        self.last_asked_at, self.next = 0.0, count()
        self.threads = [threading.Thread(target=self.work) for _ in range(UPLOADERS)]

    def work(self):
        while not self.is_over:
            asked_at, content = time.monotonic(), os.urandom(SIZE)
            body = FORM % (b"%d.bin" % next(self.next), content)
            status, text = ask(self.port, "/bench/upload/", "POST", body, FORM_KIND)
            if status:
                self.answers[status] += 1
            if status == 200:
                name = text.partition('"name": "')[2].partition('"')[0]
                self.taken[name] = hashlib.sha256(content).hexdigest()
                self.last_asked_at = max(self.last_asked_at, asked_at)
            else:
                self.texts |= {text} if status else set()
                time.sleep(0.1)

    def wait_for(self, number: int):
        processes.wait_until(lambda: len(self.taken) >= number, seconds=120)


def full(site: Site, seconds: float, which: str) -> Outcome:
    folders = {name: site.folder / name for name in ("media", "temporary")}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    with small_disk(folders[which], 100):
        places = {"MEDIA_ROOT": folders["media"], "TMPDIR": folders["temporary"]}
        site.start_gunicorn(**{name: str(path) for name, path in places.items()})
        with (
            Watcher(site.port, PAGE) as page,
            Watcher(site.port, ALIVE) as alive,
            Uploads(site.port) as uploads,
        ):
            uploads.wait_for(BEFORE)
            page.seen.clear()
            ballast = fill(folders[which])
            time.sleep(seconds)
            ballast.unlink()
            ended = time.monotonic()
            processes.wait_until(lambda: uploads.last_asked_at > ended, seconds=60)
            back = time.monotonic() - ended
            uploads.wait_for(ENOUGH)
        site.stop()
        files = [path for path in folders["media"].rglob("*") if path.is_file()]
        stored = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        lost = [name for name, digest in uploads.taken.items() if stored.get(name) != digest]
        wrong = [*judged(folders, uploads, page, alive)]
    seen = f"uploads {dict(uploads.answers)}; pages {dict(page.statuses)}"
    return Outcome(len(uploads.taken), lost, back, wrong, seen)


def judged(folders: dict[str, Path], uploads: Uploads, page: Watcher, alive: Watcher):
    """Yield what was left behind, and what was not answered as it should be."""
    media = {path.relative_to(folders["media"]).as_posix() for path in folders["media"].rglob("*")}
    temporary = {path.name for path in folders["temporary"].rglob("*.upload*")}
    for name in (media - uploads.taken.keys()) | temporary:
        yield f"{name} was left behind"
    if set(uploads.answers) != {200, 507}:
        yield "no upload was answered with 507, or some otherwise"
    if not all("网站的磁盘已满" in text for text in uploads.texts):
        yield "uploads did not say in both languages that the disk is full"
    if set(page.statuses) | set(alive.statuses) != {200}:
        yield "pages without files were not answered"


UNDER_LOAD = {
    "database-killed": Fault(
        partial(ended, end=lambda site: kill(site.server.process_number())), is_away=True
    ),
    "database-stopped": Fault(partial(ended, end=shut_down), is_away=True),
    "database-restarted": Fault(lambda site, _seconds: ended(site, 0, shut_down)),
    # As long as DATABASE_ANSWER_SECONDS, and a request that waited in line before.
    "database-frozen": Fault(frozen, is_away=True, patience=15),
    # A lock is waited for twice five seconds, by every thread.
    "pool": Fault(pool_used_up, patience=11),
    "log-full": Fault(log_full, is_away=True, around=log_on_a_small_disk),
    "gunicorn-killed": Fault(gunicorn_killed, is_dead=True, patience=LONGEST_RETURN),
    "clock": Fault(time_jumps, after=mails_kept_back, around=own_time),
    "slow-clients": Fault(slow_clients, through_nginx=True),
}
FAULTS = {
    **{name: partial(run, fault=fault) for name, fault in UNDER_LOAD.items()},
    "uploads-full": partial(full, which="media"),
    "tmp-full": partial(full, which="temporary"),
}
