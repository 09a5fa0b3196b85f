"""How the Secretariat works with calls, proposals and their readers."""

from . import calls, proposals, readings
