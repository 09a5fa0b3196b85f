"""Child processes and signals: whatever ends the command ends all it has started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
PR_SET_PDEATHSIG = 1


def end_on_signals():
    """Turn Ctrl-C, SIGTERM and a closed terminal into SystemExit."""
    for number in ENDING:
        # Under nohup a closed terminal is no reason to end.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number, frame):
    # A second Ctrl-C must not interrupt the cleaning up which the first one sets off.
    for ending in ENDING:
        signal.signal(ending, _ignore)
    raise SystemExit(128 + number)


def _ignore(number, frame):
    """Do nothing. Not SIG_IGN, which children inherit: they could not be stopped."""


@contextlib.contextmanager
def signals_ignored(numbers=ENDING):
    before = {number: signal.signal(number, _ignore) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_with_parent():
    """Ask Linux for a SIGTERM when the parent ends, even if it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command, env):
    return subprocess.Popen(command, env=env, preexec_fn=end_with_parent)


def wait_until(condition, seconds, pause=0.05):
    """Poll until the condition holds; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def wait_for_first(children):
    """Wait until one of the children ends by itself and return that one."""
    has_terminal = os.isatty(0)
    while True:
        # Where make leads the session, as in `ssh -t`, it keeps the signal of a closed terminal
        # to itself and waits for us.
        if has_terminal and not os.isatty(0):
            os.kill(os.getpid(), signal.SIGHUP)
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=0.3)
                return child


def stop(children):
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
