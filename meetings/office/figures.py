"""Figures of a meeting: its people in all and divided, as a page and as files.

Each number knows the list of exactly as many people; one without a list is of people whose data are
erased. Erasing changes no number. The figures name no persons, so their export is not logged.
"""

from collections import Counter
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, F, Func, IntegerField
from django.utils import timezone
from django.utils.translation import gettext

from members.models import Institution
from sscnet.codelists.models import Country
from sscnet.core.i18n.collation import sort_key
from sscnet.core.personal_data.fields import may_see
from sscnet.figures.figure import Figure, Number
from sscnet.figures.files import short_answer
from sscnet.figures.section import FigureSection, FigureTable

from ..models import (
    Attendance,
    Delegate,
    DelegateAnswer,
    Erasure,
    Meeting,
    MeetingQuestion,
)
from .lists.columns import CONFIRMED, NOT_CONFIRMED, NOT_NOTED, NOT_STATED
from .pages import desk_address, desk_page, show_desk

PRESENT, ABSENT = Attendance.State.PRESENT, Attendance.State.ABSENT


class DeskFigures:
    """All figures of a meeting: each a number, and how many of these came if noted.

    `opens_check_in` where the reader may see who walked in, `opens_answers` where who answered
    what.
    """

    def __init__(
        self, meeting: Meeting, *, opens_check_in: bool = False, opens_answers: bool = False
    ):
        self.meeting = meeting
        self.opens_check_in, self.opens_answers = opens_check_in, opens_answers
        rows = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="")
        rows = rows.values(
            *("place", "gender", "erased_at"),
            state=F("attendance__state"),
            institution=F("delegation__institution"),
            country=F("delegation__institution__country"),
        )
        self.asked = list(rows)
        self.people = [row for row in self.asked if row["place"] == CONFIRMED]
        walk_ins = meeting.attendances.walk_ins().present()
        self.walked_in = walk_ins.aggregate(people=Count("pk"), erased=Count("erased_at"))
        self.is_noted = self.walked_in["people"] or any(row["state"] for row in self.asked)
        # Erased, a row knows no gender any more: how many there were is in the protocols.
        protocols = Erasure.objects.filter(meeting=meeting).values_list("genders", flat=True)
        self.erased = [
            (gender, state, n)
            for genders in protocols
            for gender, place, state, n in genders
            if place == CONFIRMED
        ]

    @property
    def has_counts_only(self) -> bool:
        """Return whether some numbers have no list of people."""
        return bool(self.erased or self.walked_in["erased"])

    @cached_property
    def sections(self) -> list[FigureSection]:
        return [
            FigureSection("total", gettext("Total"), figures=self.in_all),
            self.divided(
                "institution", gettext("By institution"), gettext("Institution"), Institution
            ),
            self.divided("country", gettext("By country"), gettext("Country"), Country),
            self.divided("gender", gettext("By gender"), gettext("Gender")),
            *self.answers(),
        ]

    def linked(self, count: int, **filters) -> Number:
        """Return the number with the list of these people, if there are any."""
        if not count:
            return Number(0)
        query = urlencode({"place": CONFIRMED, **filters})
        return Number(count, f"{desk_address(self.meeting, 'desk_list')}?{query}")

    # -------------------------------------------------------------- in all

    @property
    def in_all(self) -> list[Figure]:
        """Count the people; and who came, where anybody was noted at the door."""
        figures = [self.total]
        if self.is_noted:
            figures += [
                Figure(gettext("Of these present"), [self.noted(PRESENT)]),
                Figure(gettext("Of these absent"), [self.noted(ABSENT)]),
                Figure(gettext("Of these not recorded"), [self.noted(NOT_NOTED)]),
            ]
        if n := sum(one["state"] == PRESENT and one["place"] != CONFIRMED for one in self.asked):
            number = self.linked(n, attendance=PRESENT, place=NOT_CONFIRMED)
            figures.append(Figure(gettext("Present without a confirmed place"), [number]))
        if n := self.walked_in["people"]:
            # They are listed by name at the check-in until they are erased.
            is_open = self.opens_check_in and not self.walked_in["erased"]
            page = f"{desk_address(self.meeting, 'desk_check_in')}#walk-ins" if is_open else ""
            figures.append(Figure(gettext("Walk-ins"), [Number(n, page)]))
        return figures

    @cached_property
    def total(self) -> Figure:
        present = [self.noted(PRESENT)] if self.is_noted else []
        return Figure(gettext("Confirmed places"), [self.linked(len(self.people)), *present])

    def noted(self, state: str) -> Number:
        """Count who of those with a place was noted so."""
        count = sum((person["state"] or NOT_NOTED) == state for person in self.people)
        return self.linked(count, attendance=state)

    # -------------------------------------------------------------- divided

    def divided(self, name: str, title: str, heading: str, model=None) -> FigureSection:
        """Return a figure to each value met: records, the largest number first, or the genders.

        What is not stated comes last.
        """
        known = [one for one in self.people if model or not one["erased_at"]]
        rows = [(one[name] or "", one["state"], 1) for one in known]
        erased = [] if model else self.erased
        people, present = Counter(), Counter()
        for key, state, n in [*rows, *erased]:
            people[key] += n
            present[key] += n if state == PRESENT else 0
        # Of people who are erased; the list of those who state nothing has them, too.
        kept = {key for key, _state, _n in erased} | ({""} if erased else set())

        def figure(key, label: str) -> Figure:
            def number(count: int, **more) -> Number:
                filters = {name: key or NOT_STATED} | more
                return Number(count) if key in kept else self.linked(count, **filters)

            came = [number(present[key], attendance=PRESENT)] if self.is_noted else []
            return Figure(label, [number(people[key]), *came])

        words = {gender.value: str(gender.label) for gender in Delegate.Gender if gender}
        if model:
            met = model.objects.in_bulk(set(people) - {""})
            words = {key: str(record) for key, record in met.items()}
        figures = [figure(key, label) for key, label in words.items() if key in people]
        if model:
            figures.sort(key=lambda one: (-one.number.value, sort_key(one.label)))
        if "" in people:
            figures.append(figure("", gettext("not stated")))
        columns = [gettext("People"), *([gettext("Present")] if self.is_noted else [])]
        table = FigureTable(name, heading, columns, figures, total=self.total)
        return FigureSection(name, title, table=table)

    # -------------------------------------------------------------- the meeting's own questions

    def answers(self) -> list[FigureSection]:
        """Return each question with a figure to each choice."""
        answers = DelegateAnswer.objects.filter(
            question__meeting=self.meeting, delegate__place=CONFIRMED
        ).order_by()
        each = Func("chosen", function="unnest", output_field=IntegerField())
        rows = answers.values_list("question", each).annotate(Count("pk"))
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


# ------------------------------------------------------------------ the pages


def figures_for(user, meeting: Meeting) -> DeskFigures:
    return DeskFigures(
        meeting,
        opens_check_in=user.has_perm("meetings.change_attendance"),
        opens_answers=may_see(user, DelegateAnswer, "chosen"),
    )


@desk_page("figures/", "desk_figures", "meetings.view_delegate")
def figures(request, meeting):
    context = {"figures": figures_for(request.user, meeting)}
    return show_desk(request, meeting, "figures", gettext("Figures"), context)


@desk_page("figures/export.<str:kind>", "desk_figures_file", "meetings.view_delegate")
def figures_file(request, meeting, kind):
    found = figures_for(request.user, meeting)
    title = f"{meeting} ({meeting.year})" if meeting.year else str(meeting)
    came = [gettext("Of these present")] if found.is_noted else []
    headers = [gettext("Figures"), "", title, *came]
    name = f"figures-{meeting.slug}-{timezone.localdate().isoformat()}"
    return short_answer(name, kind, headers, found.sections)
