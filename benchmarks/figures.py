"""What is counted or weighed rather than timed: queries, bytes, memory, files, edits."""

import contextlib
import gzip
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
from benchmarks.servers import PortalServer, headers
from projects.models import Project
from sscnet.core.pages import page_cache
from sscnet.core.records import samples
from sscnet.search import matching

CSV = "/projects/export.csv?samples=1"
IATI = "/projects/export.iati.xml?samples=1"
HOME = "/"
COUNTED = 12
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2|webp|png))"')


# ------------------------------------------------------------------ queries and bytes


def query_counts(addresses: dict[str, list[str]]) -> dict[str, int]:
    """Count the most queries that a page of each kind takes when it is made anew."""
    kept, page_cache.LARGEST_PAGE = page_cache.LARGEST_PAGE, 0
    try:
        return {kind.name: most_queries(addresses[kind.name][-COUNTED:]) for kind in kinds.ALL}
    finally:
        page_cache.LARGEST_PAGE = kept


def most_queries(paths: list[str]) -> int:
    client = Client(headers=headers())
    # What a process reads once is no cost of a page.
    client.get(paths[0], secure=True)
    counts = []
    for path in paths[1:] or paths:
        with CaptureQueriesContext(connection) as queries:
            client.get(path, secure=True)
        counts.append(len(queries))
    return max(counts)


def found_by_new_words(published: int) -> float:
    """Return the share of all projects that a word counted as new finds, in the middle."""
    with samples.shown(True):
        return median(len(matching(word).ids) for word in kinds.new_words()) / published


def list_bytes(server: PortalServer) -> int:
    return len(server.get(kinds.EVERYTHING).read())


def first_visit_bytes(server: PortalServer) -> int:
    """Weigh home with its stylesheets, scripts and pictures, as a browser with an empty cache asks.

    The portal serves its files compressed with Brotli; the proxy in front compresses the HTML, for
    which gzip stands here.
    """
    html = server.get(HOME).read()
    total = len(gzip.compress(html))
    for path in set(ASSET.findall(html)):
        total += len(server.get(path.decode(), **{"Accept-Encoding": "br"}).read())
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


def file_of_all(server: PortalServer, path: str) -> Stream | None:
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


def timed_download(server: PortalServer, path: str) -> tuple[float, float, int] | None:
    began = time.perf_counter()
    response = server.get(path)
    if response.status != 200:
        return None
    length = len(response.read(1))
    first = time.perf_counter() - began
    while part := response.read(1 << 16):
        length += len(part)
    return first, time.perf_counter() - began, length


# ------------------------------------------------------------------ edits


def engine() -> dict[str, float]:
    """Return what `engine.py` measures in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.engine"], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def after_edits(server: PortalServer, path: str, edits: int = 7) -> float:
    """Return the median time of the first request after an edit."""
    with edited() as edit:
        times = []
        for n in range(edits):
            # No worker still has to start, or to read what the last edit changed.
            for _ in range(10):
                server.get(path).read()
            edit(f"Sample: edited {n}")
            began = time.perf_counter()
            server.get(path).read()
            times.append(time.perf_counter() - began)
    return median(times)


def edits_are_seen(server: PortalServer, edits: int = 5, requests: int = 10) -> bool:
    """Edit a project, and ask so often for its page and for its new word that every worker answers.

    No answer may be of before the edit, from the first request on.
    """
    with edited() as edit:
        for n in range(edits):
            word = f"edited{n}by{time.time_ns()}"
            page = edit(f"Sample: {word}").get_absolute_url()
            for _ in range(requests):
                listed = server.get(f"{kinds.EVERYTHING}&q={word}").read()
                if word.encode() not in server.get(page).read() or page.encode() not in listed:
                    return False
    return True


@contextlib.contextmanager
def edited():
    """Return what changes the title of a project, and take it back at the end."""
    project = Project.objects.published().filter(is_sample=True).first()
    rows = Project.objects.filter(pk=project.pk)

    def edit(title: str) -> Project:
        rows.update(title=title)
        return project

    try:
        yield edit
    finally:
        rows.update(title=project.title)
