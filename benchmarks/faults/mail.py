"""The mail server down, slow or refusing one address; senders killed in the middle of a mail."""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from math import inf

from aiosmtpd.controller import Controller

from benchmarks.faults.run import ENOUGH, LONGEST_RETURN, Outcome
from benchmarks.faults.site import Site, reconnect
from benchmarks.servers import HOST
from sscnet.dev import processes

REFUSED = "refused@example.org"
SENDER = [sys.executable, "-m", "benchmarks.faults.sender"]
WORKER = [sys.executable, "manage.py", "db_worker", "--interval", "0.5"]


class Received:
    """A mail server, and what it took; in the middle of one mail it may do harm first."""

    def __init__(self, site: Site):
        self.pause, self.harm, self.refused_at = 0.0, None, None
        self.mails: Counter[str] = Counter()
        self.arrived_at: list[float] = []
        self.controller = Controller(self, hostname=HOST, port=site.port + 2)

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


def outcome(site: Site, seconds: float, fault: Callable) -> Outcome:
    """Write a thousand mails, and one that is refused; do the fault; wait for what arrives."""
    from sscnet.outbox.models import Message

    written, received = write(site), Received(site)
    site.environment |= {"MAIL_HOST": HOST, "MAIL_PORT": str(site.port + 2)}
    back = fault(site, seconds, received)
    received.wait_for(len(written))
    # So that what comes twice has come.
    time.sleep(1)
    site.stop()
    received.controller.stop()
    reconnect()
    lost = sorted(written - received.mails.keys())
    wrong = [f"{one} came {n} times" for one, n in received.mails.items() if n > 1]
    seen = f"{len(received.mails):,} mails received, {len(wrong)} of them more than once"
    refused = Message.objects.get(to=REFUSED)
    if not refused.attempts or "550" not in refused.last_error:
        wrong.append("the refused mail does not say why it waits")
    return Outcome(len(written), lost, back, wrong, seen)


def write(site: Site) -> set[str]:
    """Write the mails, the refused one first; return the numbers of the others."""
    from django.utils import timezone

    from sscnet.outbox.delivery.sending import message_id
    from sscnet.outbox.models import Message

    site.empty_outbox()
    same = {"subject": "Mail", "text": "A mail.", "html": "A mail.", "next_try_at": timezone.now()}
    run = time.time_ns()
    made = Message.objects.bulk_create(
        Message(key=f"fault-{run}-{to}", to=to, **same)
        for to in [REFUSED, *(f"person{n}@example.org" for n in range(ENOUGH))]
    )
    return {message_id(message.key) for message in made[1:]}


def down(site: Site, seconds: float, received: Received) -> float:
    site.start("sender", SENDER)
    time.sleep(seconds)
    received.controller.start()
    return received.seconds_until_next(time.monotonic())


def slow(site: Site, seconds: float, received: Received) -> float:
    """Take a while for each mail, so that two senders are at it at the same time."""
    received.pause = 0.2
    received.controller.start()
    for name in ("sender", "another"):
        site.start(name, SENDER)
    received.seconds_until_next(time.monotonic())
    time.sleep(seconds)
    received.pause = 0
    return received.seconds_until_next(time.monotonic())


def refusing(site: Site, seconds: float, received: Received) -> float:
    """Refuse the first mail; those after it must not wait for it."""
    received.controller.start()
    site.start("sender", SENDER)
    processes.wait_until(lambda: received.refused_at, seconds=60)
    return received.seconds_until_next(received.refused_at)


def killed(site: Site, seconds: float, received: Received, command: list[str]) -> float:
    """Kill what sends; of the worker, the sweep, which needs none, sends the rest."""
    from sscnet.outbox.delivery.tasks import nudge

    received.controller.start()
    process = site.start("killed", command)
    nudge()
    killed_at = []

    def harm():
        os.kill(process.pid, signal.SIGKILL)
        killed_at.append(time.monotonic())

    received.harm = harm
    processes.wait_until(lambda: killed_at, seconds=60)
    process.wait()
    site.start("sender", SENDER)
    return received.seconds_until_next(killed_at[0])


FAULTS = {
    name: partial(outcome, fault=fault)
    for name, fault in {
        "mail-down": down,
        "mail-slow": slow,
        "mail-refusing": refusing,
        "sender-killed": partial(killed, command=SENDER),
        "worker-killed": partial(killed, command=WORKER),
    }.items()
}
