"""How the Secretariat works with projects."""

from . import projects  # noqa: F401 -- registers the admin's classes.
