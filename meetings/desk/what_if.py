"""What another number of places would do, person by person: done, looked at, and taken back."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from ..models import Meeting, PlaceEvent
from ..rehearsal import GIVES, Change, make_changes

Kind = PlaceEvent.Kind


def who_would_move(meeting: Meeting, changes: Iterable[Change], actor) -> list[PlaceEvent]:
    """List who would get or be offered a place, and whom the line would pass over, in its order.

    Nothing is changed, and nobody is told. Raises Refused where a change cannot be made.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        events = PlaceEvent.objects.filter(meeting=meeting)
        last = events.aggregate(last=Max("id"))["last"] or 0
        make_changes(meeting, changes, actor)
        found = events.filter(id__gt=last, kind__in=[*GIVES, Kind.SKIPPED]).order_by("id")
        moved = list(found.select_related("delegate", "institution", "workshop"))
        transaction.set_rollback(True)
    return moved
