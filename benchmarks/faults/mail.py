"""The mail server down, slow or refusing one address; senders killed in the middle of a mail."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from math import inf

from aiosmtpd.controller import Controller

from benchmarks.faults.run import ENOUGH, LONGEST_RETURN, Outcome
from benchmarks.faults.site import Site, reconnect
from benchmarks.faults.without import is_out
from benchmarks.servers import HOST
from sscnet.dev import processes

REFUSED = "refused@example.org"
SENDER = [sys.executable, "-m", "benchmarks.faults.sender"]
WORKER = [sys.executable, "manage.py", "db_worker", "--interval", "0.5"]


class Received:
    """What a mail server took; in the middle of one mail it may do harm first."""

    def __init__(self, pause: float = 0):
        self.pause, self.harm, self.refused_at = pause, None, None
        self.mails, self.lock = Counter(), threading.Lock()
        self.arrived_at: list[float] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == REFUSED:
            self.refused_at = self.refused_at or time.monotonic()
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        time.sleep(self.pause)
        if self.harm and len(self.mails) >= ENOUGH // 3:
            harm, self.harm = self.harm, None
            harm()
            return "451 never read: its reader is dead"
        number = envelope.content.partition(b"Message-ID: ")[2].split()[0]
        self.mails[number.decode()] += 1
        self.arrived_at.append(time.monotonic())
        return "250 OK"

    def seconds_until_next(self, since: float) -> float:
        """Wait until a mail arrives after this moment, if ever."""

        def later():
            return [moment for moment in self.arrived_at if moment > since]

        processes.wait_until(later, seconds=3 * LONGEST_RETURN)
        return min(later(), default=inf) - since

    def wait_for(self, number: int) -> None:
        """Wait for so many mails, as long as any arrive."""
        began = time.monotonic()

        def is_over():
            quiet = time.monotonic() - max([began, *self.arrived_at[-1:]])
            return len(self.mails) >= number or quiet > 1.5 * LONGEST_RETURN

        processes.wait_until(is_over, seconds=120)


def serve(site: Site, received: Received) -> Controller:
    controller = Controller(received, hostname=HOST, port=site.port + 2)
    controller.start()
    return controller


def start(site: Site, name: str, command: list[str]) -> subprocess.Popen:
    site.environment |= {"MAIL_HOST": HOST, "MAIL_PORT": str(site.port + 2)}
    return site.start(name, command)


def write(site: Site, *others: str) -> set[str]:
    """Write a thousand mails and one to each of the others; return the thousand's numbers."""
    from django.utils import timezone

    from sscnet.outbox.delivery.sending import message_id
    from sscnet.outbox.models import Message

    site.empty_outbox()
    now, run = timezone.now(), time.time_ns()
    made = Message.objects.bulk_create(
        Message(
            key=f"fault-{run}-{to}",
            to=to,
            subject="Mail",
            text="A mail.",
            html="A mail.",
            next_try_at=now,
        )
        for to in [*others, *(f"person{n}@example.org" for n in range(ENOUGH))]
    )
    return {message_id(message.key) for message in made if message.to not in others}


def down(site: Site, seconds: float) -> Outcome:
    written = write(site)
    start(site, "sender", SENDER)
    time.sleep(seconds)
    received = Received()
    controller = serve(site, received)
    back = received.seconds_until_next(time.monotonic())
    return done(site, controller, received, written, back)


def slow(site: Site, seconds: float) -> Outcome:
    """Take a while for each mail, so that two senders are at it at the same time."""
    written = write(site)
    received = Received(pause=0.2)
    controller = serve(site, received)
    for name in ("sender", "another"):
        start(site, name, SENDER)
    received.seconds_until_next(time.monotonic())
    time.sleep(seconds)
    received.pause = 0
    back = received.seconds_until_next(time.monotonic())
    return done(site, controller, received, written, back)


def refusing(site: Site, seconds: float) -> Outcome:
    """Refuse the first mail; those after it must not wait for it."""
    from sscnet.outbox.models import Message

    written = write(site, REFUSED)
    received = Received()
    controller = serve(site, received)
    start(site, "sender", SENDER)
    processes.wait_until(lambda: received.refused_at, seconds=60)
    back = received.seconds_until_next(received.refused_at)
    outcome = done(site, controller, received, written, back)
    refused = Message.objects.get(to=REFUSED)
    if refused.attempts != 1 or "550" not in refused.last_error:
        outcome.wrong.append("the refused mail does not say why it waits")
    return outcome


def sender_killed(site: Site, seconds: float) -> Outcome:
    return killed(site, SENDER)


def worker_killed(site: Site, seconds: float) -> Outcome:
    """Kill the worker; the sweep, which needs none, sends the rest."""
    return killed(site, WORKER)


def killed(site: Site, command: list[str]) -> Outcome:
    from sscnet.outbox.delivery.tasks import nudge

    written = write(site)
    received = Received()
    controller = serve(site, received)
    process = start(site, "killed", command)
    nudge()
    killed_at = []

    def harm():
        os.kill(process.pid, signal.SIGKILL)
        killed_at.append(time.monotonic())

    received.harm = harm
    processes.wait_until(lambda: killed_at, seconds=60)
    process.wait()
    start(site, "sender", command if is_out("sweep") else SENDER)
    back = received.seconds_until_next(killed_at[0])
    return done(site, controller, received, written, back)


def done(site: Site, controller, received: Received, written: set[str], back: float) -> Outcome:
    received.wait_for(len(written))
    # So that what comes twice has come.
    time.sleep(1)
    site.stop()
    controller.stop()
    reconnect()
    lost = sorted(written - received.mails.keys())
    twice = [f"{one} came {n} times" for one, n in received.mails.items() if n > 1]
    seen = f"{len(received.mails):,} mails received, {len(twice)} of them more than once"
    return Outcome(len(written), lost, back, twice, seen)


FAULTS = {
    "mail-down": down,
    "mail-slow": slow,
    "mail-refusing": refusing,
    "sender-killed": sender_killed,
    "worker-killed": worker_killed,
}
