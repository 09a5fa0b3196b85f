"""Figures of activities: courses, and who was trained in them, exact numbers and bounds apart."""

from collections import Counter
from dataclasses import replace

from django.utils.translation import gettext

from meetings.models import Meeting
from projects.catalogue.filters import BOUNDED, EXACT
from sscnet.facets.params import Params
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

    def courses(self, key: str, code="", year: int | None = None) -> tuple[Number, Number]:
        """Return how many courses there are, of a year or with such numbers, and their people."""
        params = (self.of(year) if year else self.params).with_value("kind", COURSE.value)
        params = params.with_value("numbers", code) if code else params
        these = [
            one
            for one in self.meetings
            if one.kind == COURSE
            and year in (None, one.year)
            and (not code or (one.pk in self.people and code == self.exactness(one)))
        ]
        number = self.number(f"{self.prefix}.{key}", params, these)
        people = sum(self.people.get(one.pk, 0) for one in these)
        bounds = {one.participants_bound for one in these} if code == BOUNDED else ()
        total = bounded(replace(number, value=people), bounds)
        return number, total if these else Number(None)

    def of(self, year: int) -> Params:
        return self.params.without("year").with_value("year", str(year))

    def exactness(self, meeting: Meeting) -> str:
        return BOUNDED if meeting.participants_bound and meeting.pk not in self.numbers else EXACT

    def trained(self, label: str, code: str, definition: str) -> Figure:
        stated, people = self.courses(code, code)
        return Figure(label, [people], definition, self.courses("courses")[0], stated)

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
        these = [meeting for meeting in self.meetings if meeting.year == year]
        number = self.number(f"{self.prefix}.{year}", self.of(year), these)
        courses, _people = self.courses(f"courses.{year}", year=year)
        _courses, people = self.courses(f"{EXACT}.{year}", EXACT, year)
        return Figure(str(year), [number, courses, people])
