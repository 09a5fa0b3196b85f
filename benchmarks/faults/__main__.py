"""python -m benchmarks.faults [name ...]: do harm to a portal under load, and see what is lost.

Each fault is done while clients register delegations. At least 1,000 must have been acknowledged,
and each of them must be there afterwards as it was told. README.md in this folder explains more.
"""

import argparse
import os
import subprocess
import sys
from functools import partial

from benchmarks.faults import database, disks, machine, mail
from benchmarks.faults.run import run
from benchmarks.faults.site import site
from benchmarks.faults.without import PROTECTIONS
from sscnet.dev import processes

UNDER_LOAD = {**database.FAULTS, **machine.FAULTS}
FAULTS = {
    **{name: partial(run, fault=fault) for name, fault in UNDER_LOAD.items()},
    **disks.FAULTS,
    **mail.FAULTS,
}


def main():
    processes.end_on_signals()
    options = arguments().parse_args()
    names = options.names or FAULTS
    if options.controls:
        outcomes = [fails_without(PROTECTIONS[name], name, options) for name in names]
        return 0 if all(outcomes) else 1
    os.environ["WITHOUT"] = options.without
    with site(options.port) as made:
        outcomes = [one(made, name, options.seconds) for name in names]
    return 0 if all(outcomes) else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    names = {"choices": [*FAULTS, []], "metavar": "name", "help": ", ".join(FAULTS)}
    parser.add_argument("names", nargs="*", **names)
    parser.add_argument("--port", default=8310, type=int, help="and the two after it")
    parser.add_argument("--seconds", default=10, type=float, help="how long a fault lasts")
    protections = sorted(set(PROTECTIONS.values()))
    parser.add_argument("--without", default="", choices=protections, help="what is taken out")
    controls = "do each fault without what protects from it: none may be met"
    parser.add_argument("--controls", action="store_true", help=controls)
    return parser


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


def fails_without(protection, name, options):
    """Do a fault in a process of its own: what is taken out is taken out for good."""
    command = [sys.executable, "-m", "benchmarks.faults", name, "--without", protection]
    command += ["--port", str(options.port), "--seconds", str(options.seconds)]
    pipe = {"stdout": subprocess.PIPE, "text": True, "preexec_fn": processes.end_with_parent}
    said = subprocess.run(command, check=False, **pipe).stdout
    fails = "NOT MET" in said
    told = "fails, as it must" if fails else "DOES NOT FAIL"
    print(f"{said}    {name} without {protection}: {told}", flush=True)
    return fails


if __name__ == "__main__":
    sys.exit(main())
