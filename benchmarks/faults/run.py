"""One fault under load, and what is demanded of the portal meanwhile and afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from math import inf

from benchmarks.faults.load import ALIVE, API, CLIENTS, PAGE, READY, Clients, Watcher, lost
from benchmarks.faults.site import Site, reconnect
from benchmarks.faults.without import is_out
from benchmarks.places import stage
from sscnet.dev import processes

BEFORE, ENOUGH = 300, 1000
LONGEST_RETURN = 10


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
        is_behind_nginx = fault.through_nginx and not is_out("nginx")
        port = site.start_nginx() if is_behind_nginx else site.port
        clients = Clients(port, [one.pk for one in meetings], site.institutions())
        watchers = {path: Watcher(port, path) for path in (PAGE, API, ALIVE, READY)}
        for one in [*watchers.values(), clients]:
            stack.enter_context(one)
        back = harmed(lambda: fault.harm(site, seconds), clients, [*watchers.values()])
    reconnect()
    faulty = [*answered_wrongly(clients), *wrong(fault, watchers), *fault.after()]
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


def answered_wrongly(clients: Clients) -> list[str]:
    strange = set(clients.statuses) - {200, 503}
    return [f"registrations were answered with {strange}"] if strange else []


def wrong(fault: Fault, watchers: dict[str, Watcher]):
    """Yield what was not as it should be while the fault was there."""
    allowed = {200, 503} | ({0, 502} if fault.is_dead else set())
    for path in (PAGE, API, READY):
        if strange := set(watchers[path].statuses()) - allowed:
            yield f"{path} was answered with {strange}"
        if not watchers[path].is_back():
            yield f"{path} did not come back"
    alive = watchers[ALIVE]
    if set(alive.statuses()) - ({200, 0} if fault.is_dead else {200}):
        yield f"/healthz was answered with {alive.statuses()}"
    if alive.slowest() > fault.patience:
        yield f"/healthz took {alive.slowest():.1f} s"
    if fault.is_away:
        yield from not_said(watchers)


def not_said(watchers):
    pages, problems = watchers[PAGE].texts(503), watchers[API].texts(503)
    if not pages or not all("We will be back" in text and "网站维护中" in text for text in pages):
        yield "pages did not say in both languages that the portal will be back"
    if not problems or not all(text.startswith("120 {") for text in problems):
        yield "the API did not answer with a problem and Retry-After"
    if 503 not in watchers[READY].statuses():
        yield "/readyz said nothing"


def seen(watchers: dict[str, Watcher]) -> str:
    counts = watchers[PAGE].statuses() + watchers[API].statuses()
    told = ", ".join(f"{number} × {status or 'none'}" for status, number in sorted(counts.items()))
    return f"pages {told}; /healthz at most {watchers[ALIVE].slowest():.1f} s"
