"""The status of a delegation's places, read for the confirmation, the mails and the pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import Delegate, Delegation, Offer, PlaceState, Workshop, WorkshopPlace
from .allocation import Row, line_of


@dataclass(frozen=True)
class PlaceStatus:
    """One place of one delegate; without a workshop, at the meeting.

    `position` and `length` are those of the line for who waits, `answer_by` that of an open offer.
    """

    delegate: Delegate
    row: Row
    workshop: Workshop | None = None
    position: int | None = None
    length: int | None = None
    answer_by: datetime | None = None

    @property
    def place(self) -> str:
        return self.row.place

    @property
    def reason(self) -> str:
        return self.row.reason


def statuses(delegation: Delegation) -> list[PlaceStatus]:
    """Return each delegate's place at the meeting, and each place asked for at a workshop after it.

    Three queries, however many people; people come in the delegation's order.
    """
    delegates = with_position(
        Delegate.objects.filter(delegation=delegation),
        Delegate.objects.filter(delegation__meeting=delegation.meeting_id),
    )
    places = with_position(
        WorkshopPlace.objects.filter(delegate__delegation=delegation).select_related("workshop"),
        WorkshopPlace.objects.filter(workshop=OuterRef("workshop")),
    )
    offers = Offer.objects.open().filter(delegate__delegation=delegation)
    answer_by = {(o.delegate_id, o.workshop_id): o.answer_by for o in offers}
    found = []
    places = list(places)
    for delegate in delegates:
        own = [place for place in places if place.delegate_id == delegate.pk]
        for row in (delegate, *own):
            found.append(
                PlaceStatus(
                    delegate=delegate,
                    row=row,
                    workshop=None if row is delegate else row.workshop,
                    position=row.position_in_line if row.is_waiting else None,
                    length=row.length_of_line if row.is_waiting else None,
                    answer_by=answer_by.get((delegate.pk, line_of(row))),
                )
            )
    return found


def with_position(rows: QuerySet, line: QuerySet) -> QuerySet:
    """Annotate the rows with their position in line and the length of the line."""
    waiting = line.filter(place=PlaceState.WAITING).order_by()
    before = Q(line__lt=OuterRef("line")) | Q(line=OuterRef("line"), pk__lte=OuterRef("pk"))
    return rows.annotate(
        position_in_line=counted(waiting.filter(before)),
        length_of_line=counted(waiting),
    )


def counted(rows: QuerySet) -> Coalesce:
    total = rows.annotate(all=F("place")).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(total), 0)
