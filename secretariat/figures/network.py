"""All figures of the Network, section by section."""

from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext

from projects.catalogue.filters import ProjectFilter
from sscnet.core.i18n.dates import partial_date
from sscnet.core.i18n.texts import translated
from sscnet.facets.engine import Index, current
from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureSection, Statement

from ..models import DatedFigure, Introduction, SectionName
from .activities import ActivityFigures
from .meetings import MeetingFigures
from .projects import ProjectFigures
from .seen import seen_by_month


class NetworkFigures:
    """The figures that an address asks for, and under `lists` the records behind each number."""

    def __init__(self, data, index: Index | None = None, until: int | None = None):
        self.until = until
        self.lists: dict[str, tuple[str, list]] = {}
        self.listing = ProjectFilter.listing(data, index or current(ProjectFilter))
        self.projects = ProjectFigures(self.listing, self.lists)
        self.meetings = MeetingFigures(data, self.lists)

    def section(self, name: str) -> FigureSection:
        made = {
            SectionName.PROJECTS: self.projects.projects,
            SectionName.MONEY: self.projects.money,
            SectionName.PEOPLE: self.projects.people,
            SectionName.MEETINGS: self.meetings.section,
            SectionName.ACTIVITIES: lambda: ActivityFigures(self.meetings).section(),
            SectionName.EACH: self.projects.each,
            SectionName.STATEMENTS: partial(statements, self.until),
            SectionName.SEEN: partial(seen_by_month, self.until),
            SectionName.NEEDS: partial(brokered, self.until),
        }
        parts = made[name]() if name in made else self.projects.divided(name)
        return FigureSection(name, str(SectionName(name).label), **parts)

    def sections(self) -> list[FigureSection]:
        of_reports = {SectionName.EACH, SectionName.SEEN, SectionName.NEEDS}
        return [self.section(name) for name in SectionName if name not in of_reports]


def statements(until: int | None = None) -> dict:
    """Return the newest dated statement of each figure, of a year at the latest; none is a sum."""
    of_then = {"as_of__lt": str(until + 1)} if until else {}
    rows = DatedFigure.objects.filter(**of_then).newest_of_each().prefetch_related("sources")
    note = gettext("Each is a statement with its date and source, not a count of the records here.")
    return {"note": note, "statements": list(map(stated, rows))}


def stated(figure: DatedFigure) -> Statement:
    source = next(iter(figure.sources.all()), None)
    return Statement(
        figure.label_i18n,
        figure.value,
        figure.qualifier,
        partial_date(figure.as_of),
        translated(source, "name").value,
        source.address if source else "",
    )


def brokered(year: int | None = None) -> dict:
    """Return how many introductions stand how, of their last steps in one year or in all."""
    rows = Introduction.objects.filter(**({"since__year": year} if year else {})).order_by()
    counted = dict(rows.values_list("state").annotate(Count("pk")))
    address = reverse("admin:secretariat_introduction_changelist") + "?state__exact="
    return {
        "note": gettext("Introductions of needs to institutions, as they stand."),
        "figures": [
            Figure(str(one.label), [Number(counted.get(one, 0), f"{address}{one}")])
            for one in Introduction.State
        ],
    }
