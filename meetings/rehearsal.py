"""What a change of places would do: it is done, looked at, and taken back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from members.models import Institution

from . import places
from .models import Meeting, PlaceEvent, Workshop

Kind = PlaceEvent.Kind
GIVES = (Kind.CONFIRMED, Kind.OFFERED)


@dataclass(frozen=True)
class Change:
    """A new number: of places at a meeting or workshop, or of an institution's or all quotas."""

    what: Meeting | Workshop | Institution | None
    before: int | None
    after: int | None

    @property
    def is_quota(self) -> bool:
        return self.what is None or isinstance(self.what, Institution)

    def make(self, meeting: Meeting, actor) -> None:
        if not self.is_quota:
            places.set_capacity(self.what, self.after, actor=actor)
        elif self.what is None:
            places.set_quota(meeting, self.after, actor=actor)
        else:
            places.set_quota(meeting, self.after, institution=self.what, actor=actor)


class Refused(Exception):
    """The change that cannot be made, and why."""

    def __init__(self, change: Change, reason: places.PlacesError):
        self.change, self.reason = change, reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class Effect:
    """How many people get or are offered a place; `workshop` None means at the meeting."""

    workshop: Workshop | None
    confirmed: int
    offered: int


def make_changes(meeting: Meeting, changes: Iterable[Change], actor) -> list[Effect]:
    """Make the changes together, or none; say what they did. Raises Refused."""
    with transaction.atomic():
        # Nobody else gives places until this is over: what comes after is of these changes.
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        events = PlaceEvent.objects.filter(meeting=meeting)
        last = events.aggregate(last=Max("id"))["last"] or 0
        for change in changes:
            try:
                change.make(meeting, actor)
            except places.PlacesError as reason:
                raise Refused(change, reason) from reason
        return effects(meeting, events.filter(id__gt=last))


def rehearse(meeting: Meeting, changes: Iterable[Change], actor) -> list[Effect]:
    """Say what the changes would do at this moment; nothing is changed. Raises Refused."""
    with transaction.atomic():
        found = make_changes(meeting, changes, actor)
        transaction.set_rollback(True)
    return found


def effects(meeting: Meeting, events) -> list[Effect]:
    given = events.filter(kind__in=GIVES).values_list("workshop", "kind")
    counts = Counter(given)
    holders = [None, *meeting.workshops.all()]
    found = [
        Effect(
            holder,
            counts[holder and holder.pk, Kind.CONFIRMED],
            counts[holder and holder.pk, Kind.OFFERED],
        )
        for holder in holders
    ]
    return [effect for effect in found if effect.confirmed or effect.offered]
