"""Checks that the log of places and the tables agree.

The last event with a `place` of each delegate and line says how that place stands, the last with a
`count` how many places there are. So the log alone rebuilds every place.
"""

from dataclasses import dataclass

from django.db.models import Count

from ..models import Delegate, Meeting, Offer, PlaceEvent, PlaceState, WorkshopPlace

type Key = tuple[int, int | None]


@dataclass(frozen=True)
class Stand:
    """The state of a place: what the log and the tables are compared by."""

    place: str
    reason: str
    line: int | None


def rebuild(meeting: Meeting) -> dict[Key, Stand]:
    """Read each place from the log alone, by delegate and workshop; None is the meeting."""
    events = PlaceEvent.objects.filter(meeting=meeting).exclude(place="")
    last = events.order_by("delegate_id", "workshop_id", "-pk").distinct(
        "delegate_id", "workshop_id"
    )
    return {
        (event.delegate_id, event.workshop_id): Stand(event.place, event.reason, event.line)
        for event in last
    }


def read(meeting: Meeting) -> dict[Key, Stand]:
    """Read each place from the tables; who has not asked yet has none."""
    delegates = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="")
    places = WorkshopPlace.objects.filter(workshop__meeting=meeting).exclude(place="")
    return {
        (delegate.pk, None): Stand(delegate.place, delegate.reason, delegate.line)
        for delegate in delegates
    } | {
        (place.delegate_id, place.workshop_id): Stand(place.place, place.reason, place.line)
        for place in places
    }


def disagreements(meeting: Meeting) -> list[str]:
    """Return where log, tables and counters differ; nothing when all is well."""
    logged, stored = rebuild(meeting), read(meeting)
    found = [
        f"delegate {key[0]}, workshop {key[1] or '-'}:"
        f" log {logged.get(key)}, table {stored.get(key)}"
        for key in sorted(logged.keys() | stored.keys(), key=str)
        if logged.get(key) != stored.get(key)
    ]
    return found + wrong_counters(meeting, logged) + wrong_offers(meeting, stored)


def wrong_counters(meeting: Meeting, logged: dict[Key, Stand]) -> list[str]:
    meeting = Meeting.objects.get(pk=meeting.pk)
    found = []
    for holder, line in [(meeting, None), *((w, w.pk) for w in meeting.workshops.all())]:
        taken = sum(
            key[1] == line and stand.place in (PlaceState.CONFIRMED, PlaceState.OFFERED)
            for key, stand in logged.items()
        )
        if taken != holder.taken:
            found.append(
                f"{holder._meta.model_name} {holder.pk}: log {taken} taken, counter {holder.taken}"
            )
        capacities = PlaceEvent.objects.filter(
            meeting=meeting, workshop=line, kind=PlaceEvent.Kind.CAPACITY
        )
        last = capacities.order_by("pk").last()
        if last and last.count != holder.capacity:
            found.append(
                f"{holder._meta.model_name} {holder.pk}: log {last.count} places, table"
                f" {holder.capacity}"
            )
    return found


def wrong_offers(meeting: Meeting, stored: dict[Key, Stand]) -> list[str]:
    """Compare the open offers with the places that stand as offered."""
    offers = Offer.objects.open().filter(delegate__delegation__meeting=meeting)
    by_place = offers.values_list("delegate_id", "workshop_id").annotate(Count("pk"))
    opened = {(delegate, workshop) for delegate, workshop, _n in by_place.order_by()}
    offered = {key for key, stand in stored.items() if stand.place == PlaceState.OFFERED}
    return [
        f"delegate {key[0]}, workshop {key[1] or '-'}: an offer without an offered place, or a"
        " place without its offer"
        for key in sorted(opened ^ offered, key=str)
    ]
