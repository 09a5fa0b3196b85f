"""What visitors asked for: counted a day and kind, and put together by month.

Each process adds up and writes at most once a minute, and with it forgets who asked. Nothing of a
person is kept, and no cookie is set; who is signed in is not counted.
"""

import time
from collections import Counter
from threading import Lock

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

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
    """Count what is answered on a server; a robot reads too fast, or not as browsers do."""

    def __init__(self, get_response):
        if not settings.COUNTS_SEEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.lock, self.written_at = Lock(), time.monotonic()
        self.counts, self.asked = Counter(), Counter()

    def __call__(self, request):
        response = self.get_response(request)
        if kind := kind_of(request, response):
            taken = Counter()
            with self.lock:
                self.asked[address := address_of(request)] += 1
                is_slow = self.asked[address] <= MOST_READ
                is_read = is_slow and (kind == Kind.FEED or "Sec-Fetch-Dest" in request.headers)
                self.counts[timezone.localdate(), kind, not is_read] += 1
                if time.monotonic() - self.written_at >= SECONDS:
                    self.written_at = time.monotonic()
                    taken, self.counts, self.asked = self.counts, Counter(), Counter()
            write(taken)
        return response


def kind_of(request, response) -> str:
    path, content = request.path_info, response.get("Content-Type", "text/html")
    inside = any(part in path for part in settings.ADDRESSES_OF_SIGNED_IN)
    is_secret = settings.SESSION_COOKIE_NAME in request.COOKIES or shown_path(path) != path
    if response.status_code not in (200, 304) or request.method != "GET" or inside or is_secret:
        return ""
    if "/feed/" in path or path.endswith(".ics"):
        return Kind.FEED
    if "attachment" in response.get("Content-Disposition", ""):
        return Kind.FILE
    page = Kind.UNANSWERED if hasattr(request, "is_unanswered") else Kind.PAGE
    return page if content.startswith("text/html") else ""


def write(counts: Counter) -> None:
    for (day, kind, by_robots), count in counts.items():
        row = {"day": day, "kind": kind, "by_robots": by_robots}
        defaults = {"count": F("count") + count}
        try:
            DailyCount.objects.update_or_create(defaults, create_defaults={"count": count}, **row)
        except DatabaseError:
            # Counts of a minute are not worth an error.
            return


def seen_by_month(year: int | None = None) -> dict:
    """Return what was asked for in each month, of one year or of all."""
    rows = DailyCount.objects.filter(**({"day__year": year} if year else {}))
    kinds = {kind: Q(kind=kind, by_robots=False) for kind in Kind} | {"robots": Q(by_robots=True)}
    sums = {name: Sum("count", filter=those, default=0) for name, those in kinds.items()}
    months = rows.annotate(month=TruncMonth("day")).values("month").order_by("-month")
    lines = [
        Figure(date_format(one["month"], "YEAR_MONTH_FORMAT"), [Number(one[name]) for name in sums])
        for one in months.annotate(**sums)
    ]
    columns = [*map(str, Kind.labels), gettext("Robots, all of it")]
    return {
        "note": gettext(
            "Requests of visitors who are not signed in. Who opens more than 30 pages in a minute,"
            " or not as a browser does, counts as a robot. Nothing is kept of a person."
        ),
        "table": FigureTable("month", gettext("Month"), columns, lines),
    }
