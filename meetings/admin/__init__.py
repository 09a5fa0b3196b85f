"""How the Secretariat works with meetings, delegations and places."""

from ..persons import erasure_admin
from . import action_points, delegations, meetings, offers, series, speakers, visits

__all__ = [
    "action_points",
    "delegations",
    "erasure_admin",
    "meetings",
    "offers",
    "series",
    "speakers",
    "visits",
]
