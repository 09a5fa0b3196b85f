"""How the Secretariat works with projects."""

from . import projects
