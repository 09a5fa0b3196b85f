"""python -m sscnet.dev run | test | lint | manage | bench | messages | release"""

import os
import sys

from sscnet.dev import CHECKOUT, DevError, checks, portal, processes, release, translations

COMMANDS = {
    "run": portal.run,
    "test": checks.test,
    "lint": checks.lint,
    "manage": portal.manage,
    "bench": checks.bench,
    "messages": translations.collect,
    "release": release.release,
}


def main(name="", *arguments):
    if name not in COMMANDS:
        return __doc__
    os.chdir(CHECKOUT)
    # Killing make kills nothing below it, so we ask for a signal.
    if "MAKELEVEL" in os.environ:
        processes.end_with_parent()
    processes.end_on_signals()
    try:
        return COMMANDS[name](*arguments)
    except (DevError, OSError) as problem:
        return str(problem)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
