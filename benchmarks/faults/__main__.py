"""python -m benchmarks.faults [name ...]: do harm to a portal under load, and see what is lost.

Each fault is done while clients register delegations. At least 1,000 must have been acknowledged,
and each of them must be there afterwards as it was answered. README.md explains more.
"""

import argparse
import sys

from benchmarks.faults import harm, mail
from benchmarks.faults.site import site
from sscnet.dev import processes

FAULTS = {**harm.FAULTS, **mail.FAULTS}


def main():
    processes.end_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    names = {"choices": [*FAULTS, []], "metavar": "name", "help": ", ".join(FAULTS)}
    parser.add_argument("names", nargs="*", **names)
    parser.add_argument("--port", default=8310, type=int, help="and the two after it")
    parser.add_argument("--seconds", default=10, type=float, help="how long a fault lasts")
    options = parser.parse_args()
    names = options.names or FAULTS
    with site(options.port) as made:
        outcomes = [one(made, name, options.seconds) for name in names]
    return 0 if all(outcomes) else 1


def one(made, name, seconds):
    outcome = FAULTS[name](made, seconds)
    print(
        f"{name}: {len(outcome.lost)} lost of {outcome.acknowledged:,} acknowledged,"
        f" serving again after {outcome.back:.1f} s; {outcome.seen}:"
        f" {'met' if outcome.is_met else 'NOT MET'}",
        flush=True,
    )
    for line in [*(f"lost: {one}" for one in outcome.lost[:2]), *outcome.wrong[:4]]:
        print(f"    {line}", flush=True)
    return outcome.is_met


if __name__ == "__main__":
    sys.exit(main())
