"""How the Secretariat works with meetings, delegations and places."""

from . import delegations, meetings

__all__ = ["delegations", "meetings"]
