"""What visitors ask for: some addresses often, most seldom, and an edit now and then.

200 addresses by Zipf's law, over HTTP, with an edit after every 200 requests. The code of before,
a checkout of its own with a database of its own and the same records, takes turns with today's.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.load import Turn, take
from benchmarks.servers import PORTAL, UNKEPT, headers
from sscnet.dev import DevError, steps
from tests import many_records

# How many addresses of each kind: a hundred lists, of them 24 with a word, and a hundred projects.
ADDRESSES = {"list": 12, "one": 24, "three": 40, "word": 24, "page": 100}
BETWEEN_EDITS = 200
EDITS_A_ROUND, WARM_UP = 5, 2
EDIT = """
UPDATE projects_project SET title = regexp_replace(title, ' #\\d+$', '') || %s
WHERE id = (
    SELECT id FROM projects_project WHERE is_sample AND state = 'published'
    ORDER BY id OFFSET %s LIMIT 1
)
"""
UNDO = "UPDATE projects_project SET title = regexp_replace(title, ' #\\d+$', '') WHERE title ~ %s"


class Before:
    """The code of before, in a checkout of its own, with a second database of the same server."""

    def __init__(self, checkout: Path, static_root: str):
        self.checkout, self.python = checkout, checkout / ".venv" / "bin" / "python"
        if not self.python.exists():
            raise DevError(f"{checkout} has no .venv: run bin/bootstrap there first.")
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.url = urlunsplit(parts._replace(path=f"{parts.path}_before"))
        self.env = os.environ | {"DATABASE_URL": self.url, "STATIC_ROOT": static_root}

    @property
    def programs(self):
        own = {"checkout": self.checkout, "python": str(self.python)}
        names = {"before": PORTAL, "before unkept": UNKEPT}
        return [(replace(one, name=name, **own), self.env) for name, one in names.items()]

    def prepare(self) -> None:
        """Make its database, with the Network's records, and its stylesheets."""
        steps.echo("Preparing the code of before ...")
        name = sql.Identifier(urlsplit(self.url).path[1:])
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        self.run("-c", "from sscnet.dev import translations; translations.compile_all()")
        for words in ("migrate", "collectstatic --noinput", "load_network"):
            self.run("manage.py", *words.split())

    def make_records(self, size: int) -> None:
        """Make the projects by today's loop, with the models and factories of before."""
        steps.echo(f"Making {size:,} projects for the code of before ...")
        script = f"{Path(many_records.__file__).read_text()}\nmake_many({size})\n"
        self.run("manage.py", "shell", stdin=script)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")

    def run(self, *arguments: str, stdin: str = "") -> None:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        command, where = [str(self.python), *arguments], {"cwd": self.checkout, "env": self.env}
        done = subprocess.run(command, check=False, input=stdin, **where, **pipes)
        if done.returncode:
            raise steps.failed(f"{' '.join(arguments)} of the code of before", done.stdout)


class Mix(NamedTuple):
    """Requests a second, from each edit to the next; the code of before may be missing."""

    new: list[float]
    old: list[float]

    @property
    def ratio(self) -> float:
        return median(new / old for new, old in zip(self.new, self.old, strict=True))


def measure(
    ports: dict[str, int], before: Before | None, addresses: dict[str, list[str]], rounds: int
) -> Mix:
    chosen = mixed(addresses)
    sides = [turns(ports["portal"], os.environ["DATABASE_URL"], chosen)]
    if before:
        sides.append(turns(ports["before"], before.url, chosen))
    with contextlib.ExitStack() as stack:
        for side in sides:
            stack.callback(side.close)
        rates = [[next(side) for side in sides] for _ in range(WARM_UP + rounds * EDITS_A_ROUND)]
    rates = rates[WARM_UP:]
    return Mix([one[0] for one in rates], [one[1] for one in rates if before])


def turns(port: int, url: str, chosen: list[str]) -> Iterator[float]:
    """Edit, then ask, and again; yield the requests a second of each turn. Both ask the same."""
    asked = requests(chosen)
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            for n in count(1):
                connection.execute(EDIT, [f" #{n}", n])
                paths = [next(asked) for _ in range(BETWEEN_EDITS)]
                answers = take(Turn(port, paths, headers(), once=True))
                if set(answers.statuses) != {"200"}:
                    raise DevError(f"The mix was answered with {answers.statuses}.")
                yield answers.rate
        finally:
            connection.execute(UNDO, [" #\\d+$"])


def mixed(addresses: dict[str, list[str]]) -> list[str]:
    """Choose the addresses, the most popular first."""
    chosen = [path for name, most in ADDRESSES.items() for path in addresses[name][:most]]
    Random(1).shuffle(chosen)
    return chosen


def requests(chosen: list[str]) -> Iterator[str]:
    """Ask for the second address half as often as for the first, and so on."""
    random = Random(2)
    weights = [1 / rank for rank in range(1, len(chosen) + 1)]
    while True:
        yield from random.choices(chosen, weights, k=BETWEEN_EDITS)
