"""`make lint` and `make test`: the checks and the tests, on a PostgreSQL of their own."""

import contextlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from sscnet.dev import (
    CHECKOUT,
    DevError,
    clock,
    portal,
    postgres,
    rooms,
    steps,
    tables,
    translations,
)

# A file's tests stay together and in their order: some share records that take seconds to load,
# and those records stay there for the tests below. Files in their order too: by the number of
# tests, the walk through all pages in a browser would begin last and leave one processor idle.
PARALLEL = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# On another day browsers and what PostgreSQL times itself do not run, nor what tries `make test`.
WITHOUT_BROWSER = ["tests", "--ignore=tests/browser", "--ignore=tests/dev"]
ON_ANOTHER_DAY = ["-m", "not real_clock"]
PRODUCTION = {
    "SECRET_KEY": "made-up-for-the-checks-b7Qm2xV9tLr4Wz8Kc1Yh6Nf3Jd5Gs0Pa",
    "ALLOWED_HOSTS": "portal.example.org",
}


def lint():
    with environment() as env:
        run_checks(env)


def test(*pytest_arguments):
    """Run what is asked for at once; without arguments the checks, then every test.

    With DAY in the environment the tests without a browser, on that day.
    """
    if day := os.environ.get("DAY"):
        return test_on(day, *(pytest_arguments or WITHOUT_BROWSER))
    with environment() as env, ThreadPoolExecutor() as beside:
        copied = beside.submit(tables_to_copy, env, anew=not pytest_arguments)
        if not pytest_arguments:
            run_checks(env)
        translations.compile_all()
        env |= copied.result()
        pytest = [sys.executable, "-m", "pytest", *PARALLEL, *pytest_arguments]
        # Without DEBUG every page would redirect to HTTPS and want collected static files.
        # Django turns settings.DEBUG off again in tests.
        return subprocess.run(
            pytest, check=False, cwd=CHECKOUT, env=env | {"DEBUG": "true"}
        ).returncode


def test_on(day, *pytest_arguments):
    """Run tests on another day: PostgreSQL and pytest have one clock (`sscnet.dev.clock`)."""
    if os.environ.get("DATABASE_URL"):
        raise DevError("DAY moves the clock of the private database: unset DATABASE_URL.")
    moved = clock.variables(day)
    steps.echo(f"On {clock.moment_of(day):%A %Y-%m-%d %H:%M %Z}:")
    with environment(partial(postgres.server_of_tests, moved)) as env:
        translations.compile_all()
        env |= tables_to_copy(env, anew=False) | moved | {"DEBUG": "true"}
        pytest = [sys.executable, "-m", "pytest", *PARALLEL, *ON_ANOTHER_DAY, *pytest_arguments]
        return subprocess.run(pytest, check=False, cwd=CHECKOUT, env=env).returncode


def tables_to_copy(env, anew):
    """Say which tables each process of the tests copies; none in a database of others."""
    if os.environ.get("DATABASE_URL"):
        return {}
    return {"TEST_DATABASE_TEMPLATE": tables.kept(env, anew)}


def bench(*arguments):
    """Measure the figures of benchmarks/README.md: production settings, an empty database."""
    with environment() as env:
        translations.compile_all()
        steps.run_quietly("Making the tables", steps.manage("migrate"), env)
        command = [sys.executable, "-m", "benchmarks", *arguments]
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=env).returncode


@contextlib.contextmanager
def environment(server=postgres.server_of_tests):
    """Yield production settings, which are the default, and a database of this command."""
    with portal.database(server, f"test_{os.getpid()}") as url:
        inherited = {name: value for name, value in os.environ.items() if name != "DEBUG"}
        yield inherited | PRODUCTION | {"DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}


def run_checks(env):
    ruff = [sys.executable, "-m", "ruff"]
    steps.run_quietly("ruff check", [*ruff, "check", "."], env)
    steps.run_quietly("ruff format --check", [*ruff, "format", "--check", "."], env)
    templates = (CHECKOUT / "templates" / "django").rglob("*.html")
    steps.run_quietly("djade --check", [program("djade"), "--check", *map(str, templates)], env)
    linter = program("lint-imports")
    steps.run_quietly("imports run one way", [linter, "--no-logo", "--no-cache"], env)
    ours = [sys.executable, "-m", "sscnet.dev.django_checks"]
    deployed = {"SECRETARIAT_MAILBOX": "secretariat@example.org", "BEHIND_PROXY": "true"}
    steps.run_quietly("settings and migrations", ours, env | deployed)
    steps.echo("rooms ...")
    rooms.check()


def program(name):
    """Return the path of a program that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))
