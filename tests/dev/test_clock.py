"""Another day for tests: one clock for Python and for the database."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from sscnet.dev import CHECKOUT, DevError, clock, postgres


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2028-02-29", datetime(2028, 2, 29, 4, tzinfo=UTC)),
        ("2026-12-31T23:40Z", datetime(2026, 12, 31, 23, 40, tzinfo=UTC)),
        ("2027-01-01T00:10", datetime(2026, 12, 31, 16, 10, tzinfo=UTC)),
    ],
)
def test_a_day_is_noon_in_beijing_and_a_moment_may_name_its_zone(day, moment):
    assert clock.moment_of(day) == moment


def test_what_is_no_day_is_named():
    with pytest.raises(DevError, match="DAY=2027-02-29 is no day"):
        clock.moment_of("2027-02-29")


def test_without_the_library_the_package_is_named(monkeypatch):
    monkeypatch.setattr(clock, "LIBRARIES", "none")

    assert clock.variables(None) == {}
    with pytest.raises(DevError, match="apt-get install faketime"):
        clock.variables("2028-02-29")


@pytest.mark.skipif(not os.path.lexists("/usr/bin/faketime"), reason="without faketime")
def test_python_and_the_database_have_one_clock():
    moved = clock.variables("2028-02-29")
    home = postgres.base_folder() / "tests-of-the-clock"
    server = postgres.Server(home, postgres.FAST_BUT_FRAGILE, keeps="%", clock=moved)
    now = [sys.executable, "-c", "import time; print(time.time())"]
    try:
        with server.in_use(), psycopg.connect(server.url("postgres")) as connection:
            found = connection.execute("SELECT clock_timestamp()").fetchone()[0]
            told = subprocess.run(
                now, env=os.environ | moved, cwd=CHECKOUT, capture_output=True, check=True
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    assert found - clock.moment_of("2028-02-29") < timedelta(minutes=2)
    assert abs(found.timestamp() - float(told.stdout)) < 60
