"""What visitors ask for: some addresses often, most seldom, and an edit now and then.

200 addresses by Zipf's law, over HTTP, with an edit after every 200 requests. The code of before,
a checkout of its own with a database of its own and the same sample, takes turns with today's.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.load import Turn, take
from benchmarks.servers import PORTAL, PortalServer, headers, running
from sscnet.dev import DevError, steps

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


def database_beside(url: str) -> str:
    """Return the address of a second database on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path}_before"))


class Before:
    """The code of before, in a checkout of its own."""

    def __init__(self, checkout: Path, static_root: str):
        self.python = checkout / ".venv" / "bin" / "python"
        if not self.python.exists():
            raise DevError(f"{checkout} has no .venv: run bin/bootstrap there first.")
        self.program = replace(PORTAL, name="before", checkout=checkout, python=str(self.python))
        self.url = database_beside(os.environ["DATABASE_URL"])
        self.env = os.environ | {"DATABASE_URL": self.url, "STATIC_ROOT": static_root}

    def prepare(self, *, reuse: bool) -> None:
        """Make its database, with the Network's records, and its stylesheets."""
        steps.echo("Preparing the code of before ...")
        name = sql.Identifier(urlsplit(self.url).path[1:])
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            if reuse:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        self.run("-c", "from sscnet.dev import translations; translations.compile_all()")
        self.manage("migrate")
        self.manage("collectstatic", "--noinput")
        self.manage("load_network")

    def make_sample(self, size: int) -> None:
        steps.echo(f"Making {size:,} sample projects for the code of before ...")
        # As in development: whether it asks for --in-production depends on how old the code is.
        self.run("manage.py", "make_sample", "--projects", str(size), DEBUG="true")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")

    def manage(self, *arguments: str) -> None:
        self.run("manage.py", *arguments)

    def run(self, *arguments: str, **env: str) -> None:
        done = subprocess.run(
            [str(self.python), *arguments],
            check=False,
            cwd=self.program.checkout,
            env=self.env | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise steps.failed(f"{' '.join(arguments)} of the code of before", done.stdout)


@dataclass(frozen=True)
class Mix:
    """Requests a second, from each edit to the next."""

    new: list[float]
    old: list[float]

    @property
    def ratio(self) -> float:
        return median(new / old for new, old in zip(self.new, self.old, strict=True))


def measure(before: Before, addresses: dict[str, list[str]], port: int, rounds: int) -> Mix:
    chosen = mixed(addresses)
    with contextlib.ExitStack() as stack:
        programs = [(PORTAL, dict(os.environ)), (before.program, before.env)]
        servers = stack.enter_context(running(programs, port))
        sides = [
            Side(servers["portal"], os.environ["DATABASE_URL"], chosen, stack),
            Side(servers["before"], before.url, chosen, stack),
        ]
        for side in sides * WARM_UP:
            side.turn()
        rates = [[side.turn() for side in sides] for _ in range(rounds * EDITS_A_ROUND)]
    return Mix(*(list(several) for several in zip(*rates, strict=True)))


def mixed(addresses: dict[str, list[str]]) -> list[str]:
    """Choose the addresses, the most popular first."""
    chosen = [path for name, most in ADDRESSES.items() for path in addresses[name][:most]]
    Random(1).shuffle(chosen)
    return chosen


class Side:
    """One of the two, asked for the same in the same order."""

    def __init__(
        self, server: PortalServer, url: str, chosen: list[str], stack: contextlib.ExitStack
    ):
        self.server = server
        self.connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        stack.callback(self.connection.execute, UNDO, [" #\\d+$"])
        self.requests = requests(chosen)
        self.edits = 0

    def turn(self) -> float:
        """Edit, then ask; return the requests a second."""
        self.edit()
        paths = [next(self.requests) for _ in range(BETWEEN_EDITS)]
        answers = take(Turn(self.server.port, paths, headers(), seconds=0, once=True))
        if set(answers.statuses) != {"200"}:
            raise DevError(f"The mix was answered with {answers.statuses}.")
        return answers.rate

    def edit(self) -> None:
        self.edits += 1
        self.connection.execute(EDIT, [f" #{self.edits}", self.edits])


def requests(chosen: list[str]) -> Iterator[str]:
    """Ask for the second address half as often as for the first, and so on."""
    random = Random(2)
    weights = [1 / rank for rank in range(1, len(chosen) + 1)]
    while True:
        yield from random.choices(chosen, weights, k=BETWEEN_EDITS)
