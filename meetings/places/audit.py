"""Checks that the log of places and the tables agree.

The last event with a `place` of each delegate and line says how that place stands, the last with a
`count` how many places there are. So the log alone rebuilds every place.
"""

from django.db.models import QuerySet

from ..models import TAKEN, Delegate, Meeting, Offer, PlaceEvent, PlaceState, WorkshopPlace

# A place by its delegate and workshop, None for the meeting; and its state, reason and number.
type Key = tuple[int, int | None]
type Stands = dict[Key, tuple]


def rebuild(meeting: Meeting) -> Stands:
    """Read each place from the log alone."""
    place = ("delegate_id", "workshop_id")
    events = PlaceEvent.objects.filter(meeting=meeting).order_by(*place, "-pk").distinct(*place)
    return stands(events.exclude(place=""), *place)


def read(meeting: Meeting) -> Stands:
    """Read each place from the tables; who has not asked yet has none."""
    people = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="")
    places = WorkshopPlace.objects.filter(workshop__meeting=meeting).exclude(place="")
    of_people = {(pk, None): stand for (pk,), stand in stands(people, "pk").items()}
    return of_people | stands(places, "delegate_id", "workshop_id")


def stands(rows: QuerySet, *key: str) -> dict[tuple, tuple]:
    found = rows.values_list(*key, "place", "reason", "line")
    return {row[: len(key)]: row[len(key) :] for row in found}


def disagreements(meeting: Meeting) -> list[str]:
    """Return where log, tables and counters differ; nothing when all is well."""
    logged, stored = rebuild(meeting), read(meeting)
    offers = Offer.objects.open().filter(delegate__delegation__meeting=meeting)
    offered = {key for key, (place, *_why) in stored.items() if place == PlaceState.OFFERED}
    opened = set(offers.values_list("delegate_id", "workshop_id"))
    wrong = {
        key: f"log {logged.get(key)}, table {stored.get(key)}"
        for key in logged.keys() | stored.keys()
        if logged.get(key) != stored.get(key)
    }
    wrong |= dict.fromkeys(offered ^ opened, "an offer without its place, or a place without it")
    found = [f"delegate {pk}, workshop {line or '-'}: {text}" for (pk, line), text in wrong.items()]
    return sorted(found) + wrong_counters(meeting, logged)


def wrong_counters(meeting: Meeting, logged: Stands) -> list[str]:
    meeting = Meeting.objects.get(pk=meeting.pk)
    capacities = PlaceEvent.objects.filter(meeting=meeting, kind=PlaceEvent.Kind.CAPACITY)
    found = []
    for holder, line in [(meeting, None), *((w, w.pk) for w in meeting.workshops.all())]:
        taken = sum(key[1] == line and stand[0] in TAKEN for key, stand in logged.items())
        last = capacities.filter(workshop=line).order_by("pk").last()
        counted = (taken, last.count if last else holder.capacity)
        if counted != (holder.taken, holder.capacity):
            found.append(
                f"{holder._meta.model_name} {holder.pk}: log {counted[0]} taken, counter "
                f"{holder.taken}; log {counted[1]} places, table {holder.capacity}"
            )
    return found
