"""python -m benchmarks.crawler: 20 readers alone, then beside a crawler of 50,000 filter addresses.

Before the portal stands nginx with the limits of deploy/nginx. Each reader has a network of its
own; the crawler asks from many addresses of one, as fast as it is answered. It stands for another
machine, so its own asking runs only when nothing else wants to; what nginx and the portal do for it
counts. Alone and beside are timed by the same turns.
"""

import argparse
import itertools
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

from benchmarks import stage
from benchmarks.load import Turn, take
from benchmarks.servers import PORTAL, children, headers, running
from sscnet.dev import CHECKOUT, DevError, processes, steps

# More at a time than nginx lets wait: the others are refused at once.
PROJECTS, READERS, FILTERS, AT_A_TIME = 1000, 20, 50_000, 150
READ = ("/projects/", "/projects/?sort=newest", "/members/", "/countries/", "/figures/", "/")
MOST_TIMES = 1.5
# Seconds between two pages of a reader, and of a turn of all; turns alone.
PAUSE, SECONDS, TURNS = 0.5, 5, 4


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawler", description=__doc__)
    parser.add_argument("--port", default=8241, type=int, help="the first of two free ports")
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory() as home, stage.database() as server:
        stage.prepare(home, threads=4, DATABASE_URL=server.url("places"))
        from tests.many_records import make_many

        steps.run_quietly("The Network's records", steps.manage("load_network"), os.environ)
        make_many(PROJECTS)
        with running([(PORTAL, {})], port), stage.nginx(port + 1, [port], limits()) as nginx:
            return compare(port + 1, nginx)


def limits() -> tuple[str, str]:
    """Return what deploy/nginx says of limits: for all sites, and for a place."""
    site = (CHECKOUT / "deploy/nginx/site.conf").read_text().partition("\nserver {")[0]
    proxy = (CHECKOUT / "deploy/nginx/proxy.conf").read_text().splitlines()
    place = "\n".join(line for line in proxy if line.startswith("limit_"))
    return site[site.index("limit_conn_zone") :], place


def compare(port: int, nginx: int) -> int:
    paths = [f"{path}{'&' if '?' in path else '?'}samples=1" for path in READ]
    readers = Turn(port, paths, headers(), SECONDS, concurrency=READERS, pause=PAUSE)
    readers.sources = [f"127.0.{n}.1" for n in range(1, READERS + 1)]
    years, sectors = range(1995, 2026), range(1, 2000)
    asked = itertools.islice(itertools.product(years, sectors), FILTERS)
    filters = [f"/projects/?samples=1&year_from={year}&q=n{n}" for year, n in asked]
    crawler = Turn(port, filters, headers(), concurrency=AT_A_TIME, once=True, is_elsewhere=True)
    crawler.sources = [f"127.1.1.{n}" for n in range(1, 250)]
    latencies_of(readers)
    alone = [seconds for _ in range(TURNS) for seconds in latencies_of(readers)]
    refusing, beside = seconds_of(nginx), []
    with ThreadPoolExecutor() as pool:
        crawling = pool.submit(take, crawler)
        while not crawling.done():
            beside += latencies_of(readers)
    one, other = p95(alone), p95(beside)
    statuses = crawling.result().statuses
    took = (seconds_of(nginx) - refusing) / statuses["429"]
    print(f"p95 of {len(alone)} pages alone: {one * 1000:.0f} ms")
    print(f"p95 of {len(beside)} pages beside: {other * 1000:.0f} ms, {other / one:.2f} times")
    print(f"The crawler: {statuses}; nginx took {took * 1e6:.0f} µs of a processor for each 429.")
    return other > MOST_TIMES * one


def latencies_of(readers: Turn) -> list[float]:
    answers = take(readers)
    if answers.statuses.keys() != {"200"}:
        raise DevError(f"The readers were answered {answers.statuses}.")
    return answers.latencies


def seconds_of(parent: int) -> float:
    """Return how long the children of a process have had a processor."""
    stats = [Path(f"/proc/{child}/stat").read_text().split() for child in children(parent)]
    return sum(int(stat[13]) + int(stat[14]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def p95(latencies: list[float]) -> float:
    return quantiles(latencies, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
