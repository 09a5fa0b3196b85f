"""One gunicorn a contender, on 127.0.0.1, with the settings of production behind a proxy."""

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sscnet.dev import Problem, processes
from sscnet.dev.ports import answers, check_free

HOST = "127.0.0.1"
WORKERS = 2
# The contenders, each with its place among the ports and its settings.
CONTENDERS = {
    "limit": (0, "benchmarks.settings"),
    "naive": (1, "benchmarks.settings"),
    "portal": (2, "sscnet.settings"),
}


# Without somebody who reports there is no file of IATI to time.
PUBLISHER = {
    "IATI_REGISTRATION_AGENCY": "XI-ROR",
    "IATI_REPORTING_ORG_REF": "XI-ROR-example",
    "IATI_REPORTING_ORG_NAME": "Example organisation",
    "IATI_REPORTING_ORG_TYPE": "10",
}


def environment(static_root: str) -> dict[str, str]:
    """Production behind a proxy that speaks HTTPS, as `HEADERS` says it does."""
    inherited = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    settings = {"BEHIND_PROXY": "true", "STATIC_ROOT": static_root, "LOG_LEVEL": "WARNING"}
    return inherited | settings | PUBLISHER


def headers() -> dict[str, str]:
    """What a proxy sends along with each request."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    return {"Host": host, "X-Forwarded-Proto": "https", "Connection": "close"}


@dataclass(frozen=True)
class Server:
    name: str
    port: int
    process: object

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def memory(self) -> int:
        """Give the bytes of its largest worker."""
        return max(resident(pid) for pid in self.workers())


def resident(pid: int | str) -> int:
    """Give the bytes of memory a process has, as Linux counts them."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@contextlib.contextmanager
def running(first_port: int, env: dict[str, str]):
    """Start a server a contender; stop all of them whatever happens."""
    servers = {}
    try:
        for name, (place, settings) in CONTENDERS.items():
            port = first_port + place
            check_free(port)
            process = processes.start(command(port), env | {"DJANGO_SETTINGS_MODULE": settings})
            servers[name] = Server(name, port, process)
        for server in servers.values():
            if not processes.wait_until(lambda s=server: answers(s.port), seconds=30):
                raise Problem(f"The server on port {server.port} did not start.")
        yield servers
    finally:
        processes.stop([server.process for server in servers.values()])


def command(port: int) -> list[str]:
    options = f"--bind {HOST}:{port} --workers {WORKERS} --worker-class sync --log-level warning"
    return [sys.executable, "-m", "gunicorn", "sscnet.wsgi", *options.split(), "--timeout", "120"]
