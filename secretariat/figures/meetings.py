"""Figures of meetings, and of who came where the meeting says so."""

from dataclasses import replace
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from meetings.models import Meeting
from meetings.programme.activities import ActivityFilter
from meetings.programme.filters import PUBLISHED, WITH_WOMEN
from meetings.programme.numbers import numbers_of_each, people_of_each
from sscnet.core.i18n.texts import guessed
from sscnet.core.records import samples
from sscnet.facets.params import Params
from sscnet.figures.figure import Figure, Number, bounded
from sscnet.figures.section import FigureTable

YEARS = ("year", "year_from", "year_to", samples.SAMPLES)


class MeetingFigures:
    """Of the Network’s own meetings of the years asked for; `lists` as in `ProjectFigures`."""

    page, prefix = "meetings:list", "meetings"

    def __init__(self, data, lists: dict[str, tuple[str, list]]):
        self.listing = ActivityFilter.listing({name: data.getlist(name) for name in YEARS})
        self.params, self.lists = self.listing.params, lists

    @cached_property
    def everything(self) -> list[Meeting]:
        """Read the meetings and activities of these years."""
        return self.listing.records(list(self.listing.ids))

    @cached_property
    def meetings(self) -> list[Meeting]:
        return [meeting for meeting in self.everything if meeting.is_own]

    @cached_property
    def numbers(self):
        return numbers_of_each(self.everything)

    @cached_property
    def people(self) -> dict[int, int]:
        return people_of_each(self.everything)

    def number(self, key: str, params: Params, meetings: list[Meeting]) -> Number:
        self.lists[key] = ("meeting", [meeting.pk for meeting in meetings])
        return Number(len(meetings), reverse(self.page) + params.query(), key)

    def section(self) -> dict:
        figures = [
            Figure(
                gettext("Meetings"),
                [self.number("meetings", self.params, self.meetings)],
                gettext("Meetings on record here, those to come too, by their year."),
            ),
            *self.by_kind(Meeting.Kind),
            self.came(
                gettext("People present"),
                PUBLISHED,
                gettext(
                    "As noted at the door, or else as a source states; “at least” and “about” count"
                    " as they stand. Who came to two meetings counts twice."
                ),
                self.people,
                {meeting.participants_bound for meeting in self.meetings},
            ),
            self.came(
                gettext("Women among those present"),
                WITH_WOMEN,
                gettext(
                    "Not shown for a meeting where women, or the others whose gender is known, are"
                    " fewer than five."
                ),
                {pk: one.women for pk, one in self.numbers.items() if one.women is not None},
            ),
        ]
        note = gettext("Meetings are filtered by year only.")
        return {"note": note, "figures": figures, "table": self.table()}

    def by_kind(self, kinds) -> list[Figure]:
        figures = []
        for kind in kinds:
            of_kind = [meeting for meeting in self.meetings if meeting.kind == kind]
            if of_kind:
                params = self.params.with_value("kind", kind.value)
                number = self.number(f"{self.prefix}.{kind}", params, of_kind)
                definition = gettext("Meetings of this kind.")
                figures.append(Figure(capfirst(str(kind.label)), [number], definition))
        return figures

    def came(self, label: str, code: str, definition: str, known: dict, bounds=()) -> Figure:
        """Add up what is told of the meetings that have this value of the filter of numbers."""
        telling = [meeting for meeting in self.meetings if meeting.pk in known]
        params = self.params.with_value("numbers", code)
        stated = self.number(f"meetings.{code}", params, telling)
        total = replace(stated, value=sum(known[one.pk] for one in telling))
        return Figure(
            label,
            [bounded(total, bounds) if telling else Number(None)],
            definition,
            self.number("meetings", self.params, self.meetings),
            stated,
        )

    def table(self) -> FigureTable | None:
        shown = [meeting for meeting in self.meetings if meeting.pk in self.people]
        if not shown:
            return None
        columns = [gettext("People"), gettext("Institutions"), gettext("Countries")]
        columns.append(gettext("Women"))
        rows = [self.row(meeting) for meeting in shown]
        return FigureTable("meeting", gettext("Meeting"), columns, rows)

    def row(self, meeting: Meeting) -> Figure:
        """Return the numbers of a meeting: its own page is where they stand."""
        numbers, key = self.numbers.get(meeting.pk), f"meeting.{meeting.pk}"
        self.lists[key] = ("meeting", [meeting.pk])
        address = meeting.get_absolute_url()
        noted = numbers and (numbers.institutions, numbers.countries, numbers.women)
        known = (self.people[meeting.pk], *(noted or (None,) * 3))
        label = guessed(f"{meeting} ({meeting.year})" if meeting.year else str(meeting))
        cells = [Number(n, address, key) if n is not None else Number(None) for n in known]
        if not noted:
            cells[0] = bounded(cells[0], {meeting.participants_bound})
        return Figure(str(label), cells, lang=label.lang)
