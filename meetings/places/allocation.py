"""What one operation reads and decides about a meeting's places, and the one rule that gives them.

An `Allocation` reads rows and changes them in memory only. `settle` gives free places to the lines;
`changes` is what `persistence` then writes. An allocation that is never written is a preview.

A line is named by its workshop's id; None is the meeting's own. Between operations the lines are
settled: no row waits that a free place would fit. Therefore an operation looks at the rows it
touched, and at a whole line only where a place was freed there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from ..models import (
    TAKEN,
    Delegate,
    Delegation,
    InstitutionQuota,
    Meeting,
    Offer,
    PlaceEvent,
    PlaceState,
    Reason,
    Workshop,
    WorkshopPlace,
)

type Line = int | None
type Row = Delegate | WorkshopPlace
# A row by its delegate and line: a workshop place that is not stored yet has no key of its own.
type RowKey = tuple[int, Line]
type Group = list[Row]
# A delegation, people of one delegation, one place at a workshop, or an offer.
type Target = Delegation | Delegate | list[Delegate] | WorkshopPlace | Offer

Kind = PlaceEvent.Kind
NO_PLACE = {Reason.FULL, Reason.TOGETHER}


def line_of(row: Row) -> Line:
    return row.workshop_id if isinstance(row, WorkshopPlace) else None


def delegate_of(row: Row | Offer) -> Delegate:
    return row if isinstance(row, Delegate) else row.delegate


def key_of(row: Row) -> RowKey:
    return (row.pk, None) if isinstance(row, Delegate) else (row.delegate_id, row.workshop_id)


def delegation_of(target: Target) -> Delegation:
    if isinstance(target, list):
        return target[0].delegation
    return target if isinstance(target, Delegation) else delegate_of(target).delegation


@dataclass
class PlaceChanges:
    """What an allocation decided: `persistence` writes it."""

    # Places taken in addition, by line, and whether numbers in line were given.
    taken: Counter[Line] = field(default_factory=Counter)
    gives_numbers: bool = False
    # Rows and delegations whose place, state or rule changed.
    rows: dict[RowKey, Row] = field(default_factory=dict)
    delegations: dict[int, Delegation] = field(default_factory=dict)
    # Other columns that changed, and rows that are new or not needed any more.
    columns: list[tuple[Model, tuple[str, ...]]] = field(default_factory=list)
    made: list[Model] = field(default_factory=list)
    removed: list[Model] = field(default_factory=list)
    # The persons in whose place another one comes, as they were, where there is an e-mail.
    swapped_out: dict[int, Delegate] = field(default_factory=dict)
    # Offers that are not open any more, and how they ended.
    ended_offers: dict[RowKey, str] = field(default_factory=dict)
    # Delegations to remind of missing names, and offers to remind of.
    reminders: list[Delegation | Offer] = field(default_factory=list)
    events: list[PlaceEvent] = field(default_factory=list)


class Allocation:
    """Places of one meeting: with `lock` its rows are locked, in this order: docs/developers.md."""

    def __init__(
        self,
        meeting_id: int,
        *,
        lock: bool = True,
        now: datetime | None = None,
        actor=None,
        told_later: dict[int, set[int]] | None = None,
    ):
        self.lock, self.actor = lock, actor
        # Delegations to which the caller writes, by key; it adds the people it touched.
        self.told_later = told_later or {}
        self.meeting = self.locked(Meeting.objects.order_by()).get(pk=meeting_id)
        workshops = self.locked(self.meeting.workshops.order_by("pk"))
        self.workshops = {workshop.pk: workshop for workshop in workshops}
        # The time after the wait for the lock: an offer may have lapsed meanwhile.
        self.now = now or timezone.now()
        self.delegations: dict[int, Delegation] = {}
        self.delegates: dict[int, Delegate] = {}
        self.places: dict[RowKey, WorkshopPlace] = {}
        # Delegations whose rows are all here.
        self.opened: set[int] = set()
        # Lines in which a place was freed, and lines to look through without a place freed.
        self.freed: set[Line] = set()
        self.reconsidered: set[Line] = set()
        # Rows that are asked for now, and delegations that get a free place at once, where others
        # are offered it.
        self.fresh: set[RowKey] = set()
        self.asking: set[int] = set()
        # Meeting places that delegations hold in addition.
        self.held_more: Counter[int] = Counter()
        self.changes = PlaceChanges()

    # -------------------------------------------------------------- reading

    def locked(self, rows: QuerySet) -> QuerySet:
        """Return the rows, which are locked when they are read, where this allocation locks."""
        return rows.select_for_update(no_key=True) if self.lock else rows

    def open(self, target: Target) -> list[Row]:
        """Load the delegation of a target with all its rows; return the rows of the target."""
        delegation = self.open_delegation(delegation_of(target).pk)
        if isinstance(target, Delegation):
            return self.delegates_of(delegation)
        if isinstance(target, list):
            return [self.delegates[delegate.pk] for delegate in target]
        return [self.row(delegate_of(target).pk, getattr(target, "workshop_id", None))]

    def open_delegation(self, delegation_id: int) -> Delegation:
        if delegation_id in self.opened:
            return self.delegations[delegation_id]
        exceptions = InstitutionQuota.objects.filter(
            meeting=OuterRef("meeting"), institution=OuterRef("institution")
        )
        delegations = Delegation.objects.annotate(own_quota=Subquery(exceptions.values("quota")))
        found = self.locked(delegations.order_by()).get(pk=delegation_id)
        # Loaded with a line it may be here already, and changed: that one counts.
        delegation = self.delegations.setdefault(delegation_id, found)
        delegation.meeting, delegation.own_quota = self.meeting, found.own_quota
        for delegate in self.locked(found.delegates.order_by("pk")):
            delegate.delegation = delegation
            self.delegates.setdefault(delegate.pk, delegate)
        if self.workshops:
            places = WorkshopPlace.objects.filter(delegate__delegation=found)
            for place in places.order_by():
                place.delegate = self.delegates[place.delegate_id]
                self.places.setdefault(key_of(place), place)
        self.opened.add(delegation_id)
        return delegation

    def adopt(self, rows: Iterable[Row]) -> None:
        """Take in rows from the database, unless they are here already, perhaps changed."""
        for row in rows:
            delegate = self.known(delegate_of(row))
            if isinstance(row, WorkshopPlace):
                row.delegate = delegate
                self.places.setdefault(key_of(row), row)

    def known(self, delegate: Delegate) -> Delegate:
        delegation = self.delegations.setdefault(delegate.delegation_id, delegate.delegation)
        # One object for all: rows with a meeting of their own would count by stale numbers.
        delegation.meeting = self.meeting
        delegate.delegation = delegation
        return self.delegates.setdefault(delegate.pk, delegate)

    def load_line(self, line: Line) -> None:
        if line is None:
            waiting = Delegate.objects.waiting().filter(delegation__meeting=self.meeting)
            self.adopt(waiting.select_related("delegation"))
        else:
            waiting = WorkshopPlace.objects.waiting().filter(workshop=line)
            self.adopt(waiting.select_related("delegate__delegation"))

    def row(self, delegate_id: int, line: Line) -> Row:
        return self.delegates[delegate_id] if line is None else self.places[delegate_id, line]

    def rows(self, line: Line) -> Iterator[Row]:
        if line is None:
            return iter(self.delegates.values())
        return (place for place in self.places.values() if place.workshop_id == line)

    def delegates_of(self, delegation: Delegation) -> list[Delegate]:
        rows = [d for d in self.delegates.values() if d.delegation_id == delegation.pk]
        return sorted(rows, key=lambda delegate: (delegate.position, delegate.pk))

    def places_of(self, delegate: Delegate) -> list[WorkshopPlace]:
        return [place for place in self.places.values() if place.delegate_id == delegate.pk]

    # -------------------------------------------------------------- counting

    def holder(self, line: Line) -> Meeting | Workshop:
        return self.meeting if line is None else self.workshops[line]

    def free(self, line: Line) -> int:
        holder = self.holder(line)
        if holder.capacity is None or holder.cancelled_at:
            return 0
        return holder.capacity - holder.taken - self.changes.taken[line]

    @property
    def is_closed(self) -> bool:
        """Whether the waiting list has ended, or the meeting takes no registrations."""
        ends = self.meeting.waiting_list_ends_at
        return not self.meeting.takes_registrations or (ends is not None and ends <= self.now)

    @cached_property
    def exceptions(self) -> dict[int, InstitutionQuota]:
        return {own.institution_id: own for own in self.meeting.quotas.all()}

    def quota(self, delegation: Delegation) -> int | None:
        # An opened one was read with its quota; for the others all exceptions are read at once.
        if delegation.pk in self.opened:
            own = delegation.own_quota
        else:
            exception = self.exceptions.get(delegation.institution_id)
            own = exception and exception.quota
        return self.meeting.quota if own is None else own

    @cached_property
    def held_before(self) -> Counter[int]:
        """The meeting places each delegation held before this operation."""
        held = Delegate.objects.taken().filter(delegation__meeting=self.meeting)
        rows = held.order_by().values_list("delegation_id").annotate(Count("pk"))
        return Counter(dict(rows))

    def held(self, delegation: Delegation) -> int:
        if delegation.pk in self.opened:
            return sum(delegate.is_taken for delegate in self.delegates_of(delegation))
        return self.held_before[delegation.pk] + self.held_more[delegation.pk]

    # -------------------------------------------------------------- changing rows

    def put(self, row: Row, kind: str, place: str, reason: str = Reason.NONE, **noted) -> None:
        """Change the state of a place, and note it in the log."""
        line, delegation_id = line_of(row), delegate_of(row).delegation_id
        more = (place in TAKEN) - row.is_taken
        self.changes.taken[line] += more
        if line is None:
            self.held_more[delegation_id] += more
        if more < 0:
            self.freed.add(line)
        if row.place == PlaceState.OFFERED:
            # Who answers it, or finds it lapsed, says so afterwards.
            self.changes.ended_offers.setdefault(key_of(row), Offer.Answer.VOID)
        row.place, row.reason = place, reason
        row.declined_at = self.now if place == PlaceState.DECLINED else None
        self.mark(row)
        self.note(kind, row, place=place, reason=reason, line=row.line, **noted)

    def mark(self, row: Row) -> None:
        self.changes.rows[key_of(row)] = row

    def mark_delegation(self, delegation: Delegation) -> None:
        self.changes.delegations[delegation.pk] = delegation

    def change(self, row: Model, **values) -> None:
        """Change other columns of a row than those of its place."""
        for name, value in values.items():
            setattr(row, name, value)
        self.changes.columns.append((row, tuple(values)))

    def note(self, kind: str, row: Row | None = None, **noted) -> None:
        if row is not None:
            delegate = delegate_of(row)
            delegation = self.delegations[delegate.delegation_id]
            noted |= {
                "workshop_id": line_of(row),
                "delegate_id": delegate.pk,
                "delegation_id": delegation.pk,
                "institution_id": delegation.institution_id,
            }
        noted |= {"meeting_id": self.meeting.pk, "actor_id": self.actor and self.actor.pk}
        self.changes.events.append(PlaceEvent(at=self.now, kind=kind, **noted))

    def ask_for_new(self, delegation: Delegation) -> list[Row]:
        """Put who has not asked yet at the end of the lines, in the delegation's order.

        A delegate's workshops get the delegate's number: who waits for the meeting waits there too,
        in the order of submission. A workshop asked for later gets a number of its own.
        """
        asked: list[Row] = []
        approves = self.meeting.approval == Meeting.Approval.AT_ONCE
        for delegate in self.delegates_of(delegation):
            wishes = [p for p in self.places_of(delegate) if p.place == PlaceState.NOT_ASKED]
            if delegate.place == PlaceState.NOT_ASKED:
                delegate.approved_at = self.now if approves else None
                asked += self.ask([delegate, *wishes])
            elif delegate.is_active and wishes:
                asked += self.ask(wishes)
        return asked

    def ask(self, rows: list[Row]) -> list[Row]:
        """Put rows of a delegate at the end of their lines, to get a place or a reason to wait."""
        self.meeting.last_in_line += 1
        self.changes.gives_numbers = True
        for row in rows:
            row.line, row.place = self.meeting.last_in_line, PlaceState.WAITING
            self.fresh.add(key_of(row))
            self.asking.add(delegate_of(row).delegation_id)
        return rows

    def end(self, row: Row, kind: str, place: str, reason: str) -> None:
        """Take a row out; with the place at the meeting go the delegate's workshops."""
        self.put(row, kind, place, reason)
        if isinstance(row, Delegate):
            for workshop_place in self.places_of(row):
                if workshop_place.is_active:
                    self.put(workshop_place, kind, place, Reason.WITH_MEETING)

    def give(self, row: Row) -> None:
        # Who asks now takes a free place at once; who moves up later may be offered it.
        is_asking = delegate_of(row).delegation_id in self.asking
        if is_asking or self.meeting.giving == Meeting.Giving.AT_ONCE:
            kind = Kind.ASKED if key_of(row) in self.fresh else Kind.CONFIRMED
            self.put(row, kind, PlaceState.CONFIRMED)
            return
        answer_by = self.now + timedelta(hours=self.meeting.answer_hours)
        self.put(row, Kind.OFFERED, PlaceState.OFFERED, answer_by=answer_by)
        delegate, line = delegate_of(row), line_of(row)
        self.changes.made.append(
            Offer(delegate=delegate, workshop_id=line, made_at=self.now, answer_by=answer_by)
        )

    # -------------------------------------------------------------- the rule

    def reconsider_all(self) -> None:
        self.reconsidered |= {None, *self.workshops}

    def settle(self) -> None:
        """Return the free places: first those of the meeting, which a place at a workshop needs."""
        self.settle_line(None)
        if self.workshops:
            confirmed = {
                row.delegation_id
                for row in self.changes.rows.values()
                if isinstance(row, Delegate) and row.is_confirmed
            }
            # Only now a place at their workshops can be theirs, and those rows are not here yet.
            if unknown := confirmed - self.opened:
                places = WorkshopPlace.objects.filter(delegate__delegation__in=unknown)
                self.adopt(places.select_related("delegate__delegation"))
        for line in self.workshops:
            self.settle_line(line)

    def settle_line(self, line: Line) -> None:
        """Go through a line; the next place goes to the first in it whose rule fits."""
        is_freed = line in self.freed and not self.is_closed
        if is_freed or line in self.reconsidered:
            self.load_line(line)
        for group in self.groups(row for row in self.rows(line) if row.is_waiting):
            obstacle = self.obstacle(line, group)
            if not obstacle:
                for row in group:
                    self.give(row)
                continue
            # The log answers who was passed over while a place was free, and why.
            if is_freed and self.free(line) > 0:
                for row in group:
                    self.note(Kind.SKIPPED, row, reason=obstacle, count=len(group))
            self.let_wait(group, obstacle)

    def groups(self, rows: Iterable[Row]) -> Iterable[Group]:
        """Part a line's rows into those who go together, by the first of them."""
        groups: dict[RowKey | int, Group] = {}
        for row in sorted(rows, key=lambda row: (row.line, key_of(row))):
            delegation = self.delegations[delegate_of(row).delegation_id]
            key = delegation.pk if delegation.is_all_together else key_of(row)
            groups.setdefault(key, []).append(row)
        return groups.values()

    def obstacle(self, line: Line, group: Group) -> str:
        """Return why these cannot be given places now; nothing where they can."""
        if self.is_closed:
            return Reason.CLOSED
        if line is None:
            # Approval and quota count at the meeting alone: a workshop takes whom the meeting took.
            if not all(delegate.approved_at for delegate in group):
                return Reason.APPROVAL
            delegation = self.delegations[group[0].delegation_id]
            quota = self.quota(delegation)
            if quota is not None and self.held(delegation) + len(group) > quota:
                return Reason.QUOTA
        elif not all(place.delegate.is_confirmed for place in group):
            return Reason.MEETING
        free = self.free(line)
        if len(group) <= free:
            return Reason.NONE
        return Reason.TOGETHER if free > 0 else Reason.FULL

    def let_wait(self, group: Group, reason: str) -> None:
        for row in group:
            if key_of(row) in self.fresh:
                self.fresh.remove(key_of(row))
                self.put(row, Kind.ASKED, PlaceState.WAITING, reason)
            # Whether a few places or none are free comes and goes, and is no other reason.
            elif row.reason != reason and not {row.reason, reason} <= NO_PLACE:
                self.put(row, Kind.WAITS, PlaceState.WAITING, reason)
