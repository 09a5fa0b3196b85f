from .approval import MeetingApproval
from .delegation import (
    ACTIVE,
    SENSITIVE,
    TAKEN,
    Delegate,
    Delegation,
    PlaceState,
    Reason,
    ReturnSlip,
    WorkshopPlace,
)
from .links import (
    ActionPoint,
    InstitutionQuota,
    MeetingCountry,
    MeetingDocument,
    MeetingInstitution,
    MeetingPicture,
    MeetingProject,
)
from .meeting import Meeting, MeetingQuerySet
from .office import Attendance, PaperRequest, PersonExport
from .personal_data import DelegateLink, Erasure
from .places import ChangeRequest, Offer, PlaceEvent
from .programme import AgendaItem, Workshop
from .question import DelegateAnswer, MeetingQuestion
from .travel import (
    IssuedDocument,
    MeetingPaper,
    Passport,
    PassportData,
    PassportLook,
    Traveller,
    forget_travel,
)
