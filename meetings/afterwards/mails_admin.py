"""The page on which an officer sees, and then sends, the mail after a meeting."""

from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext

from sscnet.outbox.to_many import show_or_send

from ..office.pages import MeetingPages, desk_page
from . import mails


class AfterwardsPages(MeetingPages):
    """What institutions that took part are told after a meeting."""

    def views(self):
        return [("afterwards/", self.afterwards_view, "desk_afterwards")]

    @desk_page("meetings.change_delegate")
    def afterwards_view(self, request, meeting):
        if not (meeting.is_over and meeting.is_published):
            raise Http404
        found, unreachable = mails.receivers(meeting)
        contents = mails.contents_of(meeting)
        written = show_or_send(self.admin, request, found if contents else [], mails.write)
        if written is None:
            return HttpResponseRedirect(request.path)
        context = {"contents": contents, "mails": written, "unreachable": unreachable}
        title = gettext("Tell institutions what is on the page")
        return self.show_desk(request, meeting, "afterwards", title, context)
