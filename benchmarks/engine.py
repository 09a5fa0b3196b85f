"""What an index of the list costs: memory, building, an edit. A process of its own.

Run by `figures.engine`, prints its figures as JSON.
"""

import gc
import json
import os
import time
from statistics import median

import django

from benchmarks.servers import resident

EDITS = 5


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
    django.setup()
    print(json.dumps(figures()))


def figures() -> dict[str, float]:
    from django.db import connections

    from projects.catalogue.filters import ProjectFilter
    from projects.models import Project
    from sscnet.facets import engine

    # What a process reads once is no part of an index.
    sum(1 for _ in Project.objects.published().values_list("pk", "title")[:10])
    gc.collect()
    before = resident("self")
    index, built = clock(lambda: with_samples(engine.current, ProjectFilter))
    for order in index.orders.values():
        _ = order.ranks
    gc.collect()
    size = resident("self") - before
    rows = Project.objects.filter(pk=next(iter(index.all)))
    title = rows.get().title
    again = []
    for n in range(EDITS):
        rows.update(title=f"{title} #{n}")
        again.append(clock(lambda: with_samples(engine.build, ProjectFilter, before=index))[1])
    rows.update(title=title)
    connections.close_all()
    connections["default"].close_pool()
    return {"size": size, "built": built, "rebuilt": median(again)}


def with_samples(function, *args, **kwargs):
    from sscnet.core.records import samples

    with samples.shown(True):
        return function(*args, **kwargs)


def clock(function) -> tuple:
    began = time.perf_counter()
    result = function()
    return result, time.perf_counter() - began


if __name__ == "__main__":
    main()
