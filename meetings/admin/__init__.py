"""How the Secretariat works with meetings, delegations and places."""

from ..desk import admin as desk
from . import delegations, meetings

__all__ = ["delegations", "desk", "meetings"]
