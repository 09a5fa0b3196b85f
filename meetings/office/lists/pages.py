"""The pages of lists of people: to look at, to take away, to print."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from sscnet.papers.typesetting import NotMade

from ..pages import MeetingPages, desk_page
from .columns import ListForm, headers_of, rows_of
from .exports import FORMATS, PRINTED, take

MOST_SHOWN = 100


class ListPages(MeetingPages):
    def views(self):
        return [
            ("list/", self.list_view, "desk_list"),
            ("list/file/", require_POST(self.file_view), "desk_file"),
        ]

    @desk_page("meetings.view_delegate")
    def list_view(self, request, meeting):
        form = ListForm(request.GET, meeting=meeting, user=request.user)
        people = form.people() if form.is_valid() else []
        columns = form.chosen if form.is_valid() else []
        context = {
            "form": form,
            "count": len(people),
            "headers": headers_of(columns, form.columns),
            "rows": rows_of(people[:MOST_SHOWN], columns, form.columns),
            "most": MOST_SHOWN,
            "sent": form.sent,
            "printed": PRINTED.items(),
        }
        return self.show_desk(request, meeting, "list", gettext("Lists of people"), context)

    @desk_page("meetings.view_delegate")
    def file_view(self, request, meeting):
        """Return the list as a file, a page to print or PDF; without a font say so instead."""
        form = ListForm(request.POST, meeting=meeting, user=request.user)
        wanted = request.POST.get("format", "")
        address = reverse("admin:meetings_meeting_desk_list", args=[meeting.pk])
        if wanted not in FORMATS:
            raise Http404
        if not form.is_valid():
            return HttpResponseRedirect(address)
        try:
            return take(request, meeting, wanted, form.people(), form.chosen)
        except NotMade as error:
            self.admin.message_user(request, str(error), "ERROR")
            return HttpResponseRedirect(f"{address}?{urlencode(form.sent)}")
