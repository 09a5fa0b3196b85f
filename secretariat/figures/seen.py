"""What visitors asked for: counted a day and kind, and put together by month.

Each process adds up and writes at most once a minute, and with it forgets who asked. Nothing of a
person is kept, and no cookie is set; who is signed in is not counted.
"""

import contextlib
import time
from collections import Counter
from datetime import date, timedelta
from threading import Lock

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from sscnet.core.database.sql import execute
from sscnet.core.personal_data.secret_addresses import shown_path
from sscnet.core.personal_data.security_log import address_of
from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureTable

from ..models import DailyCount

SECONDS = 60
# Nobody reads more pages in a minute: who asks for more is a robot, whatever it calls itself.
MOST_READ = 30
Kind = DailyCount.Kind


class CountSeen:
    """Count what is answered, unless a test or a development machine asks."""

    def __init__(self, get_response):
        if not settings.COUNTS_SEEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.lock, self.written_at = Lock(), time.monotonic()
        self.counts, self.asked = Counter(), Counter()

    def __call__(self, request):
        response = self.get_response(request)
        if kinds := kinds_of(request, response):
            with self.lock:
                self.add(request, kinds)
                counts = self.taken()
            # Counts of a minute are not worth an error.
            with contextlib.suppress(DatabaseError):
                write(counts)
        return response

    def add(self, request, kinds: list[str]) -> None:
        """Count a request: a robot reads too fast, or does not open pages as browsers do."""
        address = address_of(request)
        self.asked[address] += 1
        is_fast = self.asked[address] > MOST_READ
        for kind in kinds:
            is_robot = is_fast or (kind != Kind.FEED and "Sec-Fetch-Dest" not in request.headers)
            self.counts[timezone.localdate(), kind, is_robot] += 1

    def taken(self) -> Counter:
        """Give what is to be written, once a minute."""
        if time.monotonic() - self.written_at < SECONDS:
            return Counter()
        counts, self.counts, self.asked = self.counts, Counter(), Counter()
        self.written_at = time.monotonic()
        return counts


def kinds_of(request, response) -> list[str]:
    if request.method != "GET" or response.status_code not in (200, 304):
        return []
    match, path = request.resolver_match, request.path_info
    if not match or settings.SESSION_COOKIE_NAME in request.COOKIES or shown_path(path) != path:
        return []
    if any(part in path for part in settings.ADDRESSES_OF_SIGNED_IN):
        return []
    if "feed" in path.split("/") or path.endswith(".ics"):
        return [Kind.FEED]
    if "attachment" in response.get("Content-Disposition", ""):
        return [Kind.FILE]
    if not response.get("Content-Type", "text/html").startswith("text/html"):
        return []
    return [Kind.PAGE, *([Kind.UNANSWERED] if hasattr(request, "is_unanswered") else [])]


def write(counts: Counter) -> None:
    for (day, kind, by_robots), count in counts.items():
        values = {"day": day, "kind": kind, "by_robots": by_robots, "count": count}
        execute(DailyCount.ADD, values)


def seen_by_month(year: int | None = None) -> dict:
    """Return what was asked for in each month of a year, or of the last twelve months."""
    since = timezone.localdate().replace(day=1) - timedelta(days=365)
    rows = DailyCount.objects.filter(**({"day__year": year} if year else {"day__gte": since}))
    columns = {kind: Q(kind=kind, by_robots=False) for kind in Kind} | {"robots": Q(by_robots=True)}
    sums = {name: Sum("count", filter=those, default=0) for name, those in columns.items()}
    months = rows.annotate(month=TruncMonth("day")).values("month").order_by("-month")
    labels = [*map(str, Kind.labels), gettext("Robots, all of it")]

    def numbers(found: dict) -> list[Number]:
        return [Number(found[name]) for name in sums]

    table = FigureTable(
        "month",
        gettext("Month"),
        labels,
        [Figure(month_in_words(one["month"]), numbers(one)) for one in months.annotate(**sums)],
    )
    totals = numbers(rows.aggregate(**sums))
    return {
        "note": gettext(
            "Requests of visitors who are not signed in. Who opens more than 30 pages in a minute,"
            " or not as a browser does, counts as a robot. Nothing is kept of a person."
        ),
        "figures": [Figure(label, [one]) for label, one in zip(labels, totals, strict=True)],
        "table": table,
    }


def month_in_words(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")
