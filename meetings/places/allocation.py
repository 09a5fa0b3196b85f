"""What one operation reads and changes of a meeting's places, and the one rule that gives them.

A `Book` is opened on a locked meeting. Operations change rows in memory, `settle` gives free places
to the lines, `write` puts all into the database: the counters first, then rows, offers and log.
A book that is never written serves as a preview.

A line is named by its workshop's id; None is the meeting's own. Between operations the lines are
settled: nobody waits whom a free place would fit. Therefore an operation looks at the rows it
touched, and at a whole line only where a place was freed there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.functional import cached_property

from sscnet.core.sql import run, run_for_one

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
from ..models.place_event import Event

type Line = int | None
type Row = Delegate | WorkshopPlace
type Group = list[Row]

Kind = PlaceEvent.Kind
NO_PLACE = {Reason.FULL, Reason.TOGETHER}


def line_of(row: Row) -> Line:
    return row.workshop_id if isinstance(row, WorkshopPlace) else None


def delegate_of(row: Row) -> Delegate:
    return row.delegate if isinstance(row, WorkshopPlace) else row


def delegation_by_id(delegation_id: int) -> QuerySet[Delegation]:
    exceptions = InstitutionQuota.objects.filter(
        meeting=OuterRef("meeting"), institution=OuterRef("institution")
    )
    found = Delegation.objects.filter(pk=delegation_id).order_by()
    return found.annotate(own_quota=Subquery(exceptions.values("quota")))


def locked_delegation(delegation_id: int) -> QuerySet[Delegation]:
    return delegation_by_id(delegation_id).select_for_update(no_key=True)


def people_of(delegation_id: int) -> QuerySet[Delegate]:
    return Delegate.objects.filter(delegation=delegation_id).order_by("pk")


def locked_people(delegation_id: int) -> QuerySet[Delegate]:
    return people_of(delegation_id).select_for_update(no_key=True)


def places_of(delegation_id: int) -> QuerySet[WorkshopPlace]:
    return WorkshopPlace.objects.filter(delegate__delegation=delegation_id).order_by()


class Book:
    def __init__(
        self,
        meeting: Meeting,
        workshops: dict[int, Workshop],
        *,
        now: datetime,
        actor=None,
        rule: str = "",
    ):
        self.meeting, self.workshops = meeting, workshops
        self.now, self.actor = now, actor
        # A preview may ask what another rule would give.
        self.rule = rule
        self.delegations: dict[int, Delegation] = {}
        self.delegates: dict[int, Delegate] = {}
        self.places: dict[int, WorkshopPlace] = {}
        # Lines in which a place was freed, and lines to look through without a place freed.
        self.freed: set[Line] = set()
        self.reconsidered: set[Line] = set()
        # Delegations whose rows are to be looked at, and those who just asked: they get a free
        # place at once, where others are offered it.
        self.opened: set[int] = set()
        self.own_quotas: dict[int, int | None] = {}
        self.examined: set[int] = set()
        self.asking: set[int] = set()
        # What this operation adds, and what it changed.
        self.fresh: set[Row] = set()
        self.change: Counter[Line] = Counter()
        self.held_more: Counter[int] = Counter()
        self.next_in_line = meeting.last_in_line
        self.changed: set[Row] = set()
        self.resaved: dict[int, Delegation] = {}
        self.offers: list[Offer] = []
        # Offers that are open no more, by delegate and line, and how they ended.
        self.ended_offers: dict[tuple[int, Line], str] = {}
        # Delegations to be reminded: of names that are missing, of offers and when the first ends.
        self.missing_names: set[int] = set()
        self.open_offers: dict[int, datetime] = {}
        self.events: list[Event] = []

    # -------------------------------------------------------------- reading

    def open_delegation(self, delegation_id: int, lock: bool = True) -> Delegation:
        """Load a delegation with all its rows, to be looked at when the lines are settled."""
        query = locked_delegation if lock else delegation_by_id
        delegation = run_for_one(query, delegation_id)
        self.own_quotas[delegation_id] = delegation.own_quota
        delegation = self.delegations.setdefault(delegation_id, delegation)
        delegation.meeting = self.meeting
        for delegate in run(locked_people if lock else people_of, delegation_id):
            delegate.delegation = delegation
            self.delegates.setdefault(delegate.pk, delegate)
        if self.workshops:
            for place in run(places_of, delegation_id):
                place.delegate = self.delegates[place.delegate_id]
                self.places.setdefault(place.pk, place)
        self.opened.add(delegation_id)
        self.examined.add(delegation_id)
        return delegation

    def load_workshop_places(self, delegation_ids: Iterable[int]) -> None:
        if self.workshops:
            places = WorkshopPlace.objects.filter(delegate__delegation__in=delegation_ids)
            self.adopt(places.select_related("delegate__delegation"))

    def adopt(self, rows: Iterable[Row]) -> None:
        """Take in rows from the database, unless they are here already, perhaps changed."""
        for row in rows:
            delegate = self.known(delegate_of(row))
            if isinstance(row, WorkshopPlace) and row.pk not in self.places:
                row.delegate = delegate
                self.places[row.pk] = row

    def known(self, delegate: Delegate) -> Delegate:
        delegation = self.delegations.setdefault(delegate.delegation_id, delegate.delegation)
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
        return holder.capacity - holder.taken - self.change[line]

    @property
    def is_closed(self) -> bool:
        """Tell whether the waiting list has ended, or there is no meeting to go to."""
        ends = self.meeting.waiting_list_ends_at
        return not self.meeting.takes_registrations or (ends is not None and ends <= self.now)

    @cached_property
    def quotas(self) -> dict[int, int]:
        exceptions = InstitutionQuota.objects.filter(meeting=self.meeting)
        return dict(exceptions.values_list("institution_id", "quota"))

    def quota(self, delegation: Delegation) -> int | None:
        if delegation.pk in self.opened:
            own = self.own_quotas[delegation.pk]
        else:
            own = self.quotas.get(delegation.institution_id)
        return self.meeting.quota if own is None else own

    @cached_property
    def held_before(self) -> Counter[int]:
        """Count the meeting places each delegation held before this operation."""
        held = Delegate.objects.taken().filter(delegation__meeting=self.meeting)
        rows = held.order_by().values_list("delegation_id").annotate(Count("pk"))
        return Counter(dict(rows))

    def held(self, delegation: Delegation) -> int:
        if delegation.pk in self.opened:
            return sum(delegate.is_taken for delegate in self.delegates_of(delegation))
        return self.held_before[delegation.pk] + self.held_more[delegation.pk]

    # -------------------------------------------------------------- changing rows

    def next_number(self) -> int:
        self.next_in_line += 1
        return self.next_in_line

    def put(self, row: Row, kind: str, place: str, reason: str = Reason.NONE, **noted) -> None:
        """Change how a place stands, and note it in the log."""
        line, delegation_id = line_of(row), delegate_of(row).delegation_id
        more = (place in TAKEN) - row.is_taken
        self.change[line] += more
        if line is None:
            self.held_more[delegation_id] += more
        if more < 0:
            self.freed.add(line)
        if row.place == PlaceState.OFFERED:
            self.ended_offers.setdefault((delegate_of(row).pk, line), Offer.Answer.VOID)
        row.place, row.reason = place, reason
        row.declined_at = self.now if place == PlaceState.DECLINED else None
        self.changed.add(row)
        self.note(kind, row, place=place, reason=reason, line=row.line, **noted)

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
        self.events.append(Event(self.now, kind, **noted))

    def resave(self, delegation: Delegation) -> None:
        self.resaved[delegation.pk] = delegation

    def ask(self, row: Row, number: int) -> None:
        """Put a row at the end of its line; settling gives it its place, or the reason to wait."""
        row.line, row.place = number, PlaceState.WAITING
        self.fresh.add(row)

    def end(self, row: Row, kind: str, place: str, reason: str) -> None:
        """Take a row out; with the place at the meeting go the delegate's workshops."""
        self.put(row, kind, place, reason)
        if isinstance(row, Delegate):
            for workshop_place in self.places_of(row):
                if workshop_place.is_active:
                    self.put(workshop_place, kind, place, Reason.WITH_MEETING)

    def give(self, row: Row) -> None:
        is_asking = delegate_of(row).delegation_id in self.asking
        if is_asking or self.meeting.giving == Meeting.Giving.AT_ONCE:
            is_fresh = row in self.fresh
            self.put(row, Kind.ASKED if is_fresh else Kind.CONFIRMED, PlaceState.CONFIRMED)
            return
        answer_by = self.now + timedelta(hours=self.meeting.answer_hours)
        self.put(row, Kind.OFFERED, PlaceState.OFFERED, answer_by=answer_by)
        offer = Offer(delegate=delegate_of(row), workshop_id=line_of(row), answer_by=answer_by)
        offer.made_at = self.now
        self.offers.append(offer)

    # -------------------------------------------------------------- the rule

    def settle(self) -> None:
        """Give the free places: first those of the meeting, which a place at a workshop needs."""
        self.settle_line(None)
        confirmed = {
            row.delegation_id
            for row in self.changed
            if isinstance(row, Delegate) and row.is_confirmed
        }
        if unknown := confirmed - self.examined:
            self.load_workshop_places(unknown)
            self.examined |= unknown
        for line in self.workshops:
            self.settle_line(line)

    def settle_line(self, line: Line) -> None:
        """Go through a line; the next place goes to the first in it whose rule fits."""
        is_freed = line in self.freed and not self.is_closed
        if is_freed or line in self.reconsidered:
            self.load_line(line)
            waiting = [row for row in self.rows(line) if row.is_waiting]
        else:
            waiting = [
                row
                for row in self.rows(line)
                if row.is_waiting and delegate_of(row).delegation_id in self.examined
            ]
        for group in self.groups(waiting):
            obstacle = self.obstacle(line, group)
            if not obstacle:
                for row in group:
                    self.give(row)
                continue
            if is_freed and self.free(line) > 0:
                for row in group:
                    self.note(Kind.SKIPPED, row, reason=obstacle, count=len(group))
            self.let_wait(group, obstacle)

    def groups(self, rows: Iterable[Row]) -> Iterator[Group]:
        """Part a line's rows into those who go together, by the first of them."""
        rows = sorted(rows, key=lambda row: (row.line, row.pk))
        together: dict[int, Group] = {}
        groups = []
        for row in rows:
            delegation = self.delegations[delegate_of(row).delegation_id]
            if (self.rule or delegation.rule) == Delegation.Rule.AS_MANY_AS_FIT:
                groups.append([row])
            elif delegation.pk in together:
                together[delegation.pk].append(row)
            else:
                together[delegation.pk] = [row]
                groups.append(together[delegation.pk])
        return iter(groups)

    def obstacle(self, line: Line, group: Group) -> str:
        """Say why these cannot be given places now; nothing where they can."""
        if self.is_closed:
            return Reason.CLOSED
        if line is None:
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
            if row in self.fresh:
                self.fresh.remove(row)
                self.put(row, Kind.ASKED, PlaceState.WAITING, reason)
            # Whether a few places or none are free comes and goes, and is no other reason.
            elif row.reason != reason and not {row.reason, reason} <= NO_PLACE:
                self.put(row, Kind.WAITS, PlaceState.WAITING, reason)
