"""A portal with settings of production to do harm to: PostgreSQL, gunicorn, nginx, small disks."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks import stage
from benchmarks.load import ask
from benchmarks.servers import Program, wait_for_answer
from sscnet.dev import DevError, postgres, processes

PROGRAM = Program("faults", options="--workers 2 --threads 4")
INSTITUTIONS = 1000
PAGE = "/projects/"
SILENT = subprocess.DEVNULL


class Site:
    """What runs is started again when it dies, as systemd does with the units of the portal."""

    def __init__(self, folder: Path, port: int, server: postgres.Server):
        self.folder, self.port, self.server = folder, port, server
        self.running: dict[str, subprocess.Popen] = {}
        self.environment: dict[str, str] = {}
        # As where it is installed: Python's modules are compiled, and counts lie in a folder.
        self.installed = {
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(server.home / "compiled"),
            "RUNTIME_DIRECTORY": str(folder),
        }

    def start_gunicorn(self, **environment: str):
        self.environment |= environment
        self.start("gunicorn", PROGRAM.command(self.port))
        wait_for_answer(self.port)
        for _ in range(4):
            # The first request of a worker loads what it needs.
            ask(self.port, PAGE)

    def start(self, name: str, command: list[str]) -> subprocess.Popen:
        self.running[name] = subprocess.Popen(
            command,
            env=os.environ | self.installed | self.environment,
            preexec_fn=processes.end_with_parent,
            stdout=SILENT,
            stderr=(self.server.home / f"{name}.log").open("ab"),
        )
        return self.running[name]

    def stop(self):
        processes.stop([self.running.pop(name) for name in list(self.running)])
        self.environment = {}

    def start_database(self):
        """Start it again; whoever started it first stops it."""
        self.server.start()
        reconnect()

    @staticmethod
    def make_meeting():
        from meetings.models import Meeting

        meeting = Meeting.objects.create(title="Faults", capacity=stage.CAPACITY, is_sample=True)
        meeting.workshops.create(title="Workshop", capacity=stage.WORKSHOPS[0])
        return meeting

    @staticmethod
    def empty_outbox():
        """Delete what earlier faults left: mails, and nudges to send them."""
        from django_tasks_db.models import DBTaskResult

        from sscnet.outbox.models import Message

        Message.objects.all().delete()
        DBTaskResult.objects.all().delete()

    @staticmethod
    def institutions() -> list[int]:
        from members.models import Institution

        return list(Institution.objects.order_by("pk").values_list("pk", flat=True))


@contextlib.contextmanager
def site(port: int):
    """Give a portal on a PostgreSQL that is kept: to make one takes minutes."""
    postgres.make_folder(postgres.base_folder())
    postgres.forget_libpq_variables()
    settings = {"max_wal_size": "64MB"}
    database = postgres.Server(postgres.base_folder() / "faults", settings)
    with tempfile.TemporaryDirectory(prefix="faults-") as name, database.in_use() as server:
        server.create_database("faults")
        folder = Path(name)
        folder.chmod(0o755)
        stage.prepare(str(server.home / "static"), threads=4, DATABASE_URL=server.url("faults"))
        if not Site.institutions():
            stage.make_meeting(INSTITUTIONS)
        made = Site(folder, port, server)
        try:
            yield made
        finally:
            made.stop()
            reconnect()


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int):
    """Mount a disk in memory of this size, which takes root."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "tmpfs", str(folder)]
    if subprocess.run(mount, stderr=SILENT).returncode:
        raise DevError("A small disk cannot be mounted: run this as root.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, name: str = "ballast") -> Path:
    """Take all the room of a disk."""
    ballast = folder / name
    with ballast.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    # The rest of a page that was begun.
    with ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"0")
    return ballast


def reconnect():
    """Let go of connections to a database that was killed."""
    from django.db import connection

    connection.close()
    connection.close_pool()


def copy_for_server(source: Path, target: Path):
    """Copy a folder of the database, for its user."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    for path in [target, *target.rglob("*")]:
        postgres.give_to_server(path)
    target.chmod(0o700)
