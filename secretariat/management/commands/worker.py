"""The one process beside the pages: what it does, it does without starting Django anew."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from django.core.management import BaseCommand, CommandError, call_command
from django.db import Error, OperationalError, connections

from secretariat.open_data import bundle
from sscnet.monitoring import watch
from sscnet.outbox.management.commands.run_due import one_pass

logger = logging.getLogger(__name__)
# After so many seconds for the first time, then each so many seconds.
DUE, WATCH, BUNDLE = (1, 60), (60, 300), (600, 3600)


class Command(BaseCommand):
    help = "Run tasks as they come, do what is due each minute, and watch every five minutes."
    # Some ask the database, which may be what is wrong.
    requires_system_checks = ()

    def handle(self, *, verbosity, **options):
        is_over = threading.Event()
        passes = (DUE, partial(one_pass, is_over.is_set)), (WATCH, watch.look)
        clocks = [
            threading.Thread(target=repeat, args=(is_over, *times, function))
            for times, function in (*passes, (BUNDLE, bundle.make_if_due))
        ]
        for clock in clocks:
            clock.start()
        try:
            while not tasks_are_over(verbosity):
                time.sleep(5)
        finally:
            # After the mail at hand: broken off, it might go out a second time.
            is_over.set()
            for clock in clocks:
                clock.join()


def tasks_are_over(verbosity: int) -> bool:
    """Run tasks until told to stop; return False where the database went away."""
    try:
        call_command("db_worker", reload=False, verbosity=verbosity)
    except Error as error:
        logger.warning("Tasks wait for the database: %s", error)
        # Until it is back nobody else hears them.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit(0))
        return False
    return True


def repeat(is_over: threading.Event, first: int, seconds: int, function: Callable) -> None:
    """Call the function again and again; what fails is logged, and tried again the next time."""
    delay = first
    while not is_over.wait(delay):
        delay = seconds
        try:
            function()
        except (CommandError, OperationalError) as error:
            logger.warning("%s", error)
        except Exception:
            logger.exception("%s failed", function)
        finally:
            connections.close_all()
