"""What visitors ask for: some addresses often, most seldom, and an edit now and then.

200 addresses by Zipf's law, over HTTP, with an edit after every 200 requests.
"""

import contextlib
import os
from collections.abc import Iterator
from itertools import count
from random import Random

import psycopg

from benchmarks.load import Turn, take
from benchmarks.servers import headers
from sscnet.dev import DevError

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


def measure(port: int, addresses: dict[str, list[str]], rounds: int) -> list[float]:
    """Return the requests a second, from each edit to the next."""
    with contextlib.closing(turns(port, os.environ["DATABASE_URL"], mixed(addresses))) as taken:
        return [next(taken) for _ in range(WARM_UP + rounds * EDITS_A_ROUND)][WARM_UP:]


def turns(port: int, url: str, chosen: list[str]) -> Iterator[float]:
    """Edit, then ask, and again; yield the requests a second of each turn."""
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
