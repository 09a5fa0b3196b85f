"""The gunicorns on 127.0.0.1, with the settings of production behind a proxy."""

import contextlib
import os
import sys
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path

from sscnet.dev import CHECKOUT, DevError, processes
from sscnet.dev.checks import PRODUCTION
from sscnet.dev.ports import answers, check_free

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Program:
    """What a server runs: an application of a checkout, with that checkout's Python."""

    name: str
    application: str = "sscnet.wsgi"
    settings: str = "sscnet.settings"
    options: str = "--workers 2 --worker-class sync --timeout 120"
    checkout: Path = CHECKOUT
    python: str = sys.executable

    def command(self, port: int) -> list[str]:
        options = f"{self.options} --bind {HOST}:{port} --chdir {self.checkout}"
        program = [self.python, "-m", "gunicorn", self.application, *options.split()]
        return [*program, "--no-control-socket", "--log-level=critical"]


PORTAL = Program("portal")
UNKEPT = Program("unkept", "benchmarks.unkept")
COMPARED = Program("compared", settings="benchmarks.settings")
RunningServer = namedtuple("RunningServer", "port process")


def set_environment(static_root: str, settings: str = PORTAL.settings, **others: str) -> None:
    """Production behind a proxy that speaks HTTPS, for this process and for all that it starts."""
    os.environ.pop("DEBUG", None)
    os.environ.update(PRODUCTION | {"BEHIND_PROXY": "true", "LOG_LEVEL": "WARNING"} | others)
    os.environ.update({"STATIC_ROOT": static_root, "DJANGO_SETTINGS_MODULE": settings})


def headers() -> dict[str, str]:
    """What a proxy sends along with each request."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    return {"Host": host, "X-Forwarded-Proto": "https", "Connection": "close"}


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def running(programs: list[tuple[Program, dict[str, str]]], first_port: int):
    """Start a server a program, each in its environment; stop them whatever happens."""
    servers = {}
    try:
        for port, (program, env) in enumerate(programs, first_port):
            check_free(port)
            env = os.environ | env | {"DJANGO_SETTINGS_MODULE": program.settings}
            process = processes.start(program.command(port), env)
            servers[program.name] = RunningServer(port, process)
        for port in (server.port for server in servers.values()):
            wait_for_answer(port)
        yield servers
    finally:
        processes.stop([server.process for server in servers.values()])


def wait_for_answer(port: int) -> None:
    if not processes.wait_until(lambda: answers(port), seconds=180):
        raise DevError(f"Nothing answers on port {port}.")
