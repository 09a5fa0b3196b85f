from .account_change import TAKE_BACK_HOURS, AccountChange
from .acting import INVITATION_DAYS, Affiliation, Invitation
from .institution import (
    Institution,
    InstitutionName,
    InstitutionSector,
    Membership,
    Service,
    Standing,
)
from .profile import Logo, ProfileProposal
from .roster import RosterEntry
from .user import User
