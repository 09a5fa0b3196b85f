"""What a deed would do: it is done, looked at, and taken back. So what is shown is what happens."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, QuerySet

from members.models import Institution
from sscnet.outbox import post
from sscnet.outbox.models import Message

from .. import mails, places
from ..models import Delegate, Delegation, Meeting, PlaceEvent, Workshop
from ..places.locking import in_transaction

Kind = PlaceEvent.Kind
GIVES = (Kind.CONFIRMED, Kind.OFFERED)


@dataclass
class Person:
    """How it stands then with one person: the last event at the meeting and at each workshop."""

    delegate: Delegate
    institution: Institution
    last: dict[int | None, PlaceEvent] = field(default_factory=dict)

    @property
    def events(self) -> list[PlaceEvent]:
        return list(self.last.values())


@dataclass(frozen=True)
class Rehearsal[T]:
    """What a deed gave back, the events of places in their order, and the mails it wrote."""

    result: T
    events: list[PlaceEvent]
    mails: list[Message]

    @property
    def people(self) -> list[Person]:
        """Give everybody for whom something would change, in the order in which it does."""
        found: dict[int, Person] = {}
        for event in self.events:
            if event.delegate_id and event.kind != Kind.SKIPPED:
                person = Person(event.delegate, event.institution)
                person = found.setdefault(event.delegate_id, person)
                # An event that says how the place stands is not hidden by one that does not.
                if event.place or event.workshop_id not in person.last:
                    person.last[event.workshop_id] = event
        return list(found.values())

    @property
    def skipped(self) -> list[PlaceEvent]:
        """Give who would be passed over, once in each line, with the last reason."""
        skips = [event for event in self.events if event.kind == Kind.SKIPPED]
        return list({(event.delegate_id, event.workshop_id): event for event in skips}.values())


def rehearse[T](meetings: Iterable[Meeting], deed: Callable[[], T]) -> Rehearsal[T]:
    """Say what a deed with the places of these meetings would do at this moment.

    Nothing is changed, and nobody is told. Raises Busy, and what the deed raises.
    """
    keys = {meeting.pk for meeting in meetings}

    def whole() -> Rehearsal[T]:
        # Nobody else gives places until this is over: what comes after is of this deed.
        rows = Meeting.objects.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
        events = PlaceEvent.objects.filter(meeting__in=keys).order_by("id")
        last = events.aggregate(last=Max("id"))["last"] or 0
        due = set(unconfirmed(keys).values_list("pk", flat=True))
        with post.noting() as written:
            result = deed()
            # What the portal itself writes within a minute, of what was asked for just now.
            for delegation in unconfirmed(keys).exclude(pk__in=due):
                mails.confirm(delegation)
        new = events.filter(id__gt=last).select_related("delegate", "institution", "workshop")
        seen = Rehearsal(result, list(new), written)
        transaction.set_rollback(True)
        return seen

    return in_transaction(whole)


def unconfirmed(meetings: set[int]) -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(meeting__in=meetings, confirmation_due_at__isnull=False)
    return rows.select_related("meeting", "institution").order_by("pk")


# ------------------------------------------------------------------ numbers of places


@dataclass(frozen=True)
class NumberChange:
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


class ChangeRefused(Exception):
    """The change that cannot be made, and why."""

    def __init__(self, change: NumberChange, reason: places.PlacesError):
        self.change, self.reason = change, reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class Effect:
    """How many people get or are offered a place; `workshop` None means at the meeting."""

    workshop: Workshop | None
    confirmed: int
    offered: int


def make_changes(meeting: Meeting, changes: Iterable[NumberChange], actor) -> list[Effect]:
    """Make the changes together, or none; say what they did. Raises ChangeRefused."""
    with transaction.atomic():
        # Nobody else gives places until this is over: what comes after is of these changes.
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        events = PlaceEvent.objects.filter(meeting=meeting)
        last = events.aggregate(last=Max("id"))["last"] or 0
        for change in changes:
            try:
                change.make(meeting, actor)
            except places.PlacesError as reason:
                raise ChangeRefused(change, reason) from reason
        return effects(meeting, events.filter(id__gt=last))


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
