"""What `make lint` and `make test` run, with every program only noted."""

import contextlib
from types import SimpleNamespace

import pytest

from sscnet.dev import checks


@pytest.fixture
def ran(monkeypatch):
    """The names of what was run, in order."""
    names = []

    def note_pytest(command, **_options):
        names.append(" ".join(command[2:]))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(checks, "environment", lambda: contextlib.nullcontext({}))
    monkeypatch.setattr(checks.steps, "run_quietly", lambda name, *_: names.append(name))
    monkeypatch.setattr(checks, "tables_to_copy", lambda *_, **__: {})
    monkeypatch.setattr(checks.translations, "compile_all", lambda: None)
    monkeypatch.setattr(checks.rooms, "check", lambda: names.append("rooms"))
    monkeypatch.setattr(checks.subprocess, "run", note_pytest)
    return names


PARALLEL = "-n 2 --dist loadfile --no-loadscope-reorder"


def test_lint_runs_the_checks_alone(ran):
    checks.lint()
    assert ran[0] == "ruff check"
    assert ran[-2:] == ["settings and migrations", "rooms"]


def test_named_tests_run_at_once(ran):
    assert checks.test("tests/members", "-x") == 0
    assert ran == [f"pytest {PARALLEL} tests/members -x"]


def test_without_names_the_checks_come_first(ran):
    checks.lint()
    linted = list(ran)
    ran.clear()
    checks.test()
    assert ran == [*linted, f"pytest {PARALLEL}"]
