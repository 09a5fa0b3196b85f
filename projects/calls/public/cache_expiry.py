"""When pages that show calls change by the clock alone: a call opens and closes at a moment."""

from bisect import bisect
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from sscnet.core.database.stamps import CALLS

from ..models import Call


def state(looked: dict[str, str]) -> str:
    """Return how many of the calls' moments are past."""
    return str(bisect(moments_of(looked[CALLS]), timezone.now()))


@lru_cache(maxsize=2)
def moments_of(_stamp: str) -> list[datetime]:
    """Return the moments at which something changes, read once for each state of the records."""
    rows = Call.objects.published().order_by().values_list("opens_at", "closes_at")
    return sorted(moment for row in rows for moment in row if moment)
