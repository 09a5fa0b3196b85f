from .action_point import ActionPoint, ActionReport
from .attendance import Attendance
from .delegate_link import DelegateLink
from .delegation import (
    ACTIVE,
    SENSITIVE,
    TAKEN,
    Delegate,
    Delegation,
    PlaceState,
    Reason,
    WorkshopPlace,
)
from .erasure import Erasure, ErasureNotice
from .files import MeetingDocument, MeetingPicture
from .links import InstitutionQuota, MeetingInstitution, MeetingProject
from .lists import PersonExport, SavedList
from .meeting import Meeting, MeetingQuerySet
from .offer import ChangeRequest, Offer
from .paper_request import PaperRequest
from .place_event import PlaceEvent
from .programme import AgendaItem, Workshop
from .question import DelegateAnswer, MeetingQuestion
from .series import MeetingSeries
from .speaker import SpeakerLink, SpeakerPaper
from .travel import (
    ErasedCode,
    IssuedDocument,
    Passport,
    PassportData,
    Traveller,
    forget_travel,
)
from .visit import VisitStatement

__all__ = [
    "ACTIVE",
    "SENSITIVE",
    "TAKEN",
    "ActionPoint",
    "ActionReport",
    "AgendaItem",
    "Attendance",
    "ChangeRequest",
    "Delegate",
    "DelegateAnswer",
    "DelegateLink",
    "Delegation",
    "ErasedCode",
    "Erasure",
    "ErasureNotice",
    "InstitutionQuota",
    "IssuedDocument",
    "Meeting",
    "MeetingDocument",
    "MeetingInstitution",
    "MeetingPicture",
    "MeetingProject",
    "MeetingQuerySet",
    "MeetingQuestion",
    "MeetingSeries",
    "Offer",
    "PaperRequest",
    "Passport",
    "PassportData",
    "PersonExport",
    "PlaceEvent",
    "PlaceState",
    "Reason",
    "SavedList",
    "SpeakerLink",
    "SpeakerPaper",
    "Traveller",
    "VisitStatement",
    "Workshop",
    "WorkshopPlace",
    "forget_travel",
]
