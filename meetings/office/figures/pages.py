"""The pages of a meeting's figures: to look at, to take away."""

from django.utils import timezone
from django.utils.translation import gettext

from meetings.models import DelegateAnswer
from sscnet.core.personal_data.fields import may_see
from sscnet.figures.files import short_answer

from ..pages import MeetingPages, desk_page
from .statistics import MeetingStatistics


class FiguresPages(MeetingPages):
    """Figures. They name no persons, so their export is not logged."""

    def views(self):
        return [
            ("figures/", self.figures_view, "desk_figures"),
            ("figures/export.<str:kind>", self.figures_file_view, "desk_figures_file"),
        ]

    def figures_of(self, request, meeting):
        return MeetingStatistics(
            meeting,
            opens_check_in=request.user.has_perm("meetings.change_attendance"),
            opens_answers=may_see(request.user, DelegateAnswer, "chosen"),
        )

    @desk_page("meetings.view_delegate")
    def figures_view(self, request, meeting):
        context = {"figures": self.figures_of(request, meeting)}
        return self.show_desk(request, meeting, "figures", gettext("Figures"), context)

    @desk_page("meetings.view_delegate")
    def figures_file_view(self, request, meeting, kind):
        figures = self.figures_of(request, meeting)
        title = f"{meeting} ({meeting.year})" if meeting.year else str(meeting)
        came = [gettext("Of these present")] if figures.check_in else []
        headers = [gettext("Figures"), "", title, *came]
        name = f"figures-{meeting.slug}-{timezone.localdate().isoformat()}"
        return short_answer(name, kind, headers, figures.sections)
