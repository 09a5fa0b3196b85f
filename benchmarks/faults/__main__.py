"""python -m benchmarks.faults [name ...]: do harm to a portal under load, and see what is lost.

Each fault is done while clients register delegations. At least 1,000 must have been acknowledged,
and each of them must be there afterwards as it was told. README.md in this folder explains more.
"""

import argparse
import os
import sys
from functools import partial

from benchmarks.faults import database, disks, machine, mail
from benchmarks.faults.run import run
from benchmarks.faults.site import site
from sscnet.dev import processes

UNDER_LOAD = {**database.FAULTS, **machine.FAULTS}
FAULTS = {
    **{name: partial(run, fault=fault) for name, fault in UNDER_LOAD.items()},
    **disks.FAULTS,
    **mail.FAULTS,
}


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    names = {"choices": [*FAULTS, []], "metavar": "name", "help": ", ".join(FAULTS)}
    parser.add_argument("names", nargs="*", **names)
    parser.add_argument("--port", default=8310, type=int, help="and the two after it")
    parser.add_argument("--seconds", default=10, type=float, help="how long a fault lasts")
    parser.add_argument("--without", default="", help="protections to take out, see README.md")
    options = parser.parse_args()
    os.environ["WITHOUT"] = options.without
    settings = {}
    if "sync" in options.without:
        # With its usual fifth of a second less is lost.
        settings = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    if "limit" in options.without:
        os.environ["DATABASE_ANSWER_SECONDS"] = "0"
    with site(options.port, **settings) as made:
        outcomes = [one(made, name, options.seconds) for name in options.names or FAULTS]
    return 0 if all(outcomes) else 1


def one(made, name, seconds):
    outcome = FAULTS[name](made, seconds)
    print(
        f"{name}: {len(outcome.lost)} lost of {outcome.acknowledged} acknowledged,"
        f" serving again after {outcome.back:.1f} s; {outcome.seen}:"
        f" {'met' if outcome.is_met else 'NOT MET'}",
        flush=True,
    )
    for line in [*outcome.lost[:5], *outcome.wrong[:10]]:
        print(f"    {line}", flush=True)
    return outcome.is_met


if __name__ == "__main__":
    sys.exit(main())
