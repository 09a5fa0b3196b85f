"""What was erased before its time was over by itself: a file that no restore of the database turns
back.

A line of JSON each: kind, number and moment, no names. After a restore the clock reads it and
erases again (`retention.py`). Where the file lies says `ERASURE_LOG`.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

logger = logging.getLogger(__name__)

# How to erase rows of a kind again: their model, the field that says since when a row is there, and
# a function of a row and the moment it was erased, which returns how many that was.
_repeats: dict[str, tuple[type[Model], str, Callable[[Model, datetime], int]]] = {}


def note(kind: str, number: int) -> None:
    """Note what this transaction erases, once it is certain. A failure is logged, not raised."""
    line = {"kind": kind, "id": number, "at": timezone.now().isoformat()}
    transaction.on_commit(partial(append, json.dumps(line)), robust=True)


def append(line: str) -> None:
    settings.ERASURE_LOG.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURE_LOG.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def delete(rows: QuerySet, kind: str) -> int:
    """Delete rows, so that they go again after a restore; return how many they were."""
    numbers = list(rows.values_list("pk", flat=True))
    for number in numbers:
        note(kind, number)
    rows.model.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def repeats(kind: str, model: type[Model], since: str):
    """Return a decorator: the function erases again a row of the model that is still there.

    It gets the row and the moment of erasing, and returns how many it erased. `since` is the field
    that says when a row was made.
    """

    def register(function: Callable[[Model, datetime], int]):
        _repeats[kind] = model, since, function
        return function

    return register


def erase_again() -> int:
    noted, count = read(), 0
    for kind, (model, since, erase) in _repeats.items():
        erased = noted.get(kind, {})
        for row in model.objects.filter(pk__in=erased):
            # A row that came later has a number again that a restore made free: it must stay.
            if getattr(row, since) <= erased[row.pk]:
                count += erase(row, erased[row.pk])
    return count


def read() -> dict[str, dict[int, datetime]]:
    """Return what was erased, by kind. A line that cannot be read is logged and left out."""
    found: dict[str, dict[int, datetime]] = {}
    if settings.ERASURE_LOG.exists():
        for line in settings.ERASURE_LOG.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = json.loads(line)
                at = datetime.fromisoformat(row["at"])
                found.setdefault(row["kind"], {})[int(row["id"])] = at
            except (ValueError, KeyError, TypeError):
                logger.warning("A line of %s cannot be read.", settings.ERASURE_LOG)
    return found
