"""The private server, with real PostgreSQL processes that are killed on purpose."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from sscnet.dev import CHECKOUT, DevError, postgres, processes

USER_THAT_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from sscnet.dev import postgres
with postgres.Server(Path(sys.argv[1]), postgres.FAST_BUT_FRAGILE).in_use():
    os.kill(os.getpid(), signal.SIGKILL)
"""
TESTS_THAT_ARE_KILLED = """
import os, signal
from sscnet.dev import postgres
with postgres.test_server() as server:
    print(server.home, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def server():
    """A server whose data are made once for this module."""
    postgres.make_folder(postgres.base_folder())
    home = Path(tempfile.mkdtemp(prefix="dev-tests-", dir=postgres.base_folder()))
    server = postgres.Server(home, postgres.FAST_BUT_FRAGILE)
    yield server
    server.remove_unless_used()


def run_python(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.strip()


@contextlib.contextmanager
def other_program():
    """A program of the server's user, as one that got the number of a dead server."""
    user = {"user": postgres.server_user().pw_uid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **user) as program:
        yield program
        assert program.poll() is None, "the other program was hit"
        program.kill()


def test_server_answers_while_in_use_and_stops_afterwards(server):
    with server.in_use():
        assert server.answers()
    assert not server.answers()
    assert not (server.data / "postmaster.pid").exists()


def test_django_reads_the_address(server):
    config = dj_database_url.parse(server.url("sscnet"))
    assert config["HOST"] == str(server.sockets)
    assert config["NAME"] == "sscnet"


def test_create_database_keeps_one_that_is_there(server):
    with server.in_use():
        server.create_database("kept")
        with psycopg.connect(server.url("kept")) as connection:
            connection.execute("CREATE TABLE kept ()")
        server.create_database("kept")
        with psycopg.connect(server.url("kept")) as connection:
            connection.execute("SELECT FROM kept")


def test_server_has_what_the_portal_needs(server):
    with server.in_use(), psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
        trigrams = connection.execute("SELECT show_trgm('沼气项目')").fetchone()[0]
        assert len(trigrams) == 5
        addresses = connection.execute("SHOW listen_addresses").fetchone()[0]
        assert addresses == ""


def test_only_the_servers_user_may_enter_the_socket_folder(server):
    with server.in_use():
        found = server.sockets.stat()
        assert found.st_mode & 0o777 == 0o700
        assert found.st_uid == postgres.server_user().pw_uid


def test_two_users_share_the_server_and_the_last_one_stops_it(server):
    second = postgres.Server(server.home, postgres.FAST_BUT_FRAGILE)
    with server.in_use():
        with second.in_use():
            pid = server.process_number()
        assert server.answers()
        assert server.process_number() == pid
    assert not server.answers()


def test_the_server_of_a_killed_user_is_used_again_and_then_stopped(server):
    run_python(USER_THAT_IS_KILLED, server.home)
    assert server.answers()
    pid = server.process_number()
    with server.in_use():
        assert server.process_number() == pid
    assert not server.answers()


def test_a_killed_server_is_started_again(server):
    run_python(USER_THAT_IS_KILLED, server.home)
    os.kill(server.process_number(), signal.SIGKILL)
    with server.in_use():
        assert server.answers()
    assert not server.answers()


@pytest.mark.parametrize("content", ["", "12", "no number\n", "{pid}\n{data}\n"])
def test_a_process_file_left_behind_neither_blocks_nor_hits_another_program(server, content):
    with other_program() as program:
        text = content.format(pid=program.pid, data=server.data)
        (server.data / "postmaster.pid").write_text(text)
        (server.sockets / f"{postgres.SOCKET_NAME}.lock").write_text(f"{program.pid}\n")
        with server.in_use():
            assert server.answers()


def test_stopping_a_server_that_does_not_run_hits_no_other_program(server):
    with other_program() as program:
        (server.data / "postmaster.pid").write_text(f"{program.pid}\n{server.data}\n")
        server._stop()


def test_half_made_data_are_made_anew(server):
    (server.data / "global" / "pg_control").unlink()
    (server.home / "new-interrupted").mkdir()
    with server.in_use():
        assert server.answers()
    assert list(server.home.glob("new-*")) == []


def test_data_of_another_version_are_left_alone_with_a_sentence(server):
    version = server.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("12\n")
    with pytest.raises(DevError, match=r"written by PostgreSQL 12 .* move that folder away"):
        server.in_use().__enter__()
    version.write_text(ours)


def test_a_server_that_cannot_start_says_why(server):
    broken = postgres.Server(server.home, {"shared_buffers": "none"})
    with pytest.raises(DevError, match=r"PostgreSQL did not start: invalid value .*shared_buffers"):
        broken.in_use().__enter__()


def test_a_full_disk_is_told_before_anything_is_written(server, monkeypatch):
    monkeypatch.setattr(postgres, "ROOM_NEEDED", 1 << 60)
    with pytest.raises(DevError, match="no room left on the disk"):
        server.in_use().__enter__()


def test_a_long_path_puts_the_socket_into_the_temporary_folder(tmp_path):
    long = postgres.Server(tmp_path / ("x" * 100))
    assert long.sockets.parent == Path(tempfile.gettempdir())
    assert long.sockets != postgres.Server(tmp_path / ("y" * 100)).sockets


def test_a_socket_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(DevError, match="belongs to another user"):
        postgres.check_owner(tmp_path / "link")


def test_a_server_for_tests_leaves_nothing():
    with postgres.test_server() as server:
        assert server.answers()
    assert not server.home.exists()


def test_what_killed_tests_left_is_cleared_away_by_the_next():
    left_behind = postgres.Server(Path(run_python(TESTS_THAT_ARE_KILLED)))
    assert left_behind.answers()
    with postgres.test_server():
        assert not left_behind.home.exists()
    assert not left_behind.answers()


def test_programs_copied_for_root_can_be_read_by_others(tmp_path):
    program = tmp_path / "initdb"
    program.touch(mode=0o700)
    library = tmp_path / "library"
    library.touch(mode=0o600)
    tmp_path.chmod(0o700)
    postgres._let_others_read(tmp_path)
    modes = [path.stat().st_mode & 0o777 for path in [tmp_path, program, library]]
    assert modes == [0o755, 0o755, 0o644]


def test_signals_reach_python_after_a_server_was_used(server):
    before = [signal.getsignal(number) for number in processes.ENDING]
    with server.in_use():
        pass
    assert [signal.getsignal(number) for number in processes.ENDING] == before
