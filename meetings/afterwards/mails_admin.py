"""The page on which an officer sees, and then sends, the mail after a meeting."""

from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext, ngettext

from sscnet.outbox.to_many import mails_to

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
        if "_confirmed" in request.POST and contents:
            mails.write(found)
            n = len(found)
            text = ngettext("%(n)d email is being sent.", "%(n)d emails are being sent.", n)
            self.admin.message_user(request, text % {"n": n})
            return HttpResponseRedirect(request.path)
        context = {
            "contents": contents,
            "mails": mails_to(request, found, mails.write),
            "unreachable": unreachable,
        }
        title = gettext("Tell institutions what is on the page")
        return self.show_desk(request, meeting, "afterwards", title, context)
