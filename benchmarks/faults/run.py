"""One fault under load: clients that register, watchers that look, and what is demanded of both."""

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from math import inf

from benchmarks import stage
from benchmarks.faults.site import PAGE, Site, reconnect
from benchmarks.load import Visitors, WhileInside, ask, body_of
from sscnet.dev import DevError, processes

CLIENTS = 8
API, ALIVE, READY = "/api/v1/projects?page_size=1", "/healthz", "/readyz"
BEFORE, ENOUGH = 300, 1000
LONGEST_RETURN = 10


class Clients(WhileInside):
    """Register one institution after the other until it is over; note what was acknowledged.

    Each client has a meeting of its own: those of one meeting wait for each other.
    """

    def __init__(self, port: int, meetings: list[int], institutions: list[int]):
        self.port, self.institutions = port, institutions
        self.acknowledged: dict[tuple[int, int], dict] = {}
        # Of each that was acknowledged: when it was sent, and when it was answered.
        self.moments: list[tuple[float, float]] = []
        self.statuses = Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=[one]) for one in meetings]

    def work(self, meeting):
        for institution in self.institutions:
            self.register(meeting, institution)

    def register(self, meeting, institution):
        """Ask until it is acknowledged, as a person would who is asked to send it again."""
        while not self.is_over:
            asked_at = time.monotonic()
            path = f"/bench/register/{meeting}/{institution}/"
            status, answer = ask(self.port, path, "POST")
            if status:
                self.statuses[status] += 1
            with contextlib.suppress(ValueError):
                if status == 200:
                    place = json.loads(body_of(answer))
                    with self.lock:
                        # Sent again after a cut answer, it says nothing new: it was a repeat.
                        self.acknowledged[meeting, institution] = place
                        self.moments.append((asked_at, time.monotonic()))
                    return
            time.sleep(0.05)

    def seconds_until_served(self, since: float) -> float:
        """Wait until a request that was sent after this moment is acknowledged, if ever."""
        processes.wait_until(lambda: self.answers_since(since), seconds=30)
        return min(self.answers_since(since), default=inf) - since

    def answers_since(self, since: float) -> list[float]:
        with self.lock:
            return [answered for asked, answered in self.moments if asked > since]

    def wait_for(self, number: int) -> None:
        if not processes.wait_until(lambda: len(self.acknowledged) >= number, seconds=300):
            raise DevError(f"Only {len(self.acknowledged)} were acknowledged.")


def lost(meetings, clients: Clients) -> list[str]:
    """Return what was acknowledged and is not there with its places, read from the log."""
    from meetings.models import Delegation, PlaceEvent

    rows = Delegation.objects.filter(meeting__in=meetings)
    stored = {(row.meeting_id, row.institution_id): row.reference for row in rows}
    asked = PlaceEvent.objects.filter(kind="asked", meeting__in=meetings).order_by("-pk")
    # Of each the first, which is read last.
    logged = {(row.delegate_id, row.workshop_id): row.place for row in asked}

    def is_there(wanted, answer) -> bool:
        return stored.get(wanted) == answer["reference"] and all(
            logged.get((delegate, workshop)) == place
            for delegate, workshop, place in answer["places"]
        )

    rows = clients.acknowledged.items()
    return [answer["reference"] for wanted, answer in rows if not is_there(wanted, answer)]


class Watcher(Visitors):
    """Asks for one page again and again."""

    def __init__(self, port: int, path: str):
        super().__init__(port, lambda _number: path, at_a_time=1, pause=0.3)

    def is_back(self, since: float = 0) -> bool:
        """Return whether the last answer, to a question asked after this moment, was the page."""
        return bool(self.seen) and self.seen[-1].asked_at > since and self.seen[-1].status == 200

    def slowest(self) -> float:
        return max(one.seconds for one in self.seen)

    def texts(self, status: int) -> set[str]:
        return {one.answer for one in self.seen if one.status == status}


