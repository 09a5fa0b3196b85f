"""Who comes to a meeting, as far as the public may know."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from members.models import Institution
from sscnet.records.collation import sort_key

from .models import Delegate, Meeting, MeetingInstitution


@dataclass
class Attending:
    """An institution that comes or came, and those of its people who agreed to be named."""

    institution: Institution
    people: list[Delegate] = field(default_factory=list)


def who_comes(meeting: Meeting) -> list[Attending]:
    """Give the institutions that came by record or have a confirmed place, by name."""
    came = {
        link.institution_id: Attending(link.institution)
        for link in meeting.meeting_institutions.all()
        if link.role == MeetingInstitution.Role.ATTENDED
    }
    listed = Prefetch("delegates", Delegate.objects.listed(), to_attr="listed")
    delegations = meeting.delegations.with_places().select_related("institution")
    for delegation in delegations.prefetch_related(listed):
        key = delegation.institution_id
        came.setdefault(key, Attending(delegation.institution)).people = delegation.listed
    return sorted(came.values(), key=lambda one: sort_key(str(one.institution)))
