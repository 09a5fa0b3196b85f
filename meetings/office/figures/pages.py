"""The pages of a meeting's figures: to look at, to print, to take away."""

from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from meetings.models import DelegateAnswer
from sscnet.core.personal_data.fields import may_see
from sscnet.exchange.writing.rows import STREAMS

from ..lists.exports import PAPERS
from ..pages import MeetingPages
from .statistics import MeetingStatistics, StatisticsRow


class FiguresPages(MeetingPages):
    """Figures. They name no persons, so their export is not logged."""

    def views(self):
        return [
            ("figures/", self.figures_view, "desk_figures"),
            ("figures/print/", self.figures_print_view, "desk_figures_print"),
            ("figures/export.<str:kind>", self.figures_file_view, "desk_figures_file"),
        ]

    def figures_of(self, request, meeting):
        return MeetingStatistics(
            meeting,
            opens_door=request.user.has_perm("meetings.change_attendance"),
            opens_answers=may_see(request.user, DelegateAnswer, "chosen"),
        )

    def figures_view(self, request, pk):
        meeting = self.meeting_of_desk(request, pk)
        context = {"figures": self.figures_of(request, meeting)}
        return self.show_desk(request, meeting, "figures", gettext("Figures"), context)

    def figures_print_view(self, request, pk):
        meeting = self.meeting_of_desk(request, pk)
        paper = request.GET.get("paper")
        context = {
            "meeting": meeting,
            "title": gettext("Figures"),
            "figures": self.figures_of(request, meeting),
            "paper": paper if paper in PAPERS else "a4",
        }
        return TemplateResponse(request, "admin/meetings/desk/print_figures.html", context)

    def figures_file_view(self, request, pk, kind):
        meeting = self.meeting_of_desk(request, pk)
        if kind not in STREAMS:
            raise Http404
        figures = self.figures_of(request, meeting)
        content_type, stream = STREAMS[kind]
        response = StreamingHttpResponse(
            stream(headers(figures), rows(figures)), content_type=content_type
        )
        name = f"figures-{meeting.slug}-{timezone.localdate().isoformat()}.{kind}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


def headers(figures: MeetingStatistics) -> list[str]:
    """Return the columns of a file: the meeting by its title, and its year where that is known."""
    meeting = figures.meeting
    title = f"{meeting} ({meeting.year})" if meeting.year else str(meeting)
    came = [gettext("Of these present")] if figures.is_door_kept else []
    return [gettext("Figures"), "", title, gettext("Share in percent"), *came]


def rows(figures: MeetingStatistics) -> Iterator[list]:
    """Return all lines of the page, one below the other."""
    for line in figures.in_all:
        yield row(figures, gettext("Total"), line)
    for table in figures.tables:
        for line in table.lines:
            yield row(figures, str(table.division.title), line)
    for question, lines in figures.answers:
        for line in lines:
            yield row(figures, question, line)


def row(figures: MeetingStatistics, title: str, line: StatisticsRow) -> list:
    came = [line.present.count if line.present else None] if figures.is_door_kept else []
    return [title, line.label, line.number.count, line.share, *came]
