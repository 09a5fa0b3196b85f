"""How the Secretariat works with meetings, delegations and places."""

from ..backoffice import erasure_admin
from . import delegations, meetings, offers

__all__ = ["delegations", "erasure_admin", "meetings", "offers"]
