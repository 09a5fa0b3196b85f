"""The pages of a meeting's desk, below the meeting in the admin."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, override

from members.models import Institution
from sscnet.admin.pages import AdminPages, admin_page, officer, paths_of
from sscnet.core.pages.qr import qr_code
from sscnet.outbox.models import Message
from sscnet.outbox.to_many import show_or_send

from ..models import Delegation, Meeting, PaperRequest, PlaceEvent
from ..programme.times import for_wechat
from ..registration.entry import may_enter
from . import messages, occupancy


def desk_page(*permissions):
    """Open a page to officers with these rights alone, and give it the meeting it is below."""

    def decorate(view):
        @officer("meetings.view_meeting", *permissions)
        @wraps(view)
        def wrapped(pages, request, pk, **kwargs):
            return view(pages, request, get_object_or_404(Meeting, pk=pk), **kwargs)

        return wrapped

    return decorate


class MeetingPages(AdminPages):
    """For the admin of meetings: pages below the desk of one meeting."""

    def urls(self):
        views = [(f"<int:pk>/desk/{address}", *page) for address, *page in self.views()]
        return paths_of(self.admin, views)

    def desk_address(self, meeting):
        return reverse("admin:meetings_meeting_desk", args=[meeting.pk])

    def show_desk(self, request, meeting, name, title, context):
        context |= {
            "subtitle": str(meeting),
            "original": meeting,
            "back": self.admin.change_url(meeting),
            "desk": self.desk_address(meeting),
        }
        return admin_page(self.admin, request, f"meetings/desk/{name}", title, **context)


class DeskPages(MeetingPages):
    """What officers do while a meeting is near."""

    def views(self):
        return [
            ("", self.desk_view, "desk"),
            ("message/", self.message_view, "desk_message"),
            ("story/<int:delegation>/", self.story_view, "desk_story"),
        ]

    @desk_page("meetings.view_delegate")
    def desk_view(self, request, meeting):
        institutions = Institution.objects.filter(merged_into=None, is_sample=meeting.is_sample)
        enters = may_enter(request.user) and meeting.is_published and meeting.capacity
        context = {
            "states": [state.label for state in occupancy.SHOWN],
            "lines": occupancy.by_place(meeting),
            "delegations": occupancy.delegations_by_state(meeting),
            "waits": occupancy.waiting_at(meeting).values(),
            "may_check_in": request.user.has_perm("meetings.change_attendance"),
            "may_write": request.user.has_perm("meetings.change_delegate"),
            **self.for_wechat(meeting),
            "enters_for": institutions.alphabetical() if enters else None,
        }
        return self.show_desk(request, meeting, "desk", gettext("Desk"), context)

    def for_wechat(self, meeting):
        """Return a text in Chinese for a group, and the code of the address where one registers."""
        if not (meeting.is_published and meeting.takes_registrations):
            return {}
        with override("zh-hans"):
            path = reverse("meetings:register", args=[meeting.slug])
            address = settings.PORTAL_ADDRESS + path
            return {"for_wechat": for_wechat(meeting, address), "qr": qr_code(address)}

    @desk_page("meetings.change_delegate")
    def message_view(self, request, meeting):
        """Write to a group: show the mail and every receiver first, then send."""
        chosen = [key for key in request.GET.getlist("chosen") if key.isdecimal()]
        initial = {"group": request.GET.get("group", "all"), "chosen": chosen}
        form = messages.DeskMessageForm(request.POST or None, meeting=meeting, initial=initial)
        context = {"form": form}
        if form.is_valid() and "_edit" not in request.POST:
            data = form.cleaned_data
            found, unreachable = messages.receivers(meeting, data["group"], data["chosen"])
            write = partial(messages.write, words=form.words, sending=str(data["sending"]))
            mails = show_or_send(self.admin, request, found, write)
            if mails is None:
                return HttpResponseRedirect(self.desk_address(meeting))
            context |= {
                "is_preview": True,
                "group_label": messages.LABELS[data["group"]],
                "mails": mails,
                "unreachable": unreachable,
            }
        return self.show_desk(request, meeting, "message", gettext("Write to delegations"), context)

    @desk_page("meetings.view_delegation")
    def story_view(self, request, meeting, delegation):
        rows = Delegation.objects.select_related("institution").filter(meeting=meeting)
        delegation = get_object_or_404(rows, pk=delegation)
        context = {"delegation": delegation, "story": story(delegation)}
        title = gettext("History of delegation %(reference)s")
        title = title % {"reference": delegation.reference}
        return self.show_desk(request, meeting, "story", title, context)


# ------------------------------------------------------------------ the timeline of a delegation


@dataclass(frozen=True)
class Happening:
    """Something that happened: an event of a place, a mail, or a request noted by an officer."""

    at: datetime
    event: PlaceEvent | None = None
    mail: Message | None = None
    paper_request: PaperRequest | None = None


def story(delegation: Delegation) -> list[Happening]:
    """Return all from the beginning; a mail comes after the events of the same moment."""
    events = PlaceEvent.objects.filter(delegation=delegation).order_by("id")
    happenings = [
        Happening(event.at, event=event)
        for event in events.select_related("delegate", "workshop", "actor")
    ]
    mails = Message.objects.about(delegation).for_list().order_by("created_at", "id")
    happenings += [Happening(mail.created_at, mail=mail) for mail in mails]
    requests = delegation.paper_requests.select_related("entered_by")
    happenings += [Happening(one.entered_at, paper_request=one) for one in requests]
    return sorted(happenings, key=lambda happening: (happening.at, happening.mail is not None))
