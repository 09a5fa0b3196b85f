"""Turns: each server is asked for a moment, in rotation, and only medians are kept."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks import kinds
from benchmarks.kinds import Kind
from benchmarks.load import Turn, take
from benchmarks.servers import PortalServer, headers
from sscnet.dev import DevError

# Between turns: without it one server's last connections are the next one's burden.
PAUSE = 0.2
# NAIVE takes half a minute for some answers: one such turn is enough.
SLOW = 5
# The same few addresses, where pages are asked for again.
AGAIN = 8
WARM = 8 * AGAIN
# What is asked, and of which server: LIMIT; a page made anew; one made before; one that the visitor
# has; NAIVE's.
LIMIT, ANEW, KEPT, UNCHANGED, NAIVE = "limit", "anew", "kept", "unchanged", "naive"
SERVER_OF = {
    LIMIT: "compared",
    ANEW: "unkept",
    KEPT: "portal",
    UNCHANGED: "portal",
    NAIVE: "compared",
}


@dataclass
class Timed:
    """What all turns of a kind asked in one way gave."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p50(self) -> float:
        return median(self.latencies)


# By kind and way.
Times = dict[str, dict[str, Timed]]


@dataclass(frozen=True)
class TimingPlan:
    seconds: float
    rounds: int


def time_all(
    servers: dict[str, PortalServer], addresses: dict[str, list[str]], plan: TimingPlan
) -> Times:
    """Time every kind of page in every way; a round before the first is for warming up."""
    run = Run(servers, addresses, plan)
    for part in range(plan.rounds + 1):
        for kind in kinds.ALL:
            for way in ways(kind):
                run.note(kind, way, part)
    return run.times


def ways(kind: Kind) -> Iterator[str]:
    yield from (LIMIT, ANEW)
    if kind in kinds.KEPT:
        yield from (KEPT, UNCHANGED)
    if kind.is_compared:
        yield NAIVE


class Run:
    def __init__(
        self, servers: dict[str, PortalServer], addresses: dict[str, list[str]], plan: TimingPlan
    ):
        self.servers, self.addresses, self.plan = servers, addresses, plan
        self.times: Times = {}

    def note(self, kind: Kind, way: str, part: int) -> None:
        """Take a turn, unless an earlier one showed that each takes for ever."""
        timed = self.times.setdefault(kind.name, {}).setdefault(way, Timed())
        if timed.latencies and timed.p50 > SLOW:
            return
        answers = take(self.turn(kind, way, part))
        wanted = "304" if way == UNCHANGED else "200"
        if set(answers.statuses) != {wanted}:
            raise DevError(f"{kind.label} ({way}) was answered with {answers.statuses}.")
        time.sleep(PAUSE)
        if part:
            timed.rates.append(answers.rate)
            timed.latencies += answers.latencies
            timed.statuses.update(answers.statuses)

    def turn(self, kind: Kind, way: str, part: int) -> Turn:
        """Make a turn of a moment, or longer until there are enough answers for a median.

        Only new words are asked for once each: another part of them in every round.
        """
        server, sent, paths = self.servers[SERVER_OF[way]], headers(), self.addresses[kind.name]
        is_once = kind is kinds.NEW_WORD and way == ANEW
        if way == LIMIT:
            paths = ["/limit/"]
        elif way == NAIVE:
            paths = [path.replace(kinds.LISTING, kinds.NAIVE_LISTING, 1) for path in paths]
        elif way == KEPT:
            paths = paths[:AGAIN]
        elif way == UNCHANGED:
            paths = paths[:1]
            sent |= {"If-None-Match": server.get(paths[0]).headers["ETag"]}
        elif is_once:
            paths = paths[part :: self.plan.rounds + 1]
        # While warming up every worker makes each page that is kept, and searches for each word.
        seconds, least = self.plan.seconds, 4
        if not part:
            seconds, least = seconds / 2, WARM if way in (ANEW, KEPT) else 4
        return Turn(server.port, paths, sent, seconds, at_least=least, once=is_once)
