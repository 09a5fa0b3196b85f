"""The gunicorns on 127.0.0.1, with the settings of production behind a proxy."""

import contextlib
import http.client
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sscnet.dev import CHECKOUT, DevError, processes
from sscnet.dev.ports import answers, check_free

HOST = "127.0.0.1"
WORKERS = 2

# Without somebody who reports there is no file of IATI to time.
PUBLISHER = {
    "IATI_REGISTRATION_AGENCY": "XI-ROR",
    "IATI_REPORTING_ORG_REF": "XI-ROR-example",
    "IATI_REPORTING_ORG_NAME": "Example organisation",
    "IATI_REPORTING_ORG_TYPE": "10",
}


@dataclass(frozen=True)
class Program:
    """What a server runs: an application of a checkout, with that checkout's Python."""

    name: str
    application: str = "sscnet.wsgi"
    settings: str = "sscnet.settings"
    checkout: Path = CHECKOUT
    python: str = sys.executable

    def command(self, port: int) -> list[str]:
        options = f"--bind {HOST}:{port} --workers {WORKERS} --worker-class sync --timeout 120"
        program = [self.python, "-m", "gunicorn", self.application, *options.split()]
        return [*program, "--no-control-socket", "--log-level=warning", f"--chdir={self.checkout}"]


PORTAL = Program("portal")
UNKEPT = Program("unkept", "benchmarks.unkept")
COMPARED = Program("compared", settings="benchmarks.settings")


def environment(static_root: str) -> dict[str, str]:
    """Production behind a proxy that speaks HTTPS, as `headers` says it does."""
    inherited = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    settings = {"BEHIND_PROXY": "true", "STATIC_ROOT": static_root, "LOG_LEVEL": "WARNING"}
    return inherited | settings | PUBLISHER


def headers() -> dict[str, str]:
    """What a proxy sends along with each request."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    return {"Host": host, "X-Forwarded-Proto": "https", "Connection": "close"}


@dataclass(frozen=True)
class PortalServer:
    port: int
    process: object

    def get(self, path: str, **extra: str) -> http.client.HTTPResponse:
        link = http.client.HTTPConnection(HOST, self.port, timeout=120)
        link.request("GET", path, headers=headers() | extra)
        return link.getresponse()

    def workers(self) -> list[int]:
        return children(self.process.pid)

    def memory(self) -> int:
        """Return the bytes of its largest worker."""
        return max(resident(pid) for pid in self.workers())


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pid: int | str) -> int:
    """Return the bytes of memory a process has, as Linux counts them."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@contextlib.contextmanager
def running(programs: list[tuple[Program, dict[str, str]]], first_port: int):
    """Start a server a program, each in its environment; stop all of them whatever happens."""
    servers = {}
    try:
        for port, (program, env) in enumerate(programs, first_port):
            check_free(port)
            env = env | {"DJANGO_SETTINGS_MODULE": program.settings}
            servers[program.name] = PortalServer(port, processes.start(program.command(port), env))
        for server in servers.values():
            if not processes.wait_until(lambda s=server: answers(s.port), seconds=30):
                raise DevError(f"The server on port {server.port} did not start.")
        yield servers
    finally:
        processes.stop([server.process for server in servers.values()])
