"""Figures of a meeting: its people in all and divided.

Each number knows the list of exactly as many people; one without a list is of people whose data are
erased.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from meetings.models import Attendance, Meeting
from sscnet.core.i18n.collation import sort_key
from sscnet.core.pages.charts import Chart, Value, horizontal_bars

from ..lists.columns import NOT_CONFIRMED, NOT_NOTED
from ..occupancy import LinkedCount
from .answer_counts import count_answers
from .head_counts import CONFIRMED, DIVISIONS, GENDER, PRESENT, Counts, Division, Door

MOST_DRAWN = 8


@dataclass(frozen=True)
class StatisticsRow:
    """A number, of how many, and how many of these came, where that was noted."""

    label: str
    number: LinkedCount
    whole: int = 0
    present: LinkedCount | None = None

    @property
    def share(self) -> Decimal | None:
        """Return the share of the whole in percent."""
        if not self.whole:
            return None
        return (Decimal(100 * self.number.count) / self.whole).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class StatisticsTable:
    """A division: a line to each value, and the total below."""

    division: Division
    lines: list[StatisticsRow]
    total: StatisticsRow

    @property
    def lines_and_total(self) -> list[StatisticsRow]:
        return [*self.lines, self.total]

    @property
    def is_cut(self) -> bool:
        return len(self.lines) > MOST_DRAWN

    @property
    def chart(self) -> Chart:
        drawn = self.lines[:MOST_DRAWN]
        return horizontal_bars([Value(line.label, line.number.count) for line in drawn])


class MeetingStatistics:
    """All figures of a meeting.

    `opens_door` where the reader may see who walked in, `opens_answers` where who answered what.
    """

    def __init__(self, meeting: Meeting, *, opens_door: bool = False, opens_answers: bool = False):
        self.meeting = meeting
        self.opens_door, self.opens_answers = opens_door, opens_answers
        self.counts = [(division, Counts(meeting, division)) for division in DIVISIONS]
        self.door = Door([meeting])

    @cached_property
    def people(self) -> int:
        """Count the people: every one has an institution."""
        return self.counts[0][1].people.total()

    @property
    def is_door_kept(self) -> bool:
        return bool(self.door)

    @property
    def has_counts_only(self) -> bool:
        """Return whether some numbers have no list of people."""
        return any(counts.kept for _division, counts in self.counts) or self.door.has_erased

    # -------------------------------------------------------------- in all

    @cached_property
    def in_all(self) -> list[StatisticsRow]:
        """Count the people; and who came, where anybody was noted at the door."""
        lines = [self.total]
        if self.is_door_kept:
            lines += [
                self.at_door(gettext("Of these present"), PRESENT),
                self.at_door(gettext("Of these absent"), Attendance.State.ABSENT),
                self.at_door(gettext("Of these not recorded"), NOT_NOTED),
            ]
        others = [
            StatisticsRow(gettext("Present without a confirmed place"), self.without_place),
            StatisticsRow(gettext("Walk-ins"), self.walk_ins),
        ]
        return lines + [line for line in others if line.number.count]

    @cached_property
    def total(self) -> StatisticsRow:
        present = self.noted(PRESENT) if self.is_door_kept else None
        number = linked(self.people, self.meeting)
        return StatisticsRow(gettext("Confirmed places"), number, self.people, present)

    def at_door(self, label: str, state: str) -> StatisticsRow:
        return StatisticsRow(label, self.noted(state), self.people)

    def noted(self, state: str) -> LinkedCount:
        """Count who of those with a place was noted so."""
        count = self.door.of_places(self.meeting, state)
        if state == NOT_NOTED:
            noted = sum(self.door.of_places(self.meeting, one) for one in Attendance.State)
            count = self.people - noted
        return linked(count, self.meeting, attendance=state)

    @property
    def without_place(self) -> LinkedCount:
        filters = {"attendance": PRESENT, "place": NOT_CONFIRMED}
        return linked(self.door.without_place(self.meeting), self.meeting, **filters)

    @property
    def walk_ins(self) -> LinkedCount:
        """Walk-ins, listed by name at the check-in until they are erased."""
        count, are_named = self.door.walk_ins(self.meeting)
        door = reverse("admin:meetings_meeting_desk_door", args=[self.meeting.pk])
        is_open = count and are_named and self.opens_door
        return LinkedCount(count, f"{door}#walk-ins" if is_open else "")

    # -------------------------------------------------------------- the meeting's own questions

    @cached_property
    def answers(self) -> list[tuple[str, list[StatisticsRow]]]:
        """Return each question with a line to each choice."""
        return [
            (str(counts.question), [self.answer(*choice) for choice in counts.choices])
            for counts in count_answers(self.meeting)
        ]

    def answer(self, key: str, label: str, n: int) -> StatisticsRow:
        number = linked(n, self.meeting, answer=key) if self.opens_answers else LinkedCount(n, "")
        return StatisticsRow(label, number, self.people)

    # -------------------------------------------------------------- divided

    @cached_property
    def tables(self) -> list[StatisticsTable]:
        return [
            StatisticsTable(division, self.lines(division, counts), self.total)
            for division, counts in self.counts
        ]

    def lines(self, division: Division, counts: Counts) -> list[StatisticsRow]:
        """Return a line to each value met, the largest first; what is not stated comes last."""
        words = division.words(set(counts.people) - {""})
        lines = [self.line(division, counts, key, label) for key, label in words.items()]
        if division is not GENDER:
            lines.sort(key=by_number)
        if "" in counts.people:
            lines.append(self.line(division, counts, "", gettext("not stated")))
        return lines

    def line(self, division: Division, counts: Counts, key, label: str) -> StatisticsRow:
        filters = division.filters(key)

        def number(counted: Counter, **more) -> LinkedCount:
            if counts.kept[key]:
                return LinkedCount(counted[key], "")
            return linked(counted[key], self.meeting, **filters, **more)

        came = number(counts.present, attendance=PRESENT) if self.is_door_kept else None
        return StatisticsRow(label, number(counts.people), self.people, came)


def linked(count: int, meeting: Meeting, **filters) -> LinkedCount:
    """Return the number with the list of these people, if there are any."""
    if not count:
        return LinkedCount(0, "")
    page = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
    return LinkedCount(count, f"{page}?{urlencode({'place': CONFIRMED, **filters})}")


def by_number(line: StatisticsRow) -> tuple:
    return -line.number.count, sort_key(line.label)
