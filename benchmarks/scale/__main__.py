"""python -m benchmarks.scale: the portal on several machines, all of them this one.

A primary, a streaming replica, two nodes, nginx before them, Valkey. Prints what holds, and that it
fails without its protection.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile

from benchmarks.places import stage
from benchmarks.scale import rate, servers, statements
from sscnet.dev import processes, steps

AIM = 1.7
SAMPLES = 1000


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--port", default=8231, type=int, help="the first of five free ports")
    parser.add_argument("--part", choices=PARTS, help="this one alone")
    parser.add_argument("--unprotected", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        return 0 if run(options.part, options.port, not options.unprotected) else 1
    # A process each: the settings name the databases, which a part may leave broken.
    command = [sys.executable, "-m", "benchmarks.scale", "--port", str(options.port), "--part"]
    codes = [subprocess.run([*command, part]).returncode for part in PARTS]
    print("met" if not any(codes) else "NOT MET")
    return max(codes)


def run(part: str, port: int, protected: bool) -> bool:
    with contextlib.ExitStack() as stack:
        static_root = stack.enter_context(tempfile.TemporaryDirectory())
        databases = stack.enter_context(servers.databases())
        cache = stack.enter_context(servers.valkey(port))
        env = databases.urls() | {"CACHE_URL": cache}
        stage.prepare(env["DATABASE_URL"], static_root)
        ports = Ports([port + 1, port + 2], [port + 3, port + 4])
        print(f"{part}:", flush=True)
        return PARTS[part](databases, os.environ | env, ports, protected)


class Ports:
    def __init__(self, nodes, fronts):
        self.nodes, self.fronts = nodes, fronts


def told(statement: str, holds: bool) -> bool:
    print(f"  {'holds' if holds else 'FAILS'}: {statement}", flush=True)
    return holds


# ---------------------------------------------------------------- the parts


def edits(databases, env, ports, protected):
    databases.wait_for_replica()
    old, without = (
        statements.edits(databases, env, ports.nodes, protected) for protected in (True, False)
    )
    asked = statements.EDITS * len(ports.nodes) * len(statements.paths())
    lagging, unasked = (
        statements.lag(databases, env, ports.nodes, protected) for protected in (True, False)
    )
    total, failed = statements.replica_gone(databases, env, ports.nodes, ports.fronts[0])
    return all(
        [
            told(f"of {asked} answers next after an edit {old} show it as it was", not old),
            told(f"without waiting for the replica {without} do", without > 0),
            told(f"while the replica stands still {lagging} answers are of before", not lagging),
            told(f"without REPLICA_LAG_SECONDS {unasked} are", unasked > 0),
            told(f"replica killed: of {total} requests {failed} failed", not failed),
        ]
    )


def limit(databases, env, ports, protected):
    over, without = (
        statements.over_limit(env, ports.nodes, ports.fronts[0], protected)
        for protected in (True, False)
    )
    return all(
        [
            told(f"one limit for both nodes: {over} requests beyond it", not over),
            told(f"counted in the database: {without} beyond it", without > 0),
        ]
    )


def node(databases, env, ports, protected):
    found, without = (
        statements.node_killed(env, ports.nodes, ports.fronts[0], protected)
        for protected in (True, False)
    )
    pages, failed = found["readers"]
    sent, cut = found["registrations"]
    lost = sum(bad for _, bad in without.values())
    open_ones = statements.AT_A_TIME
    return all(
        [
            told(f"node killed: of {pages} pages {failed} failed", not failed),
            told(f"of {sent} registrations {cut} of {open_ones} open ones", cut <= open_ones),
            told(f"where nginx asks no other node {lost} failed", lost > 2 * open_ones),
        ]
    )


def promotion(databases, env, ports, protected):
    if protected:
        databases.wait_for_replica()
    acknowledged, lost = statements.promotion(databases, env, ports.nodes, ports.fronts[0])
    if not protected:
        return told(f"asynchronous: of {acknowledged} acknowledged {lost} lost", lost > 0)
    safe = told(f"replica promoted: of {acknowledged} acknowledged {lost} lost", not lost)
    # Other databases: these have changed their parts.
    command = [sys.executable, "-m", "benchmarks.scale", "--part", "promotion", "--unprotected"]
    command += ["--port", str(ports.nodes[0] + 10)]
    return subprocess.run(command).returncode == 0 and safe


def two_nodes(databases, env, ports, protected):
    for words in (["load_network"], ["make_sample", "--projects", str(SAMPLES), "--in-production"]):
        steps.run_quietly(f"  {words[0]}", steps.manage(*words), os.environ)
    met = []
    for name, found in rate.rates(databases, env, ports.nodes, ports.fronts).items():
        print(f"  list {name}: one node {found.one:.0f} a second, two {found.two:.0f}")
        print(f"    {found.cpu * 1000:.1f} ms of a node's core each; the rest takes its share:")
        text = f"two nodes give {found.times:.2f} times one; these cores allow {found.at_most:.2f}"
        met.append(told(text, found.times >= min(AIM, 0.9 * found.at_most)))
    return all(met)


PARTS = {
    "edits": edits,
    "limit": limit,
    "node": node,
    "promotion": promotion,
    "rate": two_nodes,
}

if __name__ == "__main__":
    sys.exit(main())
