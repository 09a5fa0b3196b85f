"""Run a function on what somebody sent in a process of its own, within limits."""

import multiprocessing
import resource
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Of processor time.
SECONDS = 4
MEMORY = 1024**3
# While the server is busy, processor time takes longer.
MOST_SECONDS_OF_WAITING = 30

# A fork server has one thread and no connection to the database, and forks in milliseconds what it
# has imported already.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["__main__", "sscnet.core.sheet_rows", "sscnet.core.uploads"])


def run_limited(
    function: Callable, *arguments, seconds: int = SECONDS, memory: int = MEMORY
) -> Any:
    """Return what the function returns, and raise the ValidationError that it raises.

    Raise ValidationError too if it needs more than the limits or brings its process down. Django is
    not set up in that process: no settings and no records, and messages are lazy.
    """
    receiver, sender = processes.Pipe(duplex=False)
    task = (sender, function, arguments, seconds, memory)
    process = processes.Process(target=answer, args=task, daemon=True)
    with receiver:
        with sender:
            process.start()
        try:
            if not receiver.poll(MOST_SECONDS_OF_WAITING):
                raise needs_too_much()
            result, error = receiver.recv()
        except EOFError:
            raise needs_too_much() from None
        finally:
            process.kill()
            process.join()
            process.close()
    if error:
        raise error
    return result


def answer(sender, function, arguments, seconds, memory):
    """Send the result and None, or None and the error; nothing when a limit is reached."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        sender.send((function(*arguments), None))
    except ValidationError as error:
        sender.send((None, error))
    except MemoryError:
        sender.close()


def needs_too_much() -> ValidationError:
    message = _(
        "Reading the file takes more time or memory than we allow. Please save it anew, without"
        " what is not needed, or send it in parts."
    )
    return ValidationError(message, code="needs_too_much")
