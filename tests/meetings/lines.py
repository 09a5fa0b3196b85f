"""What tests of places share: delegations that asked, and how their places stand."""

from datetime import timedelta

from meetings import places
from meetings.models import Delegate, WorkshopPlace
from tests import make

from .conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def submitted(meeting, people=1, workshops=(), **fields):
    delegation = make.Delegation(
        meeting=meeting, people=people, people__workshops=workshops, **fields
    )
    places.submit(delegation, now=NOW)
    return delegation


def states(delegation):
    rows = Delegate.objects.filter(delegation=delegation)
    return [(row.place, row.reason) for row in rows]


def workshop_states(delegation):
    rows = WorkshopPlace.objects.filter(delegate__delegation=delegation).order_by("pk")
    return [(row.place, row.reason) for row in rows]


CONFIRMED, OFFERED, FULL = ("confirmed", ""), ("offered", ""), ("waiting", "full")
