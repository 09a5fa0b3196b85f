"""What `make run` and `make test` do once there is a `.venv`; never used in production.

Nothing here imports Django's settings: they want DATABASE_URL, which these commands find out.
"""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


class DevError(Exception):
    """One sentence for the terminal: what is wrong and what to do about it."""
