"""Figures of activities: courses, and who was trained in them, exact numbers and bounds apart."""

from collections import Counter
from dataclasses import replace

from django.utils.translation import gettext

from meetings.models import Meeting
from meetings.programme.filters import BOUNDED, EXACT
from sscnet.figures.figure import Figure, Number, bounded
from sscnet.figures.section import FigureTable

from .meetings import MeetingFigures

COURSE = Meeting.Kind.TRAINING_COURSE


class ActivityFigures(MeetingFigures):
    """As the list of activities shows them; only people of training courses are trained."""

    page, prefix = "meetings:activities:list", "activities"

    def __init__(self, beside: MeetingFigures):
        self.listing, self.params, self.lists = beside.listing, beside.params, beside.lists
        self.meetings, self.numbers, self.people = beside.everything, beside.numbers, beside.people

    def section(self) -> dict:
        everything = gettext("All on record here, the Network’s own meetings too, by their year.")
        figures = [
            Figure(
                gettext("Activities"),
                [self.number(self.prefix, self.params, self.meetings)],
                everything,
            ),
            *self.by_kind([kind for kind in Meeting.Kind if kind not in Meeting.OWN_KINDS]),
            self.trained(
                gettext("People trained, exact numbers"),
                EXACT,
                gettext("Of the training courses whose source states an exact number."),
            ),
            self.trained(
                gettext("People trained, other numbers"),
                BOUNDED,
                gettext("Of the training courses whose source states “at least” or “about”."),
            ),
        ]
        note = gettext("Activities are filtered by year only. People of forums count nowhere here.")
        return {"note": note, "figures": figures, "table": self.table()}

    def of(self, key: str, code="", year: int | None = None) -> tuple[Number, list[Meeting]]:
        """Return how many training courses there are, of a year or with such numbers, and them."""
        params = self.params.with_value("kind", COURSE.value)
        params = params.without("year").with_value("year", str(year)) if year else params
        params = params.with_value("numbers", code) if code else params
        these = [
            one
            for one in self.meetings
            if one.kind == COURSE
            and year in (None, one.year)
            and (not code or (one.pk in self.people and code == self.exactness(one)))
        ]
        return self.number(f"{self.prefix}.{key}", params, these), these

    def exactness(self, meeting: Meeting) -> str:
        return BOUNDED if meeting.participants_bound and meeting.pk not in self.numbers else EXACT

    def people_in(self, key: str, code: str, year: int | None = None) -> Number:
        stated, courses = self.of(key, code, year)
        if not courses:
            return Number(None)
        total = replace(stated, value=sum(self.people[one.pk] for one in courses))
        bounds = {one.participants_bound for one in courses} if code == BOUNDED else ()
        return bounded(total, bounds)

    def trained(self, label: str, code: str, definition: str) -> Figure:
        stated, _courses = self.of(code, code)
        whole, _all = self.of("courses")
        return Figure(label, [self.people_in(code, code)], definition, whole, stated)

    def table(self) -> FigureTable | None:
        columns = [
            gettext("Activities"),
            gettext("Training courses"),
            gettext("People trained, exact numbers"),
        ]
        counted = Counter(meeting.year for meeting in self.meetings if meeting.year)
        rows = [self.of_year(year) for year in sorted(counted, reverse=True)]
        return FigureTable("year-of-activity", gettext("Year"), columns, rows) if rows else None

    def of_year(self, year: int) -> Figure:
        params = self.params.without("year").with_value("year", str(year))
        these = [meeting for meeting in self.meetings if meeting.year == year]
        courses, _these = self.of(f"courses.{year}", year=year)
        cells = [
            self.number(f"{self.prefix}.{year}", params, these),
            courses,
            self.people_in(f"{EXACT}.{year}", EXACT, year),
        ]
        return Figure(str(year), cells)
