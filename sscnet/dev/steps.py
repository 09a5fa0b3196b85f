"""Single steps of the commands: each prints a line, and says in a sentence why it failed."""

import contextlib
import subprocess
import sys

from sscnet.dev import CHECKOUT, DevError, no_room

LOG = CHECKOUT / ".local" / "last-failure.log"


def echo(text=""):
    """Print, even when the terminal is already gone: what follows must still be cleaned up."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def manage(*arguments):
    return [sys.executable, "manage.py", *arguments]


def run_quietly(name, command, env):
    """Run a command whose output matters only if it fails."""
    echo(f"{name} ...")
    done = _run(command, env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise failed(name, done.stdout)


def run_openly(name, command, env):
    """Run a command whose output is for the reader; its errors become one sentence."""
    done = _run(command, env, stdout=None, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise failed(name, done.stderr)
    if done.stderr:
        echo(done.stderr.rstrip())


def run_check(name, command, env):
    """Run a check whose findings the reader wants in full."""
    echo(f"{name} ...")
    done = _run(command, env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        echo(done.stdout.rstrip())
        raise DevError(f"Stopped at this step: {name}.")


def output(*command) -> str:
    """Run a command and return what it printed."""
    done = _run(command, None, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise failed(" ".join(map(str, command[:2])), done.stderr)
    return done.stdout.strip()


def _run(command, env, **output):
    return subprocess.run(
        command, check=False, cwd=CHECKOUT, env=env, text=True, errors="replace", **output
    )


def failed(name, output):
    if "No space left on device" in output:
        return no_room(CHECKOUT)
    if "Traceback" not in output:
        return DevError(f"{name} failed: {output.strip() or 'it printed nothing'}")
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text(output)
    return DevError(f"{name} failed: {_reason(output)} (all of it: {LOG.relative_to(CHECKOUT)})")


def _reason(output):
    """Return the line that names the exception, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if line.split(":")[0].endswith(("Error", "Configured"))]
    return (named or lines)[-1]
