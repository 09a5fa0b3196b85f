"""Turns: each contender is asked for a moment, in rotation, and only medians are kept."""

import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from benchmarks import kinds
from benchmarks.kinds import Kind
from benchmarks.load import Turn, take
from benchmarks.servers import HOST, Server, headers
from sscnet.dev import Problem

# Between turns: without it one contender's last connections are the next one's burden.
PAUSE = 0.2


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


def time_all(servers: dict[str, Server], pages: list[str], plan: Plan) -> Times:
    """Time every kind of request; what the portal does not answer yet is left out."""
    asked = [(kind, kind.paths, {}) for kind in kinds.LISTS]
    asked.append((kinds.PAGE, pages, {}))
    if etag := etag_of(servers["portal"], kinds.LISTING):
        asked.append((kinds.UNCHANGED, [kinds.LISTING], {"If-None-Match": etag}))
    warm(servers, asked, plan)
    times: Times = {}
    for new_words in kinds.new_word_paths(plan.rounds):
        for kind, paths, extra in asked:
            for name in contenders(kind):
                turn = turn_of(servers[name], kind, paths, extra, plan.seconds)
                note(times, kind, name, turn)
        note_new_words(times, servers, new_words, plan.seconds)
    return times


def contenders(kind: Kind) -> list[str]:
    return ["limit", "portal", "naive"] if kind.is_compared else ["limit", "portal"]


def turn_of(server: Server, kind: Kind, paths, extra, seconds: float) -> Turn:
    asked = {"limit": ["/limit/"], "naive": kind.naive_paths, "portal": paths}[server.name]
    # A slow contender's turn lasts until enough requests are answered to give a median.
    return Turn(server.port, asked, headers() | extra, seconds)


def note_new_words(times: Times, servers, paths: list[str], seconds: float) -> None:
    limit = turn_of(servers["limit"], kinds.NEW_WORD, [], {}, seconds)
    note(times, kinds.NEW_WORD, "limit", limit)
    portal = Turn(servers["portal"].port, paths, headers(), seconds, once=True)
    note(times, kinds.NEW_WORD, "portal", portal)


def note(times: Times, kind: Kind, name: str, turn: Turn) -> None:
    answers = take(turn)
    if name != "portal" and set(answers.statuses) != {"200"}:
        raise Problem(f"{name} answered {answers.statuses} for {turn.paths[:3]}.")
    timed = times.setdefault(kind.name, {}).setdefault(name, Timed())
    timed.rates.append(answers.rate)
    timed.latencies += answers.latencies
    timed.statuses.update(answers.statuses)
    time.sleep(PAUSE)


def warm(servers: dict[str, Server], asked, plan: Plan) -> None:
    """Let each contender do each kind once before anything counts."""
    for kind, paths, extra in asked:
        for name in contenders(kind):
            turn = turn_of(servers[name], kind, paths, extra, plan.seconds / 2)
            turn.at_least = 2
            take(turn)


def etag_of(server: Server, path: str) -> str | None:
    connection = http.client.HTTPConnection(HOST, server.port)
    connection.request("GET", path, headers=headers())
    return connection.getresponse().headers["ETag"]
