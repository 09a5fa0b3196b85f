"""How a meeting stands, in numbers: people by place, at the meeting and at each workshop."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from sscnet.figures.figure import Figure, Number

from ..models import Delegate, Delegation, Meeting, PlaceState, Workshop, WorkshopPlace
from .waiting import DelegateWaitsFilter, waiting_for

MEETING_FILTER = "delegation__meeting__id__exact"
SHOWN = [state for state in PlaceState if state != PlaceState.NOT_ASKED]


def list_of_people(meeting: Meeting, **filters) -> str:
    query = urlencode({MEETING_FILTER: meeting.pk, **filters})
    return f"{reverse('admin:meetings_delegate_changelist')}?{query}"


def by_place(meeting: Meeting) -> list[tuple[Meeting | Workshop, list[Number]]]:
    """Count the people in each state: at the meeting, then at its workshops. Three queries."""
    people = Delegate.objects.filter(delegation__meeting=meeting).order_by().values_list("place")
    places = WorkshopPlace.objects.filter(workshop__meeting=meeting).order_by()
    counted = {(meeting, place): n for place, n in people.annotate(Count("pk"))}
    workshops = {workshop.pk: workshop for workshop in meeting.workshops.all()}
    for key, place, n in places.values_list("workshop", "place").annotate(Count("pk")):
        counted[workshops[key], place] = n

    def number(where: Meeting | Workshop, state: str) -> Number:
        address = list_of_people(meeting, place__exact=state)
        if where != meeting:
            page = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
            address = f"{page}?{urlencode({'workshop': where.pk, 'place': state})}"
        return Number(counted.get((where, state), 0), address)

    lines = [meeting, *workshops.values()]
    return [(where, [number(where, state) for state in SHOWN]) for where in lines]


def waiting_at(meeting: Meeting) -> list[Figure]:
    """Count the people of a meeting who wait, by what for, each with their list. One query."""
    people, cases = Delegate.objects.filter(delegation__meeting=meeting), DelegateWaitsFilter.cases
    keys = {name: rows(people).order_by().values("pk") for name, (_label, rows) in cases.items()}
    counts = people.aggregate(
        **{name: Count("pk", filter=Q(pk__in=found)) for name, found in keys.items()}
    )
    return [
        Figure(waiting_for(label), [Number(counts[name], list_of_people(meeting, waits=name))])
        for name, (label, _rows) in cases.items()
    ]


def delegations_by_state(meeting: Meeting) -> list[Figure]:
    counts = dict(meeting.delegations.order_by().values_list("state").annotate(Count("pk")))
    page = reverse("admin:meetings_delegation_changelist")
    return [
        Figure(state.label, [Number(counts.get(state, 0), f"{page}?{query}")])
        for state in Delegation.State
        for query in [urlencode({"meeting__id__exact": meeting.pk, "state__exact": state})]
    ]
