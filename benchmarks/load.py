"""Asking: one request, some clients that ask until a block ends, and the load generator.

The generator is a process of its own, so that asking and answering do not share a Python: some
threads on bare sockets that ask for one path after the other, and note how long.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import NamedTuple

from benchmarks.servers import HOST, headers
from sscnet.dev import DevError, processes

# Longer than a request may wait for the database.
TIMEOUT = 20
# The status where nobody answers, or not whole.
CUT = 0


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes = b"",
    extra: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Return the status, and what was answered with its headers."""
    lines = headers() | {"Content-Length": str(len(body))} | (extra or {})
    try:
        answer = exchange(port, request_of(path, lines, method) + body, TIMEOUT)
    except OSError:
        return CUT, ""
    return (int(answer[9:12]), answer.decode()) if answer else (CUT, "")


def request_of(path: str, lines: dict[str, str], method: str = "GET") -> bytes:
    sent = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{sent}\r\n".encode()


def exchange(port: int, request: bytes, timeout: float | None = None, source="") -> bytes:
    """Send a request, and read until the server closes the connection."""
    with socket.create_connection((HOST, port), timeout, (source, 0)) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(1 << 17):
            parts.append(part)
    return b"".join(parts)


def body_of(answer: str) -> str:
    return answer.partition("\r\n\r\n")[2]


class WhileInside:
    """Starts its `threads` at the block's beginning; at its end `is_over` is set, and they end."""

    is_over = False

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over = True
        for thread in self.threads:
            thread.join()


class Seen(NamedTuple):
    asked_at: float
    status: int
    seconds: float
    answer: str


class Visitors(WhileInside):
    """So many ask one after the other, and note what they saw; `path` is given a number."""

    def __init__(
        self, port: int, path: Callable[[int], str], *, at_a_time=8, method="GET", pause=0.0
    ):
        self.port, self.path, self.method, self.pause = port, path, method, pause
        self.numbers, self.seen = count(), []
        self.threads = [threading.Thread(target=self.work) for _ in range(at_a_time)]

    def work(self) -> None:
        while not self.is_over:
            asked_at = time.monotonic()
            status, answer = ask(self.port, self.path(next(self.numbers)), self.method)
            self.seen.append(Seen(asked_at, status, time.monotonic() - asked_at, answer))
            time.sleep(self.pause)

    def wait_for(self, number: int) -> None:
        if not processes.wait_until(lambda: self.total >= number, seconds=300):
            raise DevError(f"Only {self.total} were answered.")

    @property
    def statuses(self) -> Counter[int]:
        return Counter(one.status for one in self.seen)

    @property
    def total(self) -> int:
        return len(self.seen)

    @property
    def failed(self) -> int:
        return self.total - self.statuses[200]


@dataclass
class Turn:
    """One turn: for so many seconds, and at least so many requests, or each path once."""

    port: int
    paths: list[str]
    headers: dict[str, str]
    seconds: float = 0
    at_least: int = 4
    concurrency: int = 4
    once: bool = False
    # Posts nothing to each path, and keeps what was answered.
    posts: bool = False
    # Seconds before each request, and the addresses from which the askers ask.
    pause: float = 0
    sources: list[str] = field(default_factory=lambda: [""])
    # As if on another machine: it asks only when no other process wants to run.
    is_elsewhere: bool = False


@dataclass
class Answers:
    seconds: float
    latencies: list[float]
    statuses: dict[str, int]
    # By path: status and body; of posts only.
    bodies: dict[str, list[str]]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


def take(turn: Turn) -> Answers:
    """Run a turn in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(turn)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Answers(**json.loads(done.stdout))


class Load:
    def __init__(self, turn: Turn):
        self.turn = turn
        lines = turn.headers | ({"Content-Length": "0"} if turn.posts else {})
        method = "POST" if turn.posts else "GET"
        requests = [(path, request_of(path, lines, method)) for path in turn.paths]
        self.requests = iter(requests) if turn.once else cycle(requests)
        self.sources = cycle(turn.sources)
        self.lock = threading.Lock()
        self.answers = Answers(0, [], {}, {})

    def run(self) -> Answers:
        self.started = time.perf_counter()
        threads = [threading.Thread(target=self.work) for _ in range(self.turn.concurrency)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.answers.seconds = time.perf_counter() - self.started
        return self.answers

    def work(self) -> None:
        while following := self.next_request():
            path, request, source = following
            time.sleep(self.turn.pause)
            began = time.perf_counter()
            answer = exchange(self.turn.port, request, source=source)
            took = time.perf_counter() - began
            status = answer[9:12].decode()
            with self.lock:
                self.answers.latencies.append(took)
                self.answers.statuses[status] = self.answers.statuses.get(status, 0) + 1
                if self.turn.posts:
                    self.answers.bodies[path] = [status, body_of(answer.decode())]

    def next_request(self) -> tuple[str, bytes, str] | None:
        with self.lock:
            is_late = time.perf_counter() - self.started > self.turn.seconds
            is_enough = len(self.answers.latencies) >= self.turn.at_least
            if is_late and is_enough and not self.turn.once:
                return None
            following = next(self.requests, None)
            return following and (*following, next(self.sources))


def step_back() -> None:
    """Give way to all processes, also to those of other sessions (sched(7), autogroup)."""
    os.setsid()
    if (group := Path("/proc/self/autogroup")).exists():
        group.write_text("19")
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


if __name__ == "__main__":
    turn = Turn(**json.load(sys.stdin))
    if turn.is_elsewhere:
        step_back()
    json.dump(asdict(Load(turn).run()), sys.stdout)
