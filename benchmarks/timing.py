"""Turns: each contender is asked for a moment, in rotation, and only medians are kept."""

import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from benchmarks import kinds
from benchmarks.kinds import Addresses, Kind
from benchmarks.load import Turn, take
from benchmarks.servers import HOST, Server, headers
from sscnet.dev import Problem

# Between turns: without it one contender's last connections are the next one's burden.
PAUSE = 0.2
# NAIVE takes half a minute for some answers: one such turn is enough.
SLOW = 5


@dataclass
class Timed:
    """What a contender did in all its turns with a kind of request."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p50(self) -> float:
        return median(self.latencies)


# The contenders' times, by kind of request and contender.
Times = dict[str, dict[str, Timed]]


@dataclass(frozen=True)
class Plan:
    seconds: float
    rounds: int

    @property
    def parts(self) -> int:
        """Say in how many parts addresses are dealt out: warming up, the rounds, counting."""
        return self.rounds + 2

    @property
    def counting(self) -> int:
        return self.parts - 1


def time_all(servers: dict[str, Server], addresses: Addresses, plan: Plan) -> Times:
    """Time every kind of request; the first part of the addresses is for warming up."""
    run = Run(servers, addresses, plan)
    for kind in kinds.ALL:
        for name in contenders(kind):
            take(run.turn(kind, name, part=0, at_least=1))
    for part in range(1, plan.rounds + 1):
        for kind in kinds.ALL:
            for name in contenders(kind):
                run.note(kind, name, part)
    return run.times


def contenders(kind: Kind) -> list[str]:
    return ["limit", "portal", "naive"] if kind.is_compared else ["limit", "portal"]


class Run:
    def __init__(self, servers: dict[str, Server], addresses: Addresses, plan: Plan):
        self.servers, self.addresses, self.plan = servers, addresses, plan
        self.times: Times = {}
        self.etag = etag_of(servers["portal"], kinds.LISTING)

    def note(self, kind: Kind, name: str, part: int) -> None:
        """Take a turn, unless an earlier one showed that each takes for ever."""
        timed = self.times.setdefault(kind.name, {}).setdefault(name, Timed())
        if timed.latencies and timed.p50 > SLOW:
            return
        answers = take(self.turn(kind, name, part))
        if name != "portal" and set(answers.statuses) != {"200"}:
            raise Problem(f"{name} answered {answers.statuses}.")
        timed.rates.append(answers.rate)
        timed.latencies += answers.latencies
        timed.statuses.update(answers.statuses)
        time.sleep(PAUSE)

    def turn(self, kind: Kind, name: str, part: int, at_least: int = 4) -> Turn:
        """Make a turn: the portal's asks for each new address once, the others' last a moment.

        A slow contender's turn lasts until enough requests are answered to give a median.
        """
        paths = self.addresses.of(kind, part)
        asked = {
            "limit": ["/limit/"],
            "naive": [path.replace(kinds.LISTING, kinds.NAIVE_LISTING, 1) for path in paths],
            "portal": paths,
        }[name]
        sent = headers() | ({"If-None-Match": self.etag} if kind is kinds.UNCHANGED else {})
        once = name == "portal" and kind.is_new
        port = self.servers[name].port
        return Turn(port, asked, sent, self.plan.seconds, at_least=at_least, once=once)


def etag_of(server: Server, path: str) -> str:
    connection = http.client.HTTPConnection(HOST, server.port)
    connection.request("GET", path, headers=headers())
    return connection.getresponse().headers["ETag"] or ""
