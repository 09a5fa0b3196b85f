from .institution import (
    Institution,
    InstitutionName,
    InstitutionSector,
    Membership,
    Service,
    ServiceSector,
)
from .user import Affiliation, User

__all__ = [
    "Affiliation",
    "Institution",
    "InstitutionName",
    "InstitutionSector",
    "Membership",
    "Service",
    "ServiceSector",
    "User",
]
