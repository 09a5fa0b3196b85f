"""Work that falls due by itself, such as reminders: the worker does it every minute.

An app registers its functions in a module that its AppConfig imports in `ready`. Each finds out by
itself what is due, and run twice it does nothing the second time: a mail has a key for that.
"""

import logging
import time
from collections.abc import Callable

from django.core.cache import cache

logger = logging.getLogger(__name__)

# In the cache: at which second `run_due` ended its last pass.
LAST_RUN = "outbox.due.last_run"

_functions: list[Callable[[], None]] = []


def register(function: Callable[[], None]) -> Callable[[], None]:
    _functions.append(function)
    return function


def run_registered() -> list[str]:
    """Run all functions, even when one fails; return the names of those that failed."""
    failed = []
    for function in _functions:
        try:
            function()
        except Exception:
            failed.append(f"{function.__module__}.{function.__name__}")
            logger.exception("%s failed", failed[-1])
    cache.set(LAST_RUN, time.time(), timeout=None)
    return failed
