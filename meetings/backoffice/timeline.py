"""The timeline of a delegation: what happened to its places, and the mails about it."""

from dataclasses import dataclass
from datetime import datetime

from sscnet.outbox.models import Message

from ..models import Delegation, PlaceEvent


@dataclass(frozen=True)
class Happening:
    """Something that happened: an event of a place, or a mail that was written."""

    at: datetime
    event: PlaceEvent | None = None
    mail: Message | None = None


def story(delegation: Delegation) -> list[Happening]:
    """Return all from the beginning; a mail comes after the events of the same moment."""
    events = PlaceEvent.objects.filter(delegation=delegation).order_by("id")
    happenings = [
        Happening(event.at, event=event)
        for event in events.select_related("delegate", "workshop", "actor")
    ]
    mails = Message.objects.about(delegation).for_list().order_by("created_at", "id")
    happenings += [Happening(mail.created_at, mail=mail) for mail in mails]
    return sorted(happenings, key=lambda happening: (happening.at, happening.mail is not None))
