"""The mail server down, slow or refusing one address; senders killed in the middle of a mail."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

from aiosmtpd.controller import Controller

from benchmarks.faults.run import Outcome
from benchmarks.faults.site import Site, reconnect
from benchmarks.servers import HOST
from sscnet.dev import processes

MAILS = 1000
REFUSED = "refused@example.org"
SENDER = [sys.executable, "-m", "benchmarks.faults.sender"]
CARELESS = [*SENDER, "careless"]
WORKER = [sys.executable, "manage.py", "db_worker", "--interval", "0.5"]


class Received:
    """What a mail server took; in the middle of one mail it may do harm first."""

    def __init__(self, pause: float = 0, refuse: str = ""):
        self.pause, self.refuse, self.harm = pause, refuse, None
        self.mails, self.lock = Counter(), threading.Lock()
        self.last_at = 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refuse:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        time.sleep(self.pause)
        if self.harm and len(self.mails) >= MAILS // 3:
            harm, self.harm = self.harm, None
            harm()
            return "451 never read: its reader is dead"
        number = envelope.content.partition(b"Message-ID: ")[2].split()[0]
        self.mails[number] += 1
        self.last_at = time.monotonic()
        return "250 OK"


def serve(site: Site, received: Received) -> Controller:
    controller = Controller(received, hostname=HOST, port=site.port + 2)
    controller.start()
    return controller


def start(site: Site, name: str, command: list[str]) -> subprocess.Popen:
    site.environment |= {"MAIL_HOST": HOST, "MAIL_PORT": str(site.port + 2)}
    return site.start(name, command)


def write(number: int, to: str = "person{}@example.org") -> int:
    """Write so many mails, as the portal does; return the number of the first."""
    from django.utils import timezone

    from sscnet.outbox.models import Message

    Message.objects.all().delete()
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            key=f"fault-{time.time_ns()}-{n}",
            to=to.format(n),
            subject=f"Mail {n}",
            text="A mail.",
            html="A mail.",
            next_try_at=now,
        )
        for n in range(number)
    )


def all_sent(expected: int, seconds: float = 120) -> bool:
    from sscnet.outbox.models import Message

    return processes.wait_until(lambda: Message.objects.sent().count() >= expected, seconds, 0.5)


def outcome(received: Received, back: float, expected: int = MAILS, wrong=()) -> Outcome:
    missing = [f"{expected - len(received.mails)} mails"] if len(received.mails) < expected else []
    twice = [f"{one} came {n} times" for one, n in received.mails.items() if n > 1]
    seen = f"{len(received.mails)} received, {len(twice)} of them twice"
    return Outcome(MAILS, missing, back, [*twice, *wrong], seen)


def down(site: Site, seconds: float) -> Outcome:
    write(MAILS)
    start(site, "sender", SENDER)
    time.sleep(seconds)
    received = Received()
    controller = serve(site, received)
    ended = time.monotonic()
    processes.wait_until(lambda: received.mails, 60)
    back = time.monotonic() - ended
    all_sent(MAILS)
    return done(site, controller, received, back)


def slow(site: Site, seconds: float) -> Outcome:
    """Take a while for each mail; a later one is not held up by more than that."""
    write(MAILS)
    received = Received(pause=0.02)
    controller = serve(site, received)
    start(site, "sender", SENDER)
    all_sent(MAILS)
    return done(site, controller, received, 0)


def refusing(site: Site, seconds: float) -> Outcome:
    from sscnet.outbox.models import Message

    write(MAILS)
    Message.objects.filter(pk=Message.objects.earliest("pk").pk).update(to=REFUSED)
    received = Received(refuse=REFUSED)
    controller = serve(site, received)
    start(site, "sender", SENDER)
    all_sent(MAILS - 1)
    refused = Message.objects.get(to=REFUSED)
    wrong = [] if refused.attempts == 1 and "550" in refused.last_error else ["not noted"]
    return done(site, controller, received, 0, MAILS - 1, wrong)


def sender_killed(site: Site, seconds: float) -> Outcome:
    is_careless = "transaction" in os.environ["WITHOUT"]
    return killed(site, "sender", CARELESS if is_careless else SENDER)


def worker_killed(site: Site, seconds: float) -> Outcome:
    """Kill the worker; the sweep, which needs none, sends the rest."""
    return killed(site, "worker", WORKER)


def killed(site: Site, name: str, command: list[str]) -> Outcome:
    from sscnet.outbox.tasks import nudge

    write(MAILS)
    received = Received()
    controller = serve(site, received)
    process = start(site, name, command)
    nudge()
    killed_at = []

    def harm():
        os.kill(process.pid, signal.SIGKILL)
        killed_at.append(time.monotonic())

    received.harm = harm
    processes.wait_until(lambda: killed_at, 60)
    process.wait()
    start(site, "sender", SENDER)
    processes.wait_until(lambda: received.last_at > killed_at[0], 60)
    back = received.last_at - killed_at[0]
    all_sent(MAILS)
    return done(site, controller, received, back)


def done(site: Site, controller, received, back, *more) -> Outcome:
    site.stop()
    controller.stop()
    reconnect()
    return outcome(received, back, *more)


FAULTS = {
    "mail-down": down,
    "mail-slow": slow,
    "mail-refusing": refusing,
    "sender-killed": sender_killed,
    "worker-killed": worker_killed,
}
