"""How the Secretariat works with meetings, delegations and places."""

from ..desk import admin as desk
from ..desk import erasure_admin
from . import delegations, meetings

__all__ = ["delegations", "desk", "erasure_admin", "meetings"]
