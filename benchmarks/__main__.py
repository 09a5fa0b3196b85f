"""python -m benchmarks [--sizes 1000,10000] [--before CHECKOUT]: see `make bench`."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from sscnet.dev import DevError, processes, steps
from sscnet.dev.checks import PRODUCTION

SIZES = "1000,10000,100000"


def main():
    processes.end_on_signals()
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="bench-static-") as static_root:
        prepare_environment(f"{static_root}/now")
        try:
            run(options, static_root)
        except DevError as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", default=SIZES, type=numbers, help=f"sample projects, {SIZES} unless given"
    )
    parser.add_argument("--rounds", default=3, type=int, help="turns of each contender and kind")
    parser.add_argument("--seconds", default=0.8, type=float, help="length of a turn")
    parser.add_argument(
        "--before",
        type=Path,
        metavar="CHECKOUT",
        help="the code of before, with its .venv; without, the mix is left out",
    )
    parser.add_argument("--port", default=8201, type=int, help="the first of three free ports")
    parser.add_argument(
        "--reuse", action="store_true", help="use a database that holds records already"
    )
    parser.add_argument("--dry", action="store_true", help="print, leave README.md as it is")
    return parser.parse_args()


def numbers(text):
    return sorted(int(number) for number in text.split(","))


def prepare_environment(static_root):
    """The settings of production, for this process and for all that it starts."""
    from benchmarks.servers import environment

    env = PRODUCTION | environment(static_root)
    os.environ.pop("DEBUG", None)
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sscnet.settings"


def run(options, static_root):
    if "DATABASE_URL" not in os.environ:
        raise DevError("Run `make bench`, which brings a database of its own, or set DATABASE_URL.")
    import django

    django.setup()
    from benchmarks import measure, mix, report

    before = options.before and mix.Before(options.before.resolve(), f"{static_root}/before")
    prepare_database(options.reuse)
    steps.run_quietly(
        "Making the sample meeting",
        steps.manage("make_sample", "--meeting", "--in-production"),
        os.environ,
    )
    steps.run_quietly(
        "Collecting static files", steps.manage("collectstatic", "--noinput"), os.environ
    )
    if before:
        before.prepare(reuse=options.reuse)
    plan = measure.TimingPlan(options.seconds, options.rounds)
    began, results = time.monotonic(), []
    for size in options.sizes:
        results.append(measure.at_size(size, options.port, plan, before))
    text = report.write(results, plan, time.monotonic() - began, dry=options.dry)
    steps.echo(text)


def prepare_database(reuse):
    from projects.models import Project

    if Project.objects.exists() and not reuse:
        raise DevError(
            "This database holds records. The benchmark fills its database with sample records: "
            "give it an empty one in DATABASE_URL, or none, or say --reuse."
        )
    if Project.objects.filter(is_sample=True).exists():
        steps.run_quietly(
            "Removing the sample", steps.manage("make_sample", "--remove"), os.environ
        )
    steps.run_quietly("Loading the Network's records", steps.manage("load_network"), os.environ)


if __name__ == "__main__":
    sys.exit(main())
