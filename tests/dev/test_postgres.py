"""The private server, with real PostgreSQL processes that are killed on purpose."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from sscnet.dev import CHECKOUT, DevError, postgres, tables

USER_THAT_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from sscnet.dev import postgres
with postgres.Server(Path(sys.argv[1]), postgres.FAST_BUT_FRAGILE).in_use():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def server():
    """A server whose data are made once for this module."""
    postgres.make_folder(postgres.base_folder())
    home = Path(tempfile.mkdtemp(prefix="dev-tests-", dir=postgres.base_folder()))
    server = postgres.Server(home, postgres.FAST_BUT_FRAGILE)
    yield server
    server.stop()
    shutil.rmtree(home)


def process_number(server):
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def killed_user_of(server):
    command = [sys.executable, "-c", USER_THAT_IS_KILLED, str(server.home)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return process_number(server)


def databases(server):
    with psycopg.connect(server.url("postgres")) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_the_server_has_what_the_portal_needs_while_in_use(server):
    config = dj_database_url.parse(server.url("sscnet"))
    assert (config["HOST"], config["NAME"]) == (str(server.sockets), "sscnet")
    with server.in_use(), psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
        trigrams = connection.execute("SELECT show_trgm('沼气项目')").fetchone()[0]
        assert len(trigrams) == 5
        assert connection.execute("SHOW listen_addresses").fetchone()[0] == ""
        # Its socket asks for no password.
        found = server.sockets.stat()
        assert found.st_mode & 0o777 == 0o700
        assert found.st_uid == postgres.server_user().pw_uid
    assert not server.answers()


def test_two_users_share_the_server_and_who_started_it_stops_it(server):
    second = postgres.Server(server.home, postgres.FAST_BUT_FRAGILE)
    with server.in_use():
        server.create_database("kept")
        with second.in_use():
            second.create_database("kept")
            pid = process_number(server)
        assert process_number(server) == pid
        assert "kept" in databases(server)
    assert not server.answers()


def test_the_server_of_a_killed_user_is_used_again(server):
    pid = killed_user_of(server)
    with server.in_use():
        assert process_number(server) == pid
        assert "kept" in databases(server)
    assert server.answers()
    server.stop()


def test_a_killed_server_is_started_again(server):
    os.kill(killed_user_of(server), signal.SIGKILL)
    with server.in_use():
        assert "kept" in databases(server)


def test_the_number_of_a_dead_server_hits_no_other_program(server):
    user = {"user": postgres.server_user().pw_uid} if os.geteuid() == 0 else {}
    left_behind = server.data / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], **user) as other:
        left_behind.write_text(f"{other.pid}\n{server.data}\n")
        server.stop()
        with pytest.raises(DevError, match="PostgreSQL did not start"):
            server.start()
        assert other.poll() is None
        other.kill()
    left_behind.unlink()


def test_a_server_of_tests_keeps_what_it_is_for_unless_it_was_killed(server):
    tests = postgres.Server(server.home, postgres.FAST_BUT_FRAGILE, keeps="kept%")
    with tests.in_use():
        tests.create_database("left")
        with postgres.Server(server.home, postgres.FAST_BUT_FRAGILE, keeps="kept%").in_use():
            assert {"left", "kept"} <= databases(tests)
    with tests.in_use():
        assert databases(tests) & {"left", "kept"} == {"kept"}
    os.kill(killed_user_of(server), signal.SIGKILL)
    with tests.in_use():
        assert "kept" not in databases(tests)


def test_the_tables_are_made_once_unless_they_are_asked_for_anew(server, monkeypatch):
    made = []
    monkeypatch.setattr(tables.steps, "run_quietly", lambda *step: made.append(step[2]))
    monkeypatch.setattr(tables, "digest", lambda: "of_now")
    with server.in_use():
        env = {"DATABASE_URL": server.url("test_1")}
        server.create_database("tables_of_before")
        for anew in (False, False, True):
            assert tables.kept(env, anew) == "tables_of_now"
        new = {"DATABASE_URL": server.url(f"new_{os.getpid()}")}
        assert made == [new, new]
        assert {name for name in databases(server) if "_" in name} == {"tables_of_now"}


@pytest.mark.parametrize(
    ("name", "text", "is_noticed"),
    [
        ("members/migrations/0001_initial.py", "", True),
        ("members/models/user.py", "", True),
        ("secretariat/reports/groups.py", "", True),
        ("members/hanging.py", "import pgtrigger", True),
        ("members/directory/views.py", "from .models import User", False),
        ("requirements.lock", "", True),
    ],
)
def test_what_decides_the_tables_changes_their_digest(
    monkeypatch, tmp_path, name, text, is_noticed
):
    monkeypatch.setattr(tables, "CHECKOUT", tmp_path)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    before = tables.digest()
    file.write_text(f"{text}\n")
    assert (tables.digest() != before) == is_noticed


def test_what_it_cannot_do_it_says_in_a_sentence(server, tmp_path):
    (server.home / "new").mkdir()
    broken = postgres.Server(server.home, {"shared_buffers": "none"})
    with pytest.raises(
        DevError, match=r"(?s)invalid value .*shared_buffers.*PostgreSQL did not start"
    ):
        broken.start()
    version = server.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("12\n")
    with pytest.raises(DevError, match="initialized by PostgreSQL version 12"):
        server.start()
    version.write_text(ours)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(DevError, match="belongs to another user"):
        postgres.check_owner(tmp_path / "link")


def test_a_long_path_puts_the_socket_into_the_temporary_folder(tmp_path):
    long = postgres.Server(tmp_path / ("x" * 100))
    assert long.sockets.parent == Path(tempfile.gettempdir())
    assert long.sockets != postgres.Server(tmp_path / ("y" * 100)).sockets
