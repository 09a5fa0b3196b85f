from .delegation import (
    ACTIVE,
    TAKEN,
    Delegate,
    Delegation,
    PlaceState,
    Reason,
    WorkshopPlace,
)
from .files import MeetingDocument, MeetingPicture
from .links import CalendarToken, InstitutionQuota, MeetingInstitution, MeetingProject
from .meeting import Meeting, MeetingQuerySet
from .offer import ChangeRequest, Offer
from .place_event import PlaceEvent
from .programme import AgendaItem, Workshop

__all__ = [
    "ACTIVE",
    "TAKEN",
    "AgendaItem",
    "CalendarToken",
    "ChangeRequest",
    "Delegate",
    "Delegation",
    "InstitutionQuota",
    "Meeting",
    "MeetingDocument",
    "MeetingInstitution",
    "MeetingPicture",
    "MeetingProject",
    "MeetingQuerySet",
    "Offer",
    "PlaceEvent",
    "PlaceState",
    "Reason",
    "Workshop",
    "WorkshopPlace",
]
