"""How the Secretariat works with meetings, delegations and places."""

from ..persons import erasure_admin
from . import action_points, delegations, meetings
