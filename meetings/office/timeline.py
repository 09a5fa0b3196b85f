"""The timeline of a delegation: its places, the mails about it, and who asked on paper."""

from dataclasses import dataclass
from datetime import datetime

from sscnet.outbox.models import Message

from ..models import Delegation, PaperRequest, PlaceEvent


@dataclass(frozen=True)
class Happening:
    """Something that happened: an event of a place, a mail, or a request noted by an officer."""

    at: datetime
    event: PlaceEvent | None = None
    mail: Message | None = None
    paper_request: PaperRequest | None = None


def story(delegation: Delegation) -> list[Happening]:
    """Return all from the beginning; a mail comes after the events of the same moment."""
    events = PlaceEvent.objects.filter(delegation=delegation).order_by("id")
    happenings = [
        Happening(event.at, event=event)
        for event in events.select_related("delegate", "workshop", "actor")
    ]
    mails = Message.objects.about(delegation).for_list().order_by("created_at", "id")
    happenings += [Happening(mail.created_at, mail=mail) for mail in mails]
    requests = delegation.paper_requests.select_related("entered_by")
    happenings += [Happening(one.entered_at, paper_request=one) for one in requests]
    return sorted(happenings, key=lambda happening: (happening.at, happening.mail is not None))
