"""The programme as a reader wants it: day by day, what begins together side by side."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby

from ..models import AgendaItem, Meeting, Workshop


@dataclass
class TimetableEntry:
    """An item of the agenda, or a workshop with the items that belong to it."""

    begins: time | None
    ends: time | None
    item: AgendaItem | None = None
    workshop: Workshop | None = None
    talks: list[AgendaItem] = field(default_factory=list)

    @property
    def times(self):
        return self.begins, self.ends


# What happens at the same time.
type Slot = list[TimetableEntry]


def timetable(meeting: Meeting) -> tuple[dict[date, list[Slot]], list[Workshop]]:
    """Lay out agenda and workshops, in the meeting's own time; of prefetched rows, no query.

    Return the slots of each day in order, and the workshops of which no time is known.
    """
    entries, talks = defaultdict(list), defaultdict(list)
    for item in meeting.rows("agenda_items"):
        if item.workshop_id:
            talks[item.workshop_id, item.day].append(item)
        else:
            entries[item.day].append(TimetableEntry(item.begins, item.ends, item=item))
    untimed = []
    for workshop in meeting.rows("workshops"):
        days = {day for pk, day in talks if pk == workshop.pk} | first_day(workshop, meeting.zone)
        if not days:
            untimed.append(workshop)
        for day in days:
            entries[day].append(entry_of(workshop, day, talks[workshop.pk, day], meeting.zone))
    return {day: slots(entries[day]) for day in sorted(entries)}, untimed


def first_day(workshop, zone) -> set[date]:
    return {workshop.starts_at.astimezone(zone).date()} if workshop.starts_at else set()


def entry_of(workshop, day, talks, zone) -> TimetableEntry:
    """Return a workshop's part of a day; on days after its first one its items say when."""
    starts, ends = (at and at.astimezone(zone) for at in (workshop.starts_at, workshop.ends_at))
    begins = starts.time() if starts and starts.date() == day else None
    until = ends.time() if ends and ends.date() == day else None
    if begins is None and talks:
        begins = talks[0].begins
    return TimetableEntry(begins, until, workshop=workshop, talks=talks)


def slots(entries: list[TimetableEntry]) -> list[Slot]:
    entries.sort(key=lambda entry: (entry.begins or time.min, entry.ends or time.min))
    return [list(group) for _times, group in groupby(entries, lambda entry: entry.times)]
