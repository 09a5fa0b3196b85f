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
from django.utils import timezone

logger = logging.getLogger(__name__)

# A row that came later has a number again that a restore made free: it must stay.
type Erased = dict[int, datetime]

_repeats: dict[str, Callable[[Erased], int]] = {}


def note(kind: str, number: int) -> None:
    """Note what this transaction erases, once it is certain. A failure is logged, not raised."""
    line = {"kind": kind, "id": number, "at": timezone.now().isoformat()}
    transaction.on_commit(partial(append, json.dumps(line)), robust=True)


def append(line: str) -> None:
    settings.ERASURE_LOG.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURE_LOG.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def repeats(kind: str):
    """Return a decorator: the function erases again those of this kind that are still there.

    It gets their numbers with the moment of erasing, and returns how many it erased.
    """

    def register(function: Callable[[Erased], int]) -> Callable[[Erased], int]:
        _repeats[kind] = function
        return function

    return register


def erase_again() -> int:
    noted = read()
    return sum(erase(noted[kind]) for kind, erase in _repeats.items() if kind in noted)


def read() -> dict[str, Erased]:
    """Return what was erased, by kind. A line that cannot be read is logged and left out."""
    found: dict[str, Erased] = {}
    if settings.ERASURE_LOG.exists():
        for line in settings.ERASURE_LOG.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = json.loads(line)
                at = datetime.fromisoformat(row["at"])
                found.setdefault(row["kind"], {})[int(row["id"])] = at
            except (ValueError, KeyError, TypeError):
                logger.warning("A line of %s cannot be read.", settings.ERASURE_LOG)
    return found
