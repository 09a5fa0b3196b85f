"""Work that falls due by itself, such as reminders: `manage.py run_due` does it every minute.

An app registers its functions in a module that its AppConfig imports in `ready`. Each finds out by
itself what is due, and run twice it does nothing the second time: a mail has a key for that.
"""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

_functions: list[Callable[[], None]] = []


def register(function: Callable[[], None]) -> Callable[[], None]:
    _functions.append(function)
    return function


def run_registered() -> list[str]:
    """Run all functions, whatever happens to one; name those that failed."""
    return [name_of(function) for function in list(_functions) if not succeeds(function)]


def succeeds(function: Callable[[], None]) -> bool:
    try:
        function()
    except Exception:  # The others are not to blame.
        logger.exception("%s failed", name_of(function))
        return False
    return True


def name_of(function: Callable[[], None]) -> str:
    return f"{function.__module__}.{function.__name__}"
