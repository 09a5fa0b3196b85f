"""Figures of a meeting: its people in all and divided.

Each number knows the list of exactly as many people; one without a list is of people whose data are
erased.
"""

from collections import Counter
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext

from meetings.models import Attendance, DelegateAnswer, Meeting, MeetingQuestion
from sscnet.core.i18n.collation import sort_key
from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureSection, FigureTable

from ..lists.columns import NOT_CONFIRMED, NOT_NOTED
from .head_counts import CONFIRMED, DIVISIONS, GENDER, PRESENT, CheckIn, Counts, Division


class MeetingStatistics:
    """All figures of a meeting: each a number, and how many of these came if noted.

    `opens_check_in` where the reader may see who walked in, `opens_answers` where who answered
    what.
    """

    def __init__(
        self, meeting: Meeting, *, opens_check_in: bool = False, opens_answers: bool = False
    ):
        self.meeting = meeting
        self.opens_check_in, self.opens_answers = opens_check_in, opens_answers
        self.counts = [(division, Counts(meeting, division)) for division in DIVISIONS]
        self.check_in = CheckIn(meeting)
        # Every one has an institution.
        self.people = self.counts[0][1].people.total()

    @property
    def has_counts_only(self) -> bool:
        """Return whether some numbers have no list of people."""
        return any(counts.kept for _division, counts in self.counts) or any(
            self.check_in.erased.values()
        )

    @cached_property
    def sections(self) -> list[FigureSection]:
        in_all = FigureSection("total", gettext("Total"), figures=self.in_all)
        divided = [self.divided(division, counts) for division, counts in self.counts]
        return [in_all, *divided, *self.answers()]

    def linked(self, count: int, **filters) -> Number:
        """Return the number with the list of these people, if there are any."""
        if not count:
            return Number(0)
        page = reverse("admin:meetings_meeting_desk_list", args=[self.meeting.pk])
        return Number(count, f"{page}?{urlencode({'place': CONFIRMED, **filters})}")

    # -------------------------------------------------------------- in all

    @property
    def in_all(self) -> list[Figure]:
        """Count the people; and who came, where anybody was noted at the door."""
        figures = [self.total]
        if self.check_in:
            figures += [
                Figure(gettext("Of these present"), [self.noted(PRESENT)]),
                Figure(gettext("Of these absent"), [self.noted(Attendance.State.ABSENT)]),
                Figure(gettext("Of these not recorded"), [self.noted(NOT_NOTED)]),
            ]
        others = [
            Figure(gettext("Present without a confirmed place"), [self.without_place]),
            Figure(gettext("Walk-ins"), [self.walk_ins]),
        ]
        return figures + [figure for figure in others if figure.number.value]

    @cached_property
    def total(self) -> Figure:
        present = [self.noted(PRESENT)] if self.check_in else []
        return Figure(gettext("Confirmed places"), [self.linked(self.people), *present])

    def noted(self, state: str) -> Number:
        """Count who of those with a place was noted so."""
        count = self.check_in.noted[CONFIRMED, state]
        if state == NOT_NOTED:
            count = self.people - sum(self.check_in.noted[CONFIRMED, x] for x in Attendance.State)
        return self.linked(count, attendance=state)

    @property
    def without_place(self) -> Number:
        filters = {"attendance": PRESENT, "place": NOT_CONFIRMED}
        return self.linked(self.check_in.without_place, **filters)

    @property
    def walk_ins(self) -> Number:
        """Walk-ins, listed by name at the check-in until they are erased."""
        count, erased = (one[None, PRESENT] for one in (self.check_in.noted, self.check_in.erased))
        check_in = reverse("admin:meetings_meeting_desk_check_in", args=[self.meeting.pk])
        is_open = count and not erased and self.opens_check_in
        return Number(count, f"{check_in}#walk-ins" if is_open else "")

    # -------------------------------------------------------------- divided

    def divided(self, division: Division, counts: Counts) -> FigureSection:
        """Return a figure to each value met, the largest first; what is not stated comes last."""
        words = division.words(set(counts.people) - {""})
        figures = [self.of_value(division, counts, key, label) for key, label in words.items()]
        if division is not GENDER:
            figures.sort(key=lambda one: (-one.number.value, sort_key(one.label)))
        if "" in counts.people:
            figures.append(self.of_value(division, counts, "", gettext("not stated")))
        columns = [gettext("People"), *([gettext("Present")] if self.check_in else [])]
        table = FigureTable(
            division.name, str(division.heading), columns, figures, total=self.total
        )
        return FigureSection(division.name, str(division.title), table=table)

    def of_value(self, division: Division, counts: Counts, key, label: str) -> Figure:
        def number(counted: Counter, **more) -> Number:
            if counts.kept[key]:
                return Number(counted[key])
            return self.linked(counted[key], **division.filters(key), **more)

        present = [number(counts.present, attendance=PRESENT)] if self.check_in else []
        return Figure(label, [number(counts.people), *present])

    # -------------------------------------------------------------- the meeting's own questions

    def answers(self) -> list[FigureSection]:
        """Return each question with a figure to each choice."""
        answers = DelegateAnswer.objects.filter(
            question__meeting=self.meeting, delegate__place=CONFIRMED
        ).order_by()
        rows = answers.values_list("question", "chosen").annotate(Count("pk"))
        counts = {(question, chosen): n for question, chosen, n in rows}
        columns = [gettext("People")]

        def figure(question, chosen, label) -> Figure:
            count, key = counts.get((question.pk, chosen), 0), f"{question.pk}-{chosen}"
            number = self.linked(count, answer=key) if self.opens_answers else Number(count)
            return Figure(label, [number])

        return [
            FigureSection(
                "answers",
                str(question),
                table=FigureTable(
                    "answers",
                    gettext("Answer"),
                    columns,
                    [figure(question, *option) for option in question.options],
                ),
            )
            for question in self.meeting.questions.filter(kind=MeetingQuestion.Kind.CHOICE)
        ]