@dataclass(frozen=True)
class Fault:
    # Does the harm for so many seconds and returns when its cause was over.
    harm: Callable[[Site, float], float]
    # Pages must say meanwhile that the portal will be back.
    is_away: bool = False
    # Nobody answers for a moment.
    is_dead: bool = False
    # Seconds within which /healthz answers.
    patience: float = 5
    through_nginx: bool = False
    # What is set up before the portal is started, and taken down after its end.
    around: Callable[[Site], AbstractContextManager] = lambda site: nullcontext()
    # What is wrong afterwards, besides what is looked at everywhere.
    after: Callable[[], list[str]] = list


@dataclass(frozen=True)
class Outcome:
    acknowledged: int
    lost: list[str]
    back: float
    wrong: list[str]
    seen: str

    @property
    def is_met(self) -> bool:
        is_right = not (self.lost or self.wrong)
        return is_right and self.acknowledged >= ENOUGH and self.back <= LONGEST_RETURN


def run(site: Site, seconds: float, fault: Fault) -> Outcome:
    meetings = [site.make_meeting() for _ in range(CLIENTS)]
    with fault.around(site), ExitStack() as stack:
        site.start_gunicorn()
        stack.callback(site.stop)
        port = site.port
        if fault.through_nginx:
            port += 1
            stack.enter_context(stage.nginx(port, [site.port]))
        clients = Clients(port, [one.pk for one in meetings], site.institutions())
        watchers = {path: Watcher(port, path) for path in (PAGE, API, ALIVE, READY)}
        for one in [*watchers.values(), clients]:
            stack.enter_context(one)
        back = harmed(lambda: fault.harm(site, seconds), clients, [*watchers.values()])
    reconnect()
    faulty = [*wrong(fault, clients, watchers), *fault.after()]
    for meeting in meetings:
        faulty += stage.check(meeting)
    missing = lost(meetings, clients)
    return Outcome(len(clients.acknowledged), missing, back, faulty, seen(watchers))


def harmed(harm: Callable[[], float], clients: Clients, watchers: list[Watcher]) -> float:
    """Do harm while all is under way; return after how many seconds a registration went through."""
    clients.wait_for(BEFORE)
    clients.statuses.clear()
    for watcher in watchers:
        watcher.seen.clear()
    ended = harm()
    back = clients.seconds_until_served(ended)
    if back < inf:
        clients.wait_for(ENOUGH)
    processes.wait_until(lambda: all(one.is_back(ended) for one in watchers), LONGEST_RETURN)
    return back


def wrong(fault: Fault, clients: Clients, watchers: dict[str, Watcher]):
    """Yield what was not as it should be while the fault was there."""
    if strange := set(clients.statuses) - {200, 503}:
        yield f"registrations were answered with {strange}"
    allowed = {200, 503} | ({0, 502} if fault.is_dead else set())
    for path in (PAGE, API, READY):
        if strange := set(watchers[path].statuses) - allowed:
            yield f"{path} was answered with {strange}"
        if not watchers[path].is_back():
            yield f"{path} did not come back"
    alive = watchers[ALIVE]
    if set(alive.statuses) - ({200, 0} if fault.is_dead else {200}):
        yield f"/healthz was answered with {alive.statuses}"
    if alive.slowest() > fault.patience:
        yield f"/healthz took {alive.slowest():.1f} s"
    if fault.is_away:
        yield from not_said(watchers)


def not_said(watchers):
    pages, problems = watchers[PAGE].texts(503), watchers[API].texts(503)
    if not pages or not all("We will be back" in text and "网站维护中" in text for text in pages):
        yield "pages did not say in both languages that the portal will be back"
    if not problems or not all("\r\nRetry-After: 120\r\n" in text for text in problems):
        yield "the API did not answer with a problem and Retry-After"
    if 503 not in watchers[READY].statuses:
        yield "/readyz said nothing"


def seen(watchers: dict[str, Watcher]) -> str:
    counts = watchers[PAGE].statuses + watchers[API].statuses
    pages = ", ".join(f"{n} × {status or 'none'}" for status, n in sorted(counts.items()))
    return f"pages {pages}; /healthz at most {watchers[ALIVE].slowest():.1f} s"
