"""Turns: each server is asked for a moment, in rotation, and only medians are kept. Edits."""

import time
from dataclasses import dataclass, field
from statistics import median

from benchmarks import kinds
from benchmarks.kinds import Kind
from benchmarks.load import Turn, ask, take
from benchmarks.servers import headers
from projects.models import Project
from sscnet.dev import DevError

# Between turns: without it one server's last connections are the next one's burden.
PAUSE = 0.2
# The same few addresses, where pages are asked for again.
AGAIN = 8
WARM = 8 * AGAIN
# What is asked, and of which server: LIMIT; a page made anew; one that was made before.
LIMIT, ANEW, KEPT = "limit", "anew", "kept"
SERVER_OF = {
    LIMIT: "compared",
    ANEW: "unkept",
    KEPT: "portal",
}


@dataclass
class Timed:
    """What all turns of a kind asked in one way gave."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(self.latencies)

    def share_of(self, other: "Timed") -> float:
        """Return the requests a second over the other's.

        Each round's share is taken on its own: what slows the machine for a moment slows both.
        """
        return median(ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True))


# By kind and way.
Times = dict[str, dict[str, Timed]]


@dataclass(frozen=True)
class TimingPlan:
    seconds: float
    rounds: int


def time_all(ports: dict[str, int], addresses: dict[str, list[str]], plan: TimingPlan) -> Times:
    """Time every kind of page in every way; a round before the first is for warming up."""
    times: Times = {}
    for part in range(plan.rounds + 1):
        for kind in kinds.ALL:
            for way in (LIMIT, ANEW, *([KEPT] if kind in kinds.KEPT else [])):
                answers = take(turn_of(kind, way, part, ports[SERVER_OF[way]], addresses, plan))
                if set(answers.statuses) != {"200"}:
                    raise DevError(f"{kind.label} ({way}) was answered with {answers.statuses}.")
                time.sleep(PAUSE)
                timed = times.setdefault(kind.name, {}).setdefault(way, Timed())
                if part:
                    timed.rates.append(answers.rate)
                    timed.latencies += answers.latencies
    return times


def turn_of(kind: Kind, way: str, part: int, port: int, addresses, plan: TimingPlan) -> Turn:
    """Make a turn of a moment, or longer until there are enough answers for a median.

    Only new words are asked for once each: another part of them in every round.
    """
    paths = addresses[kind.name]
    is_once = kind is kinds.NEW_WORD and way == ANEW
    if way == LIMIT:
        paths = ["/bench/limit/"]
    elif way == KEPT:
        paths = paths[:AGAIN]
    elif is_once:
        paths = paths[part :: plan.rounds + 1]
    # While warming up every worker makes each page that is kept, and searches for each word.
    seconds, least = plan.seconds, 4
    if not part:
        seconds, least = seconds / 2, 4 if way == LIMIT else WARM
    return Turn(port, paths, headers(), seconds, at_least=least, once=is_once)


def after_edits(port: int, path: str, edits: int = 7) -> float:
    """Return the median time of the first request after an edit."""
    project = Project.objects.published().filter(is_sample=True).first()
    rows, times = Project.objects.filter(pk=project.pk), []
    for n in range(edits):
        # No worker still has to start, or to read what the last edit changed.
        for _ in range(10):
            ask(port, path)
        rows.update(title=f"Sample: edited {n}")
        began = time.perf_counter()
        ask(port, path)
        times.append(time.perf_counter() - began)
    rows.update(title=project.title)
    return median(times)
