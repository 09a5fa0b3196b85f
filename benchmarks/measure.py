"""Everything that is measured at one size."""

import os
import time
from dataclasses import dataclass

from django.db import connection

from benchmarks import figures, kinds, mix
from benchmarks.servers import COMPARED, PORTAL, UNKEPT, running
from benchmarks.timing import Times, TimingPlan, time_all
from projects.models import Project
from sscnet.dev import steps

__all__ = ["Measurement", "TimingPlan", "at_size"]


@dataclass(frozen=True)
class Measurement:
    size: int
    made_in: float
    times: Times
    queries: dict[str, int]
    new_words_find: float
    list_bytes: int
    first_visit_bytes: int
    csv: figures.Stream
    iati: figures.Stream
    engine: dict[str, float]
    after_edit: float
    search_after_edit: float
    worker_memory: int
    edits_are_seen: bool
    mix: mix.Mix | None


# As `run_due` leaves the log of changes once these are some minutes old.
TRIM = """
DELETE FROM core_change
WHERE id NOT IN (SELECT max(id) FROM core_change GROUP BY topic)
"""


def at_size(size: int, port: int, plan: TimingPlan, before: mix.Before | None) -> Measurement:
    made_in = make_sample(size)
    addresses = kinds.addresses()
    programs = [(program, dict(os.environ)) for program in (COMPARED, UNKEPT, PORTAL)]
    with running(programs, port) as servers:
        portal = servers["portal"]
        steps.echo(f"Timing at {size:,} ...")
        measured = {
            "times": time_all(servers, addresses, plan),
            "queries": figures.query_counts(addresses),
            "new_words_find": figures.found_by_new_words(Project.objects.published().count()),
            "list_bytes": figures.list_bytes(portal),
            "first_visit_bytes": figures.first_visit_bytes(portal),
            "worker_memory": portal.memory(),
            "csv": figures.file_of_all(portal, figures.CSV),
            "iati": figures.file_of_all(portal, figures.IATI),
            "engine": figures.engine(),
            "after_edit": figures.after_edits(portal, kinds.EVERYTHING),
            "search_after_edit": figures.after_edits(
                portal, f"{kinds.EVERYTHING}&q={kinds.WORDS[0]}"
            ),
            "edits_are_seen": figures.edits_are_seen(portal),
        }
    measured["mix"] = mix_at(size, before, addresses, port, plan) if before else None
    return Measurement(size, made_in, **measured)


def mix_at(size, before, addresses, port, plan) -> mix.Mix:
    before.make_sample(size)
    steps.echo(f"Timing the mix at {size:,} ...")
    return mix.measure(before, addresses, port, plan.rounds)


def make_sample(size: int) -> float:
    """Bring the sample to this size, and PostgreSQL's knowledge of it up to date."""
    began = time.monotonic()
    command = steps.manage("make_sample", "--projects", str(size), "--in-production")
    steps.run_quietly(f"Making {size:,} sample projects", command, os.environ)
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(TRIM)
        cursor.execute("VACUUM (ANALYZE)")
    return took
