"""A portal with settings of production to do harm to: PostgreSQL, gunicorn, nginx, small disks."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.faults.load import PAGE, get
from benchmarks.faults.without import settings_of_database
from benchmarks.places import stage
from benchmarks.servers import HOST, environment
from sscnet.dev import DevError, postgres, processes
from sscnet.dev.checks import PRODUCTION
from sscnet.dev.ports import answers

WORKERS, THREADS = 2, 4
INSTITUTIONS = 1000
SILENT = subprocess.DEVNULL
NGINX = Path(__file__).parent / "nginx.conf"


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

    # -------------------------------------------------------- what runs

    def start_gunicorn(self, **environment: str):
        self.environment |= environment
        options = f"--bind {HOST}:{self.port} --workers {WORKERS} --threads {THREADS}"
        command = [sys.executable, "-m", "gunicorn", "sscnet.wsgi", *options.split()]
        self.start("gunicorn", [*command, "--log-level=critical"])
        if not processes.wait_until(lambda: answers(self.port), seconds=30):
            raise DevError(f"gunicorn did not start: see {self.server.home}/gunicorn.log")
        for _ in range(2 * WORKERS):
            # The first request of a worker loads what it needs.
            get(self.port, PAGE)

    def start_nginx(self) -> int:
        """Return its port."""
        static = os.environ["STATIC_ROOT"]
        text = NGINX.read_text().replace("STATIC", static).replace("FOLDER", str(self.folder))
        text = text.replace("LISTEN", f"{HOST}:{self.port + 1}")
        file = self.folder / "nginx.conf"
        file.write_text(text.replace("GUNICORN", f"{HOST}:{self.port}"))
        self.start("nginx", ["/usr/sbin/nginx", "-c", str(file), "-p", str(self.folder)])
        return self.port + 1

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

    # -------------------------------------------------------- what they use

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


def database() -> postgres.Server:
    """Return a PostgreSQL that is kept: to make one takes minutes."""
    postgres.make_folder(postgres.base_folder())
    postgres.forget_libpq_variables()
    settings = {"max_wal_size": "64MB", **settings_of_database()}
    return postgres.Server(postgres.base_folder() / "faults", settings)


def prepare(server: postgres.Server):
    """Set up Django; make tables, files and institutions unless they are there."""
    static = server.home / "static"
    os.environ.pop("DEBUG", None)
    os.environ.update(PRODUCTION | environment(str(static)))
    os.environ["DATABASE_URL"] = server.url("faults")
    os.environ["DATABASE_POOL_SIZE"] = str(THREADS)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.faults.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or not static.exists():
        call_command("migrate", verbosity=0)
        call_command("collectstatic", "--noinput", verbosity=0)
    if not Site.institutions():
        stage.make_meeting(INSTITUTIONS)


@contextlib.contextmanager
def site(port: int):
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as name,
        database().in_use() as server,
    ):
        server.create_database("faults")
        folder = Path(name)
        folder.chmod(0o755)
        prepare(server)
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


def move(source: Path, target: Path):
    """Move a folder of the database to another disk, and leave a link."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    for path in [target, *target.rglob("*")]:
        postgres.give_to_server(path)
    target.chmod(0o700)
    source.rename(source.with_name("before"))
    source.symlink_to(target)
