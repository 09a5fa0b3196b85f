"""Visitors who ask all the time, and note how each request went."""

import contextlib
import http.client
import threading
from collections import Counter
from collections.abc import Callable
from itertools import count

from benchmarks.servers import HOST, headers
from benchmarks.threads import WhileInside
from sscnet.dev import DevError, processes

CUT = "cut"


def ask(port: int, path: str, method: str = "GET") -> tuple[int | str, str]:
    """Return status and body; a request that was not answered whole is `CUT`."""
    link = http.client.HTTPConnection(HOST, port, timeout=30)
    with contextlib.closing(link):
        try:
            link.request(method, path, headers=headers() | {"Content-Length": "0"})
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return CUT, ""


class Visitors(WhileInside):
    """So many ask one after the other: `path` is given the number of the request."""

    def __init__(self, port: int, path: Callable[[int], str], *, at_a_time=8, method="GET"):
        self.port, self.path, self.method = port, path, method
        self.numbers, self.lock = count(), threading.Lock()
        self.statuses: Counter[int | str] = Counter()
        self.threads = [threading.Thread(target=self.work) for _ in range(at_a_time)]

    def work(self) -> None:
        while not self.is_over:
            with self.lock:
                n = next(self.numbers)
            status, _body = ask(self.port, self.path(n), self.method)
            with self.lock:
                self.statuses[status] += 1

    def wait_for(self, number: int) -> None:
        if not processes.wait_until(lambda: self.total >= number, seconds=300):
            raise DevError(f"Only {self.total} were answered.")

    @property
    def total(self) -> int:
        return self.statuses.total()

    @property
    def failed(self) -> int:
        return self.total - self.statuses[200]
