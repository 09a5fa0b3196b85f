"""python -m benchmarks.crawler: 20 readers alone, then beside a crawler of 50,000 filter addresses.

Before the portal stands nginx with the limits of deploy/nginx. Each reader has a network of its
own; the crawler asks from many addresses of one, as fast as it is answered.
"""

import argparse
import itertools
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import quantiles

from benchmarks import stage
from benchmarks.load import Turn, take
from benchmarks.servers import PORTAL, headers, running
from sscnet.dev import CHECKOUT, processes, steps

# More at a time than nginx lets wait: the others are refused at once.
PROJECTS, READERS, FILTERS, AT_A_TIME = 1000, 20, 50_000, 150
READ = ("/projects/", "/projects/?sort=newest", "/members/", "/countries/", "/figures/", "/")
MOST_TIMES = 1.5
# Seconds between two pages of a reader, of readers alone, and of each of their turns beside it.
PAUSE, SECONDS, BESIDE = 0.5, 20, 2


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
        with running([(PORTAL, {})], port), stage.nginx(port + 1, [port], limits()):
            return compare(port + 1)


def limits() -> tuple[str, str]:
    """Return what deploy/nginx says of limits: for all sites, and for a place."""
    site = (CHECKOUT / "deploy/nginx/site.conf").read_text().partition("\nserver {")[0]
    proxy = (CHECKOUT / "deploy/nginx/proxy.conf").read_text().splitlines()
    place = "\n".join(line for line in proxy if line.startswith("limit_"))
    return site[site.index("limit_conn_zone") :], place


def compare(port: int) -> int:
    paths = [f"{path}{'&' if '?' in path else '?'}samples=1" for path in READ]
    readers = Turn(port, paths, headers(), SECONDS, concurrency=READERS, pause=PAUSE)
    readers.sources = [f"127.0.{n}.1" for n in range(1, READERS + 1)]
    take(readers)
    alone = take(readers)
    years, sectors = range(1995, 2026), range(1, 2000)
    asked = itertools.islice(itertools.product(years, sectors), FILTERS)
    filters = [f"/projects/?samples=1&year_from={year}&q=n{n}" for year, n in asked]
    crawler = Turn(port, filters, headers(), concurrency=AT_A_TIME, once=True)
    crawler.sources = [f"127.1.1.{n}" for n in range(1, 250)]
    # As if on another machine: it asks when nobody else wants to run.
    with ThreadPoolExecutor(initializer=os.nice, initargs=(15,)) as pool:
        crawling, beside = pool.submit(take, crawler), []
        while not crawling.done():
            beside += take(replace(readers, seconds=BESIDE)).latencies
    one, other = p95(alone.latencies), p95(beside)
    print(f"p95 of {len(alone.latencies)} pages alone: {one * 1000:.0f} ms")
    print(f"p95 of {len(beside)} pages beside: {other * 1000:.0f} ms, {other / one:.2f} times")
    print(f"Readers: {alone.statuses}; the crawler: {crawling.result().statuses}.")
    return other > MOST_TIMES * one


def p95(latencies: list[float]) -> float:
    return quantiles(latencies, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
