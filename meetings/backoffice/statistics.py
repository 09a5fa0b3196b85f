"""Figures of a meeting: its people in all and divided, beside those of the meetings before it.

Each number knows the list of exactly as many people; one without a list is of people whose data are
erased.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from sscnet.core.charts import Chart, Value, horizontal_bars, vertical_bars
from sscnet.core.i18n.collation import sort_key

from ..models import Attendance, Meeting
from .answer_counts import count_answers
from .head_counts import (
    CONFIRMED,
    DIVISIONS,
    GENDER,
    PRESENT,
    Counts,
    Division,
    Door,
    earlier_meetings,
)
from .lists import NOT_CONFIRMED, NOT_NOTED
from .occupancy import LinkedCount

MOST_DRAWN = 8
EARLIER = "is-earlier"
# Without a check-in it is not known who came, which is not zero.
NOT_KNOWN = LinkedCount(None, "")


@dataclass(frozen=True)
class StatisticsRow:
    """The numbers of the meeting and of each one before it; of how many, and how many came."""

    label: str
    numbers: list[LinkedCount]
    whole: int = 0
    present: LinkedCount | None = None

    @property
    def count(self) -> int | None:
        return self.numbers[0].count

    @property
    def share(self) -> Decimal | None:
        """Return the share of the whole in percent."""
        if not self.whole or self.count is None:
            return None
        return (Decimal(100 * self.count) / self.whole).quantize(Decimal("0.1"))

    @property
    def cells(self) -> list[LinkedCount]:
        """Return the numbers as they stand on the page, those of earlier meetings last."""
        came = [self.present] if self.present else []
        return [self.numbers[0], *came, *self.numbers[1:]]


@dataclass(frozen=True)
class StatisticsTable:
    """A division: a line to each value, and the total below."""

    division: Division
    lines: list[StatisticsRow]
    total: StatisticsRow
    earlier: list[Meeting]

    @property
    def lines_and_total(self) -> list[StatisticsRow]:
        return [*self.lines, self.total]

    @cached_property
    def with_anybody(self) -> list[StatisticsRow]:
        """Return the lines worth drawing: with people now or the time before."""
        return [line for line in self.lines if any(n.count for n in line.numbers[:2])]

    @property
    def is_cut(self) -> bool:
        return len(self.with_anybody) > MOST_DRAWN

    @property
    def chart(self) -> Chart:
        """Draw this meeting and, in outline, the one before it."""
        return horizontal_bars([list(self.bars(line)) for line in self.with_anybody[:MOST_DRAWN]])

    def bars(self, line: StatisticsRow) -> Iterable[Value]:
        yield Value(line.label, line.count)
        for meeting, number in zip(self.earlier[:1], line.numbers[1:2], strict=True):
            yield Value(f"{line.label} ({meeting})", number.count, kind=EARLIER)


class MeetingStatistics:
    """All figures of a meeting.

    `opens_door` where the reader may see who walked in, `opens_answers` where who answered what.
    """

    def __init__(self, meeting: Meeting, *, opens_door: bool = False, opens_answers: bool = False):
        self.meeting = meeting
        self.opens_door, self.opens_answers = opens_door, opens_answers
        self.earlier = list(earlier_meetings(meeting))
        self.meetings = [meeting, *self.earlier]
        self.counts = [(division, Counts(self.meetings, division)) for division in DIVISIONS]
        self.door = Door(self.meetings)

    @cached_property
    def totals(self) -> Counter:
        """Count the people of each meeting: every one has an institution."""
        totals = Counter()
        for (meeting, _institution), n in self.counts[0][1].people.items():
            totals[meeting] += n
        return totals

    @property
    def years(self) -> list[tuple[Meeting, object]]:
        """Return each earlier meeting by its year, or by its first day where two share the year."""
        sharing = Counter(meeting.year for meeting in self.meetings)
        return [
            (m, m.starts_on if m.starts_on and sharing[m.year] > 1 else m.year)
            for m in self.earlier
        ]

    @cached_property
    def is_door_kept(self) -> bool:
        return self.door.is_kept_at(self.meeting)

    @property
    def own_columns(self) -> int:
        """Count the columns of this meeting: people, their share, and who came if that is known."""
        return 3 if self.is_door_kept else 2

    @property
    def has_counts_only(self) -> bool:
        """Return whether some numbers have no list of people."""
        return any(counts.kept for _division, counts in self.counts) or self.door.has_erased

    # -------------------------------------------------------------- in all

    @cached_property
    def in_all(self) -> list[StatisticsRow]:
        """Count the people of each meeting; and who came, where anybody was noted at the door."""
        lines = [self.total]
        if self.door:
            lines += [
                self.at_door(gettext("Of these present"), PRESENT),
                self.at_door(gettext("Of these absent"), Attendance.State.ABSENT),
                self.at_door(gettext("Of these not recorded"), NOT_NOTED),
            ]
        others = [
            self.others(gettext("Present without a confirmed place"), self.without_place),
            self.others(gettext("Walk-ins"), self.walk_ins),
        ]
        return lines + [line for line in others if any(n.count for n in line.numbers)]

    @cached_property
    def total(self) -> StatisticsRow:
        present = self.number(self.meeting, PRESENT) if self.is_door_kept else None
        numbers = [self.number(meeting) for meeting in self.meetings]
        whole = self.totals[self.meeting.pk]
        return StatisticsRow(gettext("Confirmed places"), numbers, whole, present)

    def at_door(self, label: str, state: str) -> StatisticsRow:
        numbers = [self.number(meeting, state) for meeting in self.meetings]
        return StatisticsRow(label, numbers, self.totals[self.meeting.pk])

    def others(self, label: str, number) -> StatisticsRow:
        return StatisticsRow(label, [number(meeting) for meeting in self.meetings])

    def number(self, meeting: Meeting, state: str = "") -> LinkedCount:
        """Count who has a place at the meeting, or who of these was noted so."""
        if not state:
            return linked(self.totals[meeting.pk], meeting)
        if not self.door.is_kept_at(meeting):
            return NOT_KNOWN
        count = self.door.of_places(meeting, state)
        if state == NOT_NOTED:
            noted = sum(self.door.of_places(meeting, one) for one in Attendance.State)
            count = self.totals[meeting.pk] - noted
        return linked(count, meeting, attendance=state)

    def without_place(self, meeting: Meeting) -> LinkedCount:
        if not self.door.is_kept_at(meeting):
            return NOT_KNOWN
        filters = {"attendance": PRESENT, "place": NOT_CONFIRMED}
        return linked(self.door.without_place(meeting), meeting, **filters)

    def walk_ins(self, meeting: Meeting) -> LinkedCount:
        """Walk-ins, listed by name at the check-in until they are erased."""
        if not self.door.is_kept_at(meeting):
            return NOT_KNOWN
        count, are_named = self.door.walk_ins(meeting)
        door = reverse("admin:meetings_meeting_desk_door", args=[meeting.pk])
        is_open = count and are_named and self.opens_door
        return LinkedCount(count, f"{door}#walk-ins" if is_open else "")

    # -------------------------------------------------------------- the meeting's own questions

    @cached_property
    def answers(self) -> list[tuple[str, list[StatisticsRow]]]:
        """Return each question with a line to each choice; other meetings did not ask it."""
        return [
            (str(counts.question), [self.answer(*choice) for choice in counts.choices])
            for counts in count_answers(self.meeting)
        ]

    def answer(self, key: str, label: str, n: int) -> StatisticsRow:
        number = linked(n, self.meeting, answer=key) if self.opens_answers else LinkedCount(n, "")
        earlier = [NOT_KNOWN] * len(self.earlier)
        return StatisticsRow(label, [number, *earlier], self.totals[self.meeting.pk])

    @property
    def overview(self) -> list[tuple[Meeting, tuple[LinkedCount]]]:
        """Turn the lines round: a row for each meeting."""
        columns = zip(*(line.numbers for line in self.in_all), strict=True)
        return list(zip(self.meetings, columns, strict=False))

    @property
    def chart(self) -> Chart:
        """Draw the people of each meeting, the first one on the left."""
        values = [
            Value(
                str(meeting),
                self.totals[meeting.pk],
                f"’{meeting.year % 100:02}" if meeting.year else "",
                "" if meeting is self.meeting else EARLIER,
            )
            for meeting in reversed(self.meetings)
        ]
        return vertical_bars(values)

    # -------------------------------------------------------------- divided

    @cached_property
    def tables(self) -> list[StatisticsTable]:
        return [
            StatisticsTable(division, self.lines(division, counts), self.total, self.earlier)
            for division, counts in self.counts
        ]

    def lines(self, division: Division, counts: Counts) -> list[StatisticsRow]:
        """Return a line to each value met, the largest now first; what is not stated comes last."""
        words = division.words({key for key in counts.keys if key})
        lines = [self.line(division, counts, key, label) for key, label in words.items()]
        if division is not GENDER:
            lines.sort(key=by_number)
        if "" in counts.keys:
            lines.append(self.line(division, counts, "", gettext("not stated")))
        return lines

    def line(self, division: Division, counts: Counts, key, label: str) -> StatisticsRow:
        filters = division.filters(key)

        def number(meeting: Meeting, counted: Counter, **more) -> LinkedCount:
            if counts.kept[meeting.pk, key]:
                return LinkedCount(counted[meeting.pk, key], "")
            return linked(counted[meeting.pk, key], meeting, **filters, **more)

        came = number(self.meeting, counts.present, attendance=PRESENT)
        return StatisticsRow(
            label,
            [number(meeting, counts.people) for meeting in self.meetings],
            self.totals[self.meeting.pk],
            came if self.is_door_kept else None,
        )


def linked(count: int, meeting: Meeting, **filters) -> LinkedCount:
    """Return the number with the list of these people, if there are any."""
    if not count:
        return LinkedCount(0, "")
    page = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
    return LinkedCount(count, f"{page}?{urlencode({'place': CONFIRMED, **filters})}")


def by_number(line: StatisticsRow) -> tuple:
    return [-number.count for number in line.numbers], sort_key(line.label)
