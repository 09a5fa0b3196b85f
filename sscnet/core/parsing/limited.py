"""Run a function on what somebody sent in a process of its own, within limits."""

import multiprocessing
import resource
import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Of processor time.
SECONDS = 4
MEMORY = 1024**3
# While the server is busy, processor time takes longer.
MOST_SECONDS_OF_WAITING = 30
# A portal's process has few threads: while these files are read, the others serve pages. Who comes
# next waits for an ordinary file, not for one that takes all the time it may.
free_places = threading.BoundedSemaphore(2)
MOST_SECONDS_IN_LINE = 3

# A fork server has one thread and no connection to the database, and forks in milliseconds what it
# has imported already.
processes = multiprocessing.get_context("forkserver")
READERS = ["sscnet.core.parsing.sheet_rows", "sscnet.core.uploads.scans"]
processes.set_forkserver_preload(["__main__", *READERS])


def run_limited(function: Callable, *arguments, seconds: int = SECONDS) -> Any:
    """Return what the function returns, and raise the ValidationError that it raises.

    Raise ValidationError too if it needs more than the limits or brings its process down. Django is
    not set up in that process: no settings and no records, and messages are lazy.
    """
    if not free_places.acquire(timeout=MOST_SECONDS_IN_LINE):
        text = _("Other files are being read at the moment. Please send yours again in a minute.")
        raise ValidationError(text, code="busy")
    try:
        result, error = outcome(function, arguments, seconds)
    finally:
        free_places.release()
    if error:
        raise error
    return result


def outcome(function, arguments, seconds):
    receiver, sender = processes.Pipe(duplex=False)
    task = (sender, function, arguments, seconds)
    process = processes.Process(target=answer, args=task, daemon=True)
    with receiver:
        with sender:
            process.start()
        try:
            if receiver.poll(MOST_SECONDS_OF_WAITING):
                return receiver.recv()
        except EOFError:
            pass
        finally:
            process.kill()
            process.join()
            process.close()
    text = _(
        "Reading the file takes more time or memory than we allow. Please remove what is not "
        "needed and save it again, or send it in parts."
    )
    raise ValidationError(text, code="needs_too_much")


def answer(sender, function, arguments, seconds):
    """Send the result and None, or None and the error; nothing when a limit is reached."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        sender.send((function(*arguments), None))
    except ValidationError as error:
        sender.send((None, error))
    except MemoryError:
        sender.close()
