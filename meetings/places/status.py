"""How it stands with a delegation's places: for the confirmation, the mail and the pages."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Delegate, Delegation, Offer, PlaceState, Workshop, WorkshopPlace
from . import locking
from .allocation import Book, Line, Row, delegate_of, line_of


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


@dataclass
class LinePreview:
    """What `submit` would give now in one line; without a workshop, at the meeting."""

    workshop: Workshop | None
    free: int
    waiting_before: int
    given: list[Delegate] = field(default_factory=list)
    waiting: list[Delegate] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    never_fits: bool = False

    @property
    def asked(self) -> int:
        return len(self.given) + len(self.waiting)

    @property
    def positions(self) -> list[int]:
        """Give the places in line of those who would wait, in their order."""
        return [self.waiting_before + n for n, _ in enumerate(self.waiting, start=1)]


def standings(delegation: Delegation) -> list[PlaceStatus]:
    """List each delegate's place at the meeting, and each place asked for at a workshop after it.

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


def preview(
    delegation: Delegation, *, rule: str = "", now: datetime | None = None
) -> list[LinePreview]:
    """Say what `submit` would give now, line by line, the meeting's first; nothing is written.

    Takes no lock, so it can change until it is sent. `rule` asks what another rule would give. A
    line in which nobody asks for anything is left out.
    """
    meeting, workshops = locking.read_meeting(delegation.meeting_id)
    book = Book(meeting, workshops, now=now or timezone.now(), rule=rule)
    delegation = book.open_delegation(delegation.pk, lock=False)
    free = {line: book.free(line) for line in [None, *workshops]}
    asked = ask_for_new(book, delegation)
    waiting = count_waiting(book)
    never = lines_that_never_fit(book, delegation)
    book.settle()
    previews = []
    for line in [None, *workshops]:
        rows = sorted((r for r in asked if line_of(r) == line), key=lambda r: (r.line, r.pk))
        if not rows:
            continue
        one = LinePreview(workshops.get(line), max(free[line], 0), waiting[line])
        for row in rows:
            (one.given if row.is_taken else one.waiting).append(delegate_of(row))
        one.reasons = sorted({row.reason for row in rows if row.is_waiting})
        one.never_fits = line in never
        previews.append(one)
    return previews


def count_waiting(book: Book) -> dict[Line, int]:
    meeting = Delegate.objects.waiting().filter(delegation__meeting=book.meeting).count()
    places = WorkshopPlace.objects.waiting().filter(workshop__in=list(book.workshops)).order_by()
    counts = dict(places.values_list("workshop").annotate(Count("pk")))
    return {None: meeting} | {line: counts.get(line, 0) for line in book.workshops}


def lines_that_never_fit(book: Book, delegation: Delegation) -> set[Line]:
    """Name the lines where all together are more than capacity or quota will ever hold."""
    if (book.rule or delegation.rule) != Delegation.Rule.ALL_TOGETHER:
        return set()
    found = set()
    for line in [None, *book.workshops]:
        size = sum(
            row.is_waiting and delegate_of(row).delegation_id == delegation.pk
            for row in book.rows(line)
        )
        most = book.holder(line).capacity or 0
        quota = book.quota(delegation)
        if line is None and quota is not None:
            most = min(most, quota - book.held(delegation))
        if size > most:
            found.add(line)
    return found


def ask_for_new(book: Book, delegation: Delegation) -> list[Row]:
    """Put who has not asked yet at the end of the lines, in the delegation's order.

    A delegate's workshops get the delegate's number: who waits for the meeting waits there too, in
    the order of submission. A workshop asked for later gets a number of its own.
    """
    asked: list[Row] = []
    approves = book.meeting.approval == book.meeting.Approval.AT_ONCE
    for delegate in book.delegates_of(delegation):
        is_new = delegate.place == PlaceState.NOT_ASKED
        wishes = [p for p in book.places_of(delegate) if p.place == PlaceState.NOT_ASKED]
        if not is_new and not (delegate.is_active and wishes):
            continue
        number = book.next_number()
        if is_new:
            delegate.approved_at = book.now if approves else None
            book.ask(delegate, number)
            asked.append(delegate)
        for wish in wishes:
            book.ask(wish, number)
            asked.append(wish)
    book.asking.add(delegation.pk)
    return asked
