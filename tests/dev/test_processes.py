import signal
import subprocess
import sys

import pytest

from sscnet.dev import CHECKOUT, processes

PATIENT = "import time; print('ready', flush=True); time.sleep(60)"
PARENT = """
import subprocess, sys
from sscnet.dev import processes
processes.end_on_signals()
child = processes.start([sys.executable, "-c", "import time; time.sleep(60)"], None)
try:
    print(child.pid, flush=True)
    processes.wait_for_first([child])
finally:
    processes.stop([child])
    print("cleaned up", flush=True)
"""


@pytest.fixture
def parent():
    command = [sys.executable, "-c", PARENT]
    # Under nohup a closed terminal is ignored, and what is ignored is inherited.
    options = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL), "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, **options) as process:
        process.child = int(process.stdout.readline())
        yield process
        process.kill()


def is_gone(pid):
    """No process has the number, or only a dead one that nobody collected yet."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] in {"", "Z"}


@pytest.mark.parametrize("number", processes.ENDING)
def test_a_signal_ends_the_children_and_lets_clean_up(parent, number):
    parent.send_signal(number)
    assert parent.stdout.read() == "cleaned up\n"
    assert parent.wait(timeout=10) == 128 + number
    assert is_gone(parent.child)


def test_children_do_not_outlive_a_parent_that_was_killed(parent):
    parent.kill()
    parent.wait(timeout=10)
    assert processes.wait_until(lambda: is_gone(parent.child), seconds=10)


def test_wait_for_first_returns_the_child_that_ended():
    patient = processes.start([sys.executable, "-c", PATIENT], None)
    hasty = processes.start([sys.executable, "-c", "raise SystemExit(3)"], None)
    try:
        assert processes.wait_for_first([patient, hasty]) is hasty
        assert hasty.returncode == 3
    finally:
        processes.stop([patient, hasty])
    assert patient.returncode == -signal.SIGTERM


def test_ignored_signals_work_again_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with processes.signals_ignored():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
