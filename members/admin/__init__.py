"""How the Secretariat works with institutions and accounts."""

from . import institutions  # noqa: F401 -- registers the admin's classes.
