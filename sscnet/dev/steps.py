"""Single steps of the commands: each prints a line, and its output where it fails."""

import contextlib
import subprocess
import sys

from sscnet.dev import CHECKOUT, DevError


def echo(text=""):
    """Print, even when the terminal is already gone: what follows must still be cleaned up."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def manage(*arguments):
    return [sys.executable, "manage.py", *arguments]


def run_quietly(name, command, env):
    """Run a command whose output matters only if it fails."""
    echo(f"{name} ...")
    done = subprocess.run(
        command,
        check=False,
        cwd=CHECKOUT,
        env=env,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise DevError(f"{done.stdout.rstrip()}\nStopped at this step: {name}.")
