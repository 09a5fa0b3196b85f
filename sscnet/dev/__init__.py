"""What `make run` and `make test` do once there is a `.venv`; never used in production.

Nothing here imports Django's settings: they want DATABASE_URL, which these commands find out.
"""

import errno
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


class DevError(Exception):
    """One sentence for the terminal: what is wrong and what to do about it."""


def no_room(place):
    return DevError(
        f"There is no room left on the disk of {place}: free about 500 MB and try again."
    )


def as_problem(error):
    """Return the sentence for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_room(error.filename or CHECKOUT)
    return DevError(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")
