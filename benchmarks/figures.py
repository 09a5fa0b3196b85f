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
from projects.search import matching

CSV = "/projects/export.csv"
DIRECTORY = "/members/"
HOME = "/"
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2|webp|png))"')


def get(server: Server, path: str, **extra: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection(HOST, server.port, timeout=120)
    link.request("GET", path, headers=headers() | extra)
    return link.getresponse()


# ------------------------------------------------------------------ queries and bytes


def query_counts(pages: list[str]) -> dict[str, int]:
    """Count the queries of each kind of request in a process that is warm, but not with this one.

    So the others of its kind are asked for first, and the directory, of which there is one, twice.
    """
    asked = {kind.name: kind.paths for kind in kinds.LISTS}
    asked |= {"page": pages, "directory": [DIRECTORY, DIRECTORY]}
    asked["list"] = [f"{kinds.LISTING}?page=2", kinds.LISTING]
    return {name: queries_of(paths) for name, paths in asked.items()}


def queries_of(paths: list[str]) -> int:
    client = Client(headers=headers())
    *others, last = paths[-5:]
    for path in others:
        client.get(path, secure=True)
    with CaptureQueriesContext(connection) as queries:
        client.get(last, secure=True)
    return len(queries)


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
    """How a file came; `memory_growth` is what the largest worker grew by meanwhile."""

    first_byte: float
    seconds: float
    bytes: int
    memory_growth: int


def csv_of_all(server: Server) -> Stream | None:
    """Take the file of all projects, and watch the largest worker meanwhile; None: no file yet."""
    before = peak = server.memory()
    is_done = threading.Event()
    result = []

    def download():
        try:
            result.append(timed_download(server))
        finally:
            is_done.set()

    thread = threading.Thread(target=download)
    thread.start()
    while not is_done.wait(0.02):
        peak = max(peak, server.memory())
    thread.join()
    if not result or result[0] is None:
        return None
    return Stream(*result[0], peak - before)


def timed_download(server: Server) -> tuple[float, float, int] | None:
    began = time.perf_counter()
    response = get(server, CSV)
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
