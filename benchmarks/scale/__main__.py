"""python -m benchmarks.scale: the portal on several machines, all of them this one.

A primary, a streaming replica, two nodes, nginx before them, Valkey. Prints what holds, and that it
fails without its protection.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from dataclasses import dataclass

from benchmarks.faults.site import Site
from benchmarks.places import stage
from benchmarks.scale import rate, servers, statements
from sscnet.dev import processes, steps

AIM = 1.7
# Two cores for two nodes, two for the rest of the work.
ROOMY = 4
INSTITUTIONS = 1000


@dataclass
class Machines:
    """The databases, the settings of the nodes, and free ports."""

    databases: servers.Databases
    env: dict[str, str]
    nodes: list[int]
    fronts: list[int]
    unprotected: int
    institutions: list[int]

    def rush(self):
        """Return meetings of which nobody has a place yet, and who registers for each of them."""
        return [Site.make_meeting() for _ in range(statements.AT_A_TIME)], self.institutions


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--port", default=8231, type=int, help="the first of six free ports")
    parser.add_argument("--parts", default=list(PARTS), nargs="+", choices=PARTS)
    options = parser.parse_args()
    with machines(options.port) as all_of_them:
        met = [PARTS[part](all_of_them) for part in options.parts]
    print("met" if all(met) else "NOT MET")
    return 0 if all(met) else 1


@contextlib.contextmanager
def machines(port: int):
    cache, *ports = range(port, port + 6)
    with (
        tempfile.TemporaryDirectory() as static_root,
        servers.databases() as databases,
        servers.valkey(cache) as address,
    ):
        env = databases.urls() | {"CACHE_URL": address}
        env |= {"REPLICA_LAG_SECONDS": str(statements.LAG_SECONDS)}
        env |= {"API_REQUESTS_A_MINUTE": str(statements.LIMIT)}
        os.environ.setdefault("WITHOUT", "")
        stage.prepare(env["DATABASE_URL"], static_root, "benchmarks.faults.settings")
        steps.run_quietly("The Network's records", steps.manage("load_network"), os.environ)
        from sscnet.search import renewal

        _meeting, institutions = stage.make_meeting(INSTITUTIONS)
        # Else each search renews some of what was made just now.
        renewal.refresh_all()
        pks = [one.pk for one in institutions]
        yield Machines(databases, env, ports[:2], ports[2:4], ports[4], pks)


def told(statement: str, holds: bool) -> bool:
    print(f"  {'holds' if holds else 'FAILS'}: {statement}", flush=True)
    return holds


@contextlib.contextmanager
def running(ports: list[int], env: dict[str, str]):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(servers.node(port, env)) for port in ports]


# ---------------------------------------------------------------- the parts


def pages(given: Machines) -> bool:
    """Edits, a replica that lags, one limit, a replica that is gone."""
    print("pages:", flush=True)
    given.databases.wait_for_replica()
    careless = given.env | {"REPLICA_LAG_SECONDS": "3600", "CACHE_URL": ""}
    with (
        running(given.nodes, given.env),
        servers.node(given.unprotected, careless),
        servers.nginx({given.fronts[0]: given.nodes}),
    ):
        (asked, old), (_asked, without) = (
            statements.old_after_edits(given.databases, given.nodes, commit)
            for commit in ("remote_apply", "local")
        )
        (stood, lagging), (_stood, unasked) = statements.old_while_replay_stands(
            given.databases, [given.nodes, [given.unprotected]]
        )
        beyond, apart = map(statements.beyond_limit, (given.fronts[0], given.unprotected))
        total, failed = statements.replica_killed(given.databases, given.fronts[0])
    return all(
        [
            told(f"of {asked} answers next after an edit {old} show it as it was", not old),
            told(f"without waiting for the replica {without} do", without > 0),
            told(f"replica stands still: of {stood} answers {lagging} are of before", not lagging),
            told(f"without REPLICA_LAG_SECONDS {unasked} are", unasked > 0),
            told(f"both nodes together answer {beyond} requests beyond the limit", not beyond),
            told(f"two processes that count in the database {apart}", apart > 0),
            told(f"replica killed: of {total} pages {failed} failed", not failed),
        ]
    )


def node(given: Machines) -> bool:
    print("node:", flush=True)
    with servers.node(given.nodes[1], given.env):
        (pages, registering), (others, cut) = (
            killed(given, asks_again) for asks_again in (True, False)
        )
    most, without = statements.AT_A_TIME, others.failed + cut.failed
    return all(
        [
            told(f"node killed: of {pages.total} pages {pages.failed} failed", not pages.failed),
            told(
                f"of {registering.total} registrations {registering.failed}, {most} were open",
                registering.failed <= most,
            ),
            told(f"where nginx asks no other node {without} failed", without > 2 * most),
        ]
    )


def killed(given: Machines, asks_again: bool):
    with (
        servers.node(given.nodes[0], given.env) as first,
        servers.nginx({given.fronts[0]: given.nodes}, asks_again=asks_again),
    ):
        return statements.node_killed(first, given.fronts[0], *given.rush())


def two_nodes(given: Machines) -> bool:
    print("rate:", flush=True)
    found = rate.rates(given.env, given.nodes, given.fronts)
    met = [compared(name, held, free) for name, (held, free) in found.items()]
    return all(met)


def compared(name: str, held: rate.Rates, free: rate.Rates) -> bool:
    print(f"  list {name}:")
    holds = told(f"nodes held to {rate.SHARE} % of a core: {held}", held.times >= AIM)
    text = f"nodes with a core each, of {rate.CORES} cores: {free}"
    # On fewer the rest of the work leaves the nodes too little room to demand it.
    if rate.CORES >= ROOMY:
        return told(text, free.times >= AIM) and holds
    print(f"  apart: {text}", flush=True)
    return holds


def promotion(given: Machines) -> bool:
    """The replica is promoted, twice: the second time none was waited for."""
    print("promotion:", flush=True)
    given.databases.wait_for_replica()
    with running(given.nodes, given.env), servers.nginx({given.fronts[0]: given.nodes}):
        (acknowledged, lost), (others, without) = (
            statements.promotion(databases(), given.fronts[0], *given.rush())
            for databases in (lambda: given.databases, given.databases.next)
        )
    return all(
        [
            told(f"replica promoted: of {acknowledged} acknowledged {lost} lost", not lost),
            told(f"asynchronous: of {others} acknowledged {without} lost", without > 0),
        ]
    )


# The last leaves another primary.
PARTS = {"pages": pages, "node": node, "rate": two_nodes, "promotion": promotion}

if __name__ == "__main__":
    sys.exit(main())
