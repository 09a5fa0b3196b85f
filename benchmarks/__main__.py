"""python -m benchmarks [--sizes 1000,10000]: see `make bench`."""

import argparse
import os
import sys
import tempfile
import time

from benchmarks.servers import COMPARED, PORTAL, UNKEPT, running, set_environment
from sscnet.dev import DevError, processes, steps

# As `run_due` leaves the log of changes once these are some minutes old.
TRIM = """
DELETE FROM core_change
WHERE id NOT IN (SELECT max(id) FROM core_change GROUP BY topic)
"""


def main():
    processes.end_on_signals()
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="bench-static-") as static_root:
        set_environment(f"{static_root}/now")
        try:
            run(options)
        except DevError as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="projects, 1000,10000 unless given")
    parser.add_argument("--rounds", default=3, type=int, help="turns of each contender and kind")
    parser.add_argument("--seconds", default=0.8, type=float, help="length of a turn")
    parser.add_argument("--port", default=8201, type=int, help="the first of three free ports")
    parser.add_argument(
        "--reuse", action="store_true", help="use a database that holds records already"
    )
    parser.add_argument("--dry", action="store_true", help="print, leave README.md as it is")
    return parser.parse_args()


def run(options):
    if "DATABASE_URL" not in os.environ:
        raise DevError("Run `make bench`, which brings a database of its own, or set DATABASE_URL.")
    import django

    django.setup()
    from benchmarks import report, timing

    prepare_database(options.reuse)
    plan = timing.TimingPlan(options.seconds, options.rounds)
    began = time.monotonic()
    sizes = sorted(map(int, options.sizes.split(",")))
    results = [at_size(size, options.port, plan) for size in sizes]
    text = report.write(results, plan, time.monotonic() - began, dry=options.dry)
    steps.echo(text)


def prepare_database(reuse):
    from projects.models import Project

    if Project.objects.exists() and not reuse:
        raise DevError(
            "This database holds records. The benchmark fills its database with made-up records: "
            "give it an empty one in DATABASE_URL, or none, or say --reuse."
        )
    for words in (["load_network"], ["collectstatic", "--noinput"]):
        steps.run_quietly(words[0], steps.manage(*words), os.environ)


def at_size(size, port, plan):
    """Measure everything at one size."""
    from benchmarks import kinds, mix, report, timing

    make_records(size)
    addresses = kinds.addresses()
    programs = [(program, {}) for program in (COMPARED, UNKEPT, PORTAL)]
    with running(programs, port) as servers:
        steps.echo(f"Timing at {size:,} ...")
        ports = {name: server.port for name, server in servers.items()}
        return report.Measurement(
            size=size,
            times=timing.time_all(ports, addresses, plan),
            after_edit=timing.after_edits(ports["portal"], kinds.EVERYTHING),
            mix=mix.measure(ports["portal"], addresses, plan.rounds),
        )


def make_records(size):
    """Bring the projects to this number, and PostgreSQL's knowledge of them up to date."""
    from django.db import connection

    from tests.many_records import make_many

    steps.echo(f"Making {size:,} projects ...")
    make_many(size)
    with connection.cursor() as cursor:
        cursor.execute(TRIM)
        cursor.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    sys.exit(main())
