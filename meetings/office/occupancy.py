"""How a meeting stands, in numbers: people by place, at the meeting and at each workshop."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext

from sscnet.figures.figure import Figure, Number

from ..models import Delegate, Delegation, Meeting, PlaceState, Workshop, WorkshopPlace
from . import waiting

MEETING_FILTER = "delegation__meeting__id__exact"
SHOWN = [state for state in PlaceState if state != PlaceState.NOT_ASKED]


@dataclass(frozen=True)
class LineOccupancy:
    """The places at the meeting, or at one workshop: how many are in each state."""

    workshop: Workshop | None
    capacity: int | None
    taken: int
    numbers: list[Number]


def list_of_people(meeting: Meeting, **filters) -> str:
    query = urlencode({MEETING_FILTER: meeting.pk, **filters})
    return f"{reverse('admin:meetings_delegate_changelist')}?{query}"


def by_place(meeting: Meeting) -> list[LineOccupancy]:
    """Count the people in each state: at the meeting, then at its workshops. Three queries."""
    people = Delegate.objects.filter(delegation__meeting=meeting).order_by().values_list("place")
    at_meeting = dict(people.annotate(Count("pk")))
    places = WorkshopPlace.objects.filter(workshop__meeting=meeting).order_by()
    counted = places.values_list("workshop", "place").annotate(Count("pk"))
    at_workshops = {(workshop, place): n for workshop, place, n in counted}
    numbers = [
        Number(at_meeting.get(state, 0), list_of_people(meeting, place__exact=state))
        for state in SHOWN
    ]
    lines = [LineOccupancy(None, meeting.capacity, meeting.taken, numbers)]
    for workshop in meeting.workshops.all():
        numbers = [
            Number(
                at_workshops.get((workshop.pk, state), 0),
                list_of_people(meeting, workshop=f"{workshop.pk}:{state}"),
            )
            for state in SHOWN
        ]
        lines.append(LineOccupancy(workshop, workshop.capacity, workshop.taken, numbers))
    return lines


def waiting_at(meeting: Meeting) -> dict[str, Figure]:
    """Count the people of a meeting who wait, by the name of what for, each with their list."""
    waits = {
        "approval": (gettext("to approve"), waiting.to_be_approved()),
        "place": (gettext("waiting"), waiting.in_line()),
        "name": (gettext("names missing"), waiting.to_be_named()),
    }
    return {
        name: Figure(label, [Number(count, list_of_people(meeting, waits=name))])
        for name, (label, rows) in waits.items()
        for count in [rows.filter(delegation__meeting=meeting).count()]
    }


def delegations_by_state(meeting: Meeting) -> list[Figure]:
    counts = dict(meeting.delegations.order_by().values_list("state").annotate(Count("pk")))

    page = reverse("admin:meetings_delegation_changelist")
    return [
        Figure(state.label, [Number(counts.get(state, 0), f"{page}?{query}")])
        for state in Delegation.State
        for query in [urlencode({"meeting__id__exact": meeting.pk, "state__exact": state})]
    ]
