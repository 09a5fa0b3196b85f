"""All figures of the Network, section by section."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.filters import ProjectFilter
from sscnet.core.dates import partial_date
from sscnet.facets.engine import Index, current

from ..models import DatedFigure
from .meetings import MeetingFigures
from .projects import DIVISIONS, ProjectFigures
from .shown import FigureSection, Statement

# In the order of the page; a report chooses among them.
SECTIONS = {
    "projects": _("Projects"),
    "money": _("Money"),
    "people": _("People"),
    "meetings": _("Meetings"),
    **{name: title for name, (title, _register) in DIVISIONS.items()},
    "statements": _("As stated by others"),
}


class NetworkFigures:
    """The figures that an address asks for, and under `lists` the records behind each number."""

    def __init__(self, data, index: Index | None = None):
        self.lists: dict[str, tuple[str, list]] = {}
        self.listing = ProjectFilter.listing(data, index or current(ProjectFilter))
        self.projects = ProjectFigures(self.listing, self.lists)
        self.meetings = MeetingFigures(data, self.lists)

    def section(self, name: str) -> FigureSection:
        if name in DIVISIONS:
            return self.projects.divided(name)
        if name == "meetings":
            return self.meetings.section()
        if name == "statements":
            return statements()
        return getattr(self.projects, name)()

    def sections(self) -> list[FigureSection]:
        return [self.section(name) for name in SECTIONS]


def statements() -> FigureSection:
    """Return the newest dated statement of each figure; they are never added up."""
    rows = DatedFigure.objects.newest_of_each().prefetch_related("sources")
    note = gettext("Each is a statement with its date and source, not a count of the records here.")
    title = str(SECTIONS["statements"])
    return FigureSection("statements", title, note, statements=list(map(stated, rows)))


def stated(figure: DatedFigure) -> Statement:
    source = next(iter(figure.sources.all()), None)
    return Statement(
        figure.label_i18n,
        figure.value,
        figure.qualifier,
        partial_date(figure.as_of),
        source.name if source else "",
        source.address if source else "",
    )
