"""What is counted or weighed rather than timed: queries, bytes, memory, files, edits."""

import gzip
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import kinds
from benchmarks.servers import HOST, Server, headers
from projects.models import Project
from sscnet.search import matching

CSV = "/projects/export.csv"
IATI = "/projects/export.iati.xml"
DIRECTORY = "/members/"
HOME = "/"
COUNTED = 12
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2|webp|png))"')


def get(server: Server, path: str, **extra: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection(HOST, server.port, timeout=120)
    link.request("GET", path, headers=headers() | extra)
    return link.getresponse()


# ------------------------------------------------------------------ queries and bytes


def query_counts(addresses: kinds.Addresses, part: int) -> dict[str, int]:
    """Count the most queries that a page takes which no process has made before, kind by kind."""
    asked = {kind.name: addresses.of(kind, part) for kind in (*kinds.LISTS, kinds.PAGE)}
    asked["directory"] = [DIRECTORY] * 2
    return {name: most_queries(paths[:COUNTED]) for name, paths in asked.items()}


def most_queries(paths: list[str]) -> int:
    client = Client(headers=headers())
    # What a process reads once is no cost of a page.
    client.get(paths[0], secure=True)
    counts = []
    for path in paths[1:]:
        with CaptureQueriesContext(connection) as queries:
            client.get(path, secure=True)
        counts.append(len(queries))
    return max(counts)


def found_by_new_words(published: int) -> float:
    """Give the share of all projects that a word counted as new finds, in the middle."""
    return median(len(matching(word).ids) for word in kinds.new_words()) / published


def list_bytes(server: Server) -> int:
    return len(get(server, kinds.LISTING).read())


def first_visit_bytes(server: Server) -> int:
    """Weigh home with its stylesheets, scripts and pictures, as a browser with an empty cache asks.

    The portal serves its files compressed with Brotli; the proxy in front compresses the HTML, for
    which gzip stands here.
    """
    html = get(server, HOME).read()
    total = len(gzip.compress(html))
    for path in set(ASSET.findall(html)):
        total += len(get(server, path.decode(), **{"Accept-Encoding": "br"}).read())
    return total


# ------------------------------------------------------------------ the file of all


@dataclass(frozen=True)
class Stream:
    """How a file came.

    `growth` is what the largest worker grew by in all, `late_growth` after the first quarter of the
    time: a stream in memory grows to the end.
    """

    first_byte: float
    seconds: float
    bytes: int
    growth: int
    late_growth: int


def file_of_all(server: Server, path: str) -> Stream | None:
    """Take the file of all projects, and watch the largest worker meanwhile; None: no file yet."""
    before = server.memory()
    memory, result = [before], []
    thread = threading.Thread(target=lambda: result.append(timed_download(server, path)))
    thread.start()
    while thread.is_alive():
        memory.append(server.memory())
        thread.join(0.02)
    if not result or result[0] is None:
        return None
    quarter = max(memory[: len(memory) // 4 + 1])
    return Stream(*result[0], growth=max(memory) - before, late_growth=max(memory) - quarter)


def timed_download(server: Server, path: str) -> tuple[float, float, int] | None:
    began = time.perf_counter()
    response = get(server, path)
    if response.status != 200:
        return None
    length = len(response.read(1))
    first = time.perf_counter() - began
    while part := response.read(1 << 16):
        length += len(part)
    return first, time.perf_counter() - began, length


# ------------------------------------------------------------------ what a process keeps


def kept() -> dict[str, float] | None:
    """Build what a process keeps in a fresh process (`kept.py`); None: nothing is kept yet."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kept"], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def edits_are_seen(server: Server, edits: int = 5, requests: int = 10) -> bool:
    """Edit a project, and ask so often for its page and for its new word that every worker answers.

    No answer may be of before the edit, from the first request on.
    """
    project = Project.objects.published().filter(is_sample=True).first()
    rows, page = Project.objects.filter(pk=project.pk), project.get_absolute_url()
    try:
        for n in range(edits):
            word = f"edited{n}by{time.time_ns()}"
            rows.update(title=f"Sample: {word}")
            for _ in range(requests):
                listed = get(server, f"{kinds.LISTING}?q={word}").read()
                if word.encode() not in get(server, page).read() or page.encode() not in listed:
                    return False
    finally:
        rows.update(title=project.title)
    return True
