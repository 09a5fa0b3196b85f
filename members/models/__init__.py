from .account_change import TAKE_BACK_HOURS, AccountChange
from .acting import INVITATION_DAYS, Affiliation, Invitation
from .institution import (
    Institution,
    InstitutionName,
    InstitutionSector,
    Membership,
    Service,
    ServiceSector,
    Standing,
)
from .profile import Logo, ProfileProposal
from .roster import RosterEntry
from .user import User

__all__ = [
    "INVITATION_DAYS",
    "TAKE_BACK_HOURS",
    "AccountChange",
    "Affiliation",
    "Institution",
    "InstitutionName",
    "InstitutionSector",
    "Invitation",
    "Logo",
    "Membership",
    "ProfileProposal",
    "RosterEntry",
    "Service",
    "ServiceSector",
    "Standing",
    "User",
]
