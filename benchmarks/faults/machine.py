"""Gunicorn killed, the clock jumping, disks without room for files, visitors that dawdle."""

import contextlib
import socket
import time

from benchmarks.faults.database import kill
from benchmarks.faults.run import LONGEST_RETURN, Fault
from benchmarks.faults.without import is_out
from benchmarks.places.rush import post
from benchmarks.servers import HOST, headers

SLOW_CLIENTS = 300
CLOCKS, MAILS = ("+1d", "-1d", "+0"), 20
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def gunicorn_killed(site, seconds):
    kill(site.running["gunicorn"].pid)
    site.running.pop("gunicorn").wait()
    # As systemd does with `Restart=always`.
    ended = time.monotonic()
    if not is_out("restart"):
        site.start_gunicorn()
    return ended


# ------------------------------------------------------------------ the clock


def clock_jumps(site, seconds):
    """Set the portal's clock a day ahead, then a day back, then right."""
    for offset in CLOCKS:
        set_clock(site, offset)
        # It is read again after a second.
        time.sleep(seconds / 2)
        for _ in range(MAILS):
            post(site.port, "/faults/mail/", headers())
    return time.monotonic()


def set_clock(site, offset):
    # In one step: an empty file would end whoever reads it.
    new = site.folder / "clock.new"
    new.write_text(f"{offset}\n")
    new.replace(site.folder / "clock")


@contextlib.contextmanager
def clock_of_its_own(site):
    site.empty_outbox()
    set_clock(site, "+0")
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
    if waiting != MAILS * len(CLOCKS):
        return [f"only {waiting} mails were written"]
    return [f"{late} of {waiting} mails wait for a moment that the clock had shown"] if late else []


# ------------------------------------------------------------------ visitors that dawdle


def slow_clients(site, seconds):
    """Send a form a byte at a time, by the hundred."""
    port = site.port + ("nginx" in site.running)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers().items())
    head = f"POST /ask/ HTTP/1.1\r\n{lines}Content-Length: 100000\r\n\r\n".encode()
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(SLOW_CLIENTS):
            sockets.append(stack.enter_context(socket.create_connection((HOST, port))))
            sockets[-1].sendall(head)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.sendall(b"a")
            time.sleep(1)
    return time.monotonic()


FAULTS = {
    "gunicorn-killed": Fault(gunicorn_killed, is_dead=True, patience=LONGEST_RETURN),
    "clock": Fault(clock_jumps, after=mails_kept_back, around=clock_of_its_own),
    "slow-clients": Fault(slow_clients, through_nginx=True),
}
