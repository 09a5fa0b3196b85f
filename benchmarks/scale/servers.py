"""The servers of several machines on this one: databases, web nodes, nginx, Valkey."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.places import stage
from benchmarks.servers import HOST
from sscnet.dev import DevError, postgres, processes
from sscnet.dev.ports import answers

from .visitors import ask as ask_node

DATABASE = "places"
GROUPS = Path("/sys/fs/cgroup")
# Microseconds: short, so that a node that has used up its share does not pause for long.
PERIOD = 20_000
NGINX = """
worker_processes 1; daemon off; {user}
error_log {home}/error.log; pid {home}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
  proxy_http_version 1.1; proxy_buffers 16 16k; proxy_buffer_size 16k;
  {upstreams}
}}
"""
# Asked again at another node: what a node that died left open, unless it may have written.
UPSTREAM = """
  upstream portal{port} {{ {nodes} }}
  server {{
    listen {host}:{port};
    location / {{
      proxy_pass http://portal{port};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 1s;
      {options}
    }}
  }}
"""
IS_ASKED_AGAIN = "proxy_next_upstream error timeout;"
IS_NOT_ASKED_AGAIN = "proxy_next_upstream off;"


# ---------------------------------------------------------------- PostgreSQL


@dataclass
class Databases:
    """A primary, the replica that follows it, and a place for the next one."""

    primary: postgres.Server
    replica: postgres.Server
    spare: postgres.Server
    running: contextlib.ExitStack

    def urls(self) -> dict[str, str]:
        """Return the settings of a node: it finds the primary by itself, whichever that is."""
        hosts = [str(server.sockets) for server in (self.primary, self.replica, self.spare)]
        return {
            "DATABASE_URL": url_of(hosts, "read-write"),
            "REPLICA_URL": url_of(hosts, "prefer-standby"),
        }

    def next(self) -> "Databases":
        """Return them after the replica was promoted: the spare one follows it."""
        follow(self.replica, self.spare, self.running)
        return Databases(self.replica, self.spare, self.primary, self.running)

    def wait_for_replica(self) -> None:
        """Let commits wait from now on until the replica shows them."""
        ask(self.primary, "ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
        ask(self.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        ask(self.primary, "SELECT pg_reload_conf()")
        in_step = "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        if not processes.wait_until(lambda: ask(self.primary, in_step), seconds=30):
            raise DevError("The replica does not follow.")


def url_of(hosts: list[str], wanted: str) -> str:
    ports = ",".join("5432" for _ in hosts)
    options = f"host={','.join(hosts)}&port={ports}&target_session_attrs={wanted}"
    return f"postgresql://postgres@/{DATABASE}?{options}"


def ask(server: postgres.Server, sql: str):
    with psycopg.connect(server.url(DATABASE), autocommit=True) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextlib.contextmanager
def databases():
    with contextlib.ExitStack() as running:
        primary = running.enter_context(stage.database(DATABASE))
        replica, spare = (place_beside(primary, running) for _ in range(2))
        follow(primary, replica, running)
        yield Databases(primary, replica, spare, running)


def place_beside(primary: postgres.Server, running: contextlib.ExitStack) -> postgres.Server:
    home = Path(tempfile.mkdtemp(prefix="places-", dir=primary.home.parent))
    running.callback(shutil.rmtree, home, ignore_errors=True)
    # Else what the primary tidies away ends queries of the replica that still read it.
    return postgres.Server(home, {"hot_standby_feedback": "on"})


def follow(primary, replica, running: contextlib.ExitStack) -> None:
    """Make a streaming replica, as docs/scale.md says, and start it."""
    postgres.make_folder(replica.home)
    replica.data.mkdir(mode=0o700)
    postgres.give_to_server(replica.data)
    source = ["--host", str(primary.sockets), "--username", "postgres", "--checkpoint=fast"]
    command = [postgres.programs() / "pg_basebackup", "--write-recovery-conf", *source]
    if postgres.run_as_server([*command, "--pgdata", replica.data]).returncode:
        raise DevError("pg_basebackup failed.")
    # What the primary waits for is no setting of its replica, once that is promoted.
    own = replica.data / "postgresql.auto.conf"
    lines = own.read_text().splitlines(keepends=True)
    own.write_text("".join(line for line in lines if not line.startswith("synchronous_")))
    running.enter_context(replica.in_use())


# ---------------------------------------------------------------- nodes, nginx, Valkey


@dataclass(frozen=True)
class Node:
    port: int
    process: subprocess.Popen


@contextlib.contextmanager
def started(command, ports, env=None):
    """Start a program; stop it, if it still runs, whatever happens."""
    process = subprocess.Popen(
        command,
        env=os.environ | (env or {}),
        preexec_fn=processes.end_with_parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for port in ports:
            if not processes.wait_until(lambda p=port: answers(p), seconds=180):
                raise DevError(f"Nothing answers on port {port}.")
        yield process
    finally:
        processes.stop([process])


@contextlib.contextmanager
def node(port: int, env: dict[str, str], *, core: int | None = None, workers: int = 2):
    """A gunicorn with the portal; on one core where that is named."""
    pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
    options = f"--bind {HOST}:{port} --workers {workers} --log-level critical"
    options += " --no-control-socket"
    gunicorn = [sys.executable, "-m", "gunicorn", "sscnet.wsgi", *options.split()]
    with started([*pinned, *gunicorn], [port], env) as process:
        # What a process does once, such as reading an index, is no part of what is measured.
        for _ in range(4 * workers):
            ask_node(port, "/projects/")
        yield Node(port, process)


@contextlib.contextmanager
def held(pid: int, percent: int):
    """Let a process have so much of a core and no more, by a control group; takes root."""
    quota = PERIOD * percent // 100
    if (GROUPS / "cgroup.controllers").exists():
        parent, limits = GROUPS, {"cpu.max": f"{quota} {PERIOD}"}
        (parent / "cgroup.subtree_control").write_text("+cpu")
    else:
        # The older kind of control groups.
        parent, limits = GROUPS / "cpu", {"cpu.cfs_period_us": PERIOD, "cpu.cfs_quota_us": quota}
    group = parent / f"sscnet-scale-{pid}"
    group.mkdir()
    try:
        for name, value in limits.items():
            (group / name).write_text(str(value))
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            (parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()


@contextlib.contextmanager
def nginx(fronts: dict[int, list[int]], *, asks_again: bool = True):
    """One nginx with a port for each choice of nodes."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "nginx.conf")
        upstreams = [upstream(port, nodes, asks_again) for port, nodes in fronts.items()]
        user = "user root;" if os.geteuid() == 0 else ""
        text = NGINX.format(home=home, user=user, upstreams="".join(upstreams))
        file.write_text(text)
        with started(["nginx", "-p", home, "-c", str(file)], fronts) as process:
            yield process


def upstream(port: int, nodes: list[int], asks_again: bool) -> str:
    fails = "max_fails=1 fail_timeout=2s" if asks_again else "max_fails=0"
    return UPSTREAM.format(
        host=HOST,
        port=port,
        nodes=" ".join(f"server {HOST}:{node} {fails};" for node in nodes),
        options=IS_ASKED_AGAIN if asks_again else IS_NOT_ASKED_AGAIN,
    )


@contextlib.contextmanager
def valkey(port: int):
    with tempfile.TemporaryDirectory() as home:
        options = ["--port", str(port), "--bind", HOST, "--save", "", "--dir", home]
        with started(["valkey-server", *options], [port]):
            yield f"redis://{HOST}:{port}/0"
