"""python -m sscnet.dev run | test | lint | manage | bench | messages"""

import argparse
import os
import sys

from sscnet.dev import CHECKOUT, DevError, as_problem, checks, portal, processes, translations


def main():
    os.chdir(CHECKOUT)
    # Killing make kills nothing below it, so we ask for a signal.
    if "MAKELEVEL" in os.environ:
        processes.end_with_parent()
    processes.end_on_signals()
    try:
        return run_command(parse_arguments())
    except DevError as problem:
        print(problem, file=sys.stderr)
    except OSError as error:
        print(as_problem(error), file=sys.stderr)
    return 1


def parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m sscnet.dev")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the portal with its database").add_argument("--port")
    commands.add_parser("lint", help="the checks alone")
    commands.add_parser("messages", help="collect the strings to translate")
    for name, text in [
        ("test", "pytest with these arguments; without any, the checks and every test"),
        ("bench", "the figures of benchmarks/README.md"),
        ("manage", "a command of manage.py on the database of `run`"),
    ]:
        commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
    arguments, rest = parser.parse_known_args()
    arguments.rest = rest
    return arguments


def run_command(arguments):
    if arguments.command == "run":
        return portal.run(arguments.port)
    if arguments.command == "manage":
        return portal.manage(arguments.rest)
    if arguments.command == "test":
        return checks.test(arguments.rest)
    if arguments.command == "lint":
        return checks.lint()
    if arguments.command == "bench":
        return checks.bench(arguments.rest)
    return translations.collect()


if __name__ == "__main__":
    sys.exit(main())
