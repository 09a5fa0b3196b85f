"""How the Secretariat works with meetings, delegations and places."""

from ..backoffice import erasure_admin
from ..backoffice import offer_admin as desk
from . import delegations, meetings

__all__ = ["delegations", "desk", "erasure_admin", "meetings"]
