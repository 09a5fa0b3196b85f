"""What a process of the portal keeps in memory: how large, how long to build, what an edit costs.

Run by `figures.kept` in a process of its own, which prints its figures as JSON.
"""

import gc
import importlib.util
import json
import os
import time
from statistics import median

import django

from benchmarks.servers import resident

EDITS = 20


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
    django.setup()
    print(json.dumps(figures()))


def figures():
    if not importlib.util.find_spec("projects.catalogue.index"):
        return None
    from projects.catalogue import index

    if not hasattr(index, "current"):
        return None
    from django.db import connections

    from projects.models import Project

    project = Project.objects.published().first()
    gc.collect()
    before = resident("self")
    built = clock(index.current)
    gc.collect()
    size = resident("self") - before
    unchanged = median(clock(index.current) for _ in range(EDITS))
    edited = median(edit(project, n, index) for n in range(EDITS))
    connections.close_all()
    connections["default"].close_pool()
    return {"built": built, "size": size, "unchanged": unchanged, "edited": edited}


def edit(project, n, index) -> float:
    """Change a project and take the change back, and time how the first of the two is seen."""
    rows = type(project).objects.filter(pk=project.pk)
    rows.update(year_approved=2000 + n)
    took = clock(index.current)
    rows.update(year_approved=project.year_approved)
    index.current()
    return took


def clock(function) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
