"""Who comes to a meeting, as far as the public may know."""

from dataclasses import dataclass, field

from members.models import Institution
from sscnet.core.i18n.collation import sort_key

from ..models import Delegate, MeetingInstitution
from .page import MeetingPage


@dataclass
class Attending:
    """An institution that comes or came, and those of its people who agreed to be named."""

    institution: Institution
    people: list[Delegate] = field(default_factory=list)


def who_comes(page: MeetingPage) -> list[Attending]:
    """Return the institutions that came, by record or by a confirmed place, sorted by name."""
    came = {
        link.institution_id: Attending(link.institution)
        for link in page.meeting.rows("meeting_institutions")
        if link.role == MeetingInstitution.Role.ATTENDED
    }
    for delegation in page.delegations:
        attending = Attending(delegation.institution)
        came.setdefault(delegation.institution_id, attending).people = delegation.rows_read[
            "delegates"
        ]
    return sorted(came.values(), key=lambda one: sort_key(str(one.institution)))
