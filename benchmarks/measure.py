"""Everything that is measured at one size."""

import os
import time
from dataclasses import dataclass

from django.db import connection

from benchmarks import figures
from benchmarks.kinds import Addresses
from benchmarks.servers import running
from benchmarks.timing import Plan, Times, time_all
from projects.models import Project
from sscnet.dev import steps

__all__ = ["Plan", "Result", "at_size"]

PAGES = 600


@dataclass(frozen=True)
class Result:
    size: int
    made_in: float
    times: Times
    queries: dict[str, int]
    new_words_find: float
    list_bytes: int
    first_visit_bytes: int
    csv: figures.Stream | None
    iati: figures.Stream | None
    kept: dict[str, float] | None
    worker_memory: int
    edits_are_seen: bool


def at_size(size: int, port: int, plan: Plan) -> Result:
    made_in = make_sample(size)
    addresses = Addresses(some_pages(), plan.parts)
    with running(port, dict(os.environ)) as servers:
        portal = servers["portal"]
        steps.say(f"Timing at {size:,} ...")
        times = time_all(servers, addresses, plan)
        published = Project.objects.published().count()
        return Result(
            size=size,
            made_in=made_in,
            times=times,
            queries=figures.query_counts(addresses, plan.counting),
            new_words_find=figures.found_by_new_words(published),
            list_bytes=figures.list_bytes(portal),
            first_visit_bytes=figures.first_visit_bytes(portal),
            worker_memory=portal.memory(),
            csv=figures.file_of_all(portal, figures.CSV),
            iati=figures.file_of_all(portal, figures.IATI),
            kept=figures.kept(),
            edits_are_seen=figures.edits_are_seen(portal),
        )


def make_sample(size: int) -> float:
    """Bring the sample to this size, and PostgreSQL's knowledge of it up to date."""
    began = time.monotonic()
    command = steps.manage("make_sample", "--projects", str(size))
    steps.run_quietly(f"Making {size:,} sample projects", command, os.environ)
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return took


def some_pages() -> list[str]:
    """Give the addresses of some projects' pages, spread over all."""
    sample = Project.objects.published().filter(is_sample=True).order_by("code")
    step = max(1, sample.count() // PAGES)
    return [project.get_absolute_url() for project in sample[::step]][:PAGES]
