"""Who uses the portal meanwhile: clients that register, and watchers that look at it."""

import contextlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from math import inf

from benchmarks.places.rush import post
from benchmarks.servers import HOST, headers
from benchmarks.threads import WhileInside
from sscnet.dev import DevError, processes

CLIENTS = 8
# Longer than a request may wait for the database.
TIMEOUT = 20
PAGE, API, ALIVE, READY = "/projects/", "/api/v1/projects?page_size=1", "/healthz", "/readyz"
PAUSE = 0.3


class Clients(WhileInside):
    """Register one institution after the other until told to stop; note what was acknowledged.

    Each client has a meeting of its own: those of one meeting wait for each other.
    """

    def __init__(self, port: int, meetings: list[int], institutions: list[int]):
        self.port, self.institutions = port, institutions
        self.acknowledged: dict[tuple[int, int], dict] = {}
        # Of each that was acknowledged: when it was sent, and when it was answered.
        self.moments: list[tuple[float, float]] = []
        self.statuses = Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=[one]) for one in meetings]

    def work(self, meeting):
        for institution in self.institutions:
            self.register(meeting, institution)

    def register(self, meeting, institution):
        """Ask until it is acknowledged, as a person would who is told to send it again."""
        while not self.is_over:
            asked_at = time.monotonic()
            with contextlib.suppress(OSError, ValueError):
                path = f"/faults/register/{meeting}/{institution}/"
                status, body = post(self.port, path, headers(), TIMEOUT)
                self.statuses[status] += 1
                if status == 200:
                    answer = json.loads(body)
                    with self.lock:
                        # Sent again after a cut answer, it says nothing new: it was a repeat.
                        self.acknowledged[meeting, institution] = answer
                        self.moments.append((asked_at, time.monotonic()))
                    return
            time.sleep(0.05)

    def seconds_until_served(self, since: float) -> float:
        """Wait until a request that was sent after this moment is acknowledged, if ever."""
        processes.wait_until(lambda: self.answers_since(since), seconds=30)
        return min(self.answers_since(since), default=inf) - since

    def answers_since(self, since: float) -> list[float]:
        with self.lock:
            return [answered for asked, answered in self.moments if asked > since]

    def wait_for(self, number: int) -> None:
        if not processes.wait_until(lambda: len(self.acknowledged) >= number, seconds=300):
            raise DevError(f"Only {len(self.acknowledged)} were acknowledged.")


def lost(meetings, clients: Clients) -> list[str]:
    """Return what was acknowledged and is not there, with each place as told; read from the log."""
    from meetings.models import Delegation, PlaceEvent

    rows = Delegation.objects.filter(meeting__in=meetings)
    stored = {(row.meeting_id, row.institution_id): row.reference for row in rows}
    asked = PlaceEvent.objects.filter(kind="asked", meeting__in=meetings).order_by("-pk")
    # Of each the first, which is read last.
    logged = {(row.delegate_id, row.workshop_id): row.place for row in asked}

    def is_there(wanted, answer) -> bool:
        return stored.get(wanted) == answer["reference"] and all(
            logged.get((delegate, workshop)) == place
            for delegate, workshop, place in answer["places"]
        )

    told = clients.acknowledged.items()
    return [answer["reference"] for wanted, answer in told if not is_there(wanted, answer)]


@dataclass
class Watcher:
    """Ask for one page again and again; note how it was answered and how long that took."""

    port: int
    path: str
    seen: list[tuple[float, int, float, str]] = field(default_factory=list)
    is_over: bool = False

    def __enter__(self):
        self.thread = threading.Thread(target=self.work)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.is_over = True
        self.thread.join()

    def work(self):
        while not self.is_over:
            began = time.monotonic()
            status, body = get(self.port, self.path)
            self.seen.append((began, status, time.monotonic() - began, body))
            time.sleep(PAUSE)

    def statuses(self) -> Counter:
        return Counter(status for _began, status, *_rest in self.seen)

    def is_back(self, since: float = 0) -> bool:
        """Return whether the last answer, to a question asked after this moment, was the page."""
        began, status, *_rest = self.seen[-1] if self.seen else (0, 0)
        return began > since and status == 200

    def slowest(self) -> float:
        return max(seconds for _began, _status, seconds, _body in self.seen)

    def texts(self, status: int) -> set[str]:
        return {body for _began, found, _seconds, body in self.seen if found == status}


def get(port: int, path: str) -> tuple[int, str]:
    """Return status and body; the status is 0 where nobody answers."""
    link = HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        link.request("GET", path, headers=headers())
        response = link.getresponse()
        retry = response.headers.get("Retry-After", "")
        return response.status, f"{retry} {response.read().decode()}"
    except (OSError, HTTPException):
        return 0, ""
    finally:
        link.close()
