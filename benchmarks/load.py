"""The load generator: some threads that ask for pages one after the other, and note how long.

A process of its own, so that asking and answering do not share a Python. Standard library only, on
bare sockets: it takes a tenth of a millisecond a request, the same for every contender.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from itertools import cycle


@dataclass
class Turn:
    """One turn: for so many seconds, and at least so many requests, or each path once."""

    port: int
    paths: list[str]
    headers: dict[str, str]
    seconds: float
    at_least: int = 4
    concurrency: int = 4
    once: bool = False


@dataclass
class Answers:
    seconds: float
    latencies: list[float]
    statuses: dict[str, int]

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


def ask(port: int, request: bytes) -> bytes:
    """Send a request, and read until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(1 << 17):
            parts.append(part)
    return b"".join(parts)


class Load:
    def __init__(self, turn: Turn):
        self.turn = turn
        lines = "".join(f"{name}: {value}\r\n" for name, value in turn.headers.items())
        requests = [f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode() for path in turn.paths]
        self.requests = iter(requests) if turn.once else cycle(requests)
        self.lock = threading.Lock()
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}

    def run(self) -> Answers:
        self.started = time.perf_counter()
        threads = [threading.Thread(target=self.work) for _ in range(self.turn.concurrency)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - self.started
        return Answers(seconds, self.latencies, self.statuses)

    def work(self) -> None:
        while request := self.next_request():
            began = time.perf_counter()
            answer = ask(self.turn.port, request)
            took = time.perf_counter() - began
            status = answer[9:12].decode()
            with self.lock:
                self.latencies.append(took)
                self.statuses[status] = self.statuses.get(status, 0) + 1

    def next_request(self) -> bytes | None:
        with self.lock:
            is_late = time.perf_counter() - self.started > self.turn.seconds
            if is_late and not self.turn.once and len(self.latencies) >= self.turn.at_least:
                return None
            return next(self.requests, None)


if __name__ == "__main__":
    json.dump(asdict(Load(Turn(**json.load(sys.stdin))).run()), sys.stdout)
