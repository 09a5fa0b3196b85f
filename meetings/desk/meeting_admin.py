"""The pages of a meeting's desk, below the meeting in the admin."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from ..models import Delegation
from ..rehearsal import Refused
from . import messages, numbers, waiting
from .forms import MessageForm
from .story import story
from .what_if import who_would_move


class DeskMixin:
    """For the admin of meetings: what officers do while a meeting is near."""

    def desk_pages(self):
        return [
            ("", self.desk_view, "desk"),
            ("message/", self.message_view, "desk_message"),
            ("what-if/", self.what_if_view, "desk_what_if"),
            ("story/<int:delegation>/", self.story_view, "desk_story"),
        ]

    def get_urls(self):
        own = [
            path(
                f"<int:pk>/desk/{address}",
                self.admin_site.admin_view(view),
                name=f"meetings_meeting_{name}",
            )
            for address, view, name in self.desk_pages()
        ]
        return own + super().get_urls()

    def meeting_of_desk(self, request, pk, permission="meetings.view_delegate"):
        """Give the meeting to those who may see who comes."""
        if not request.user.has_perms(["meetings.view_meeting", permission]):
            raise PermissionDenied
        return get_object_or_404(self.model, pk=pk)

    def desk_view(self, request, pk):
        meeting = self.meeting_of_desk(request, pk)
        waits = [
            (gettext("People to approve"), "approval", waiting.to_be_approved()),
            (gettext("Places without a name"), "name", waiting.to_be_named()),
        ]
        context = {
            "states": [state.label for state in numbers.SHOWN],
            "lines": numbers.by_place(meeting),
            "delegations": numbers.delegations_by_state(meeting),
            "waits": [
                (
                    label,
                    numbers.Number(
                        rows.filter(delegation__meeting=meeting).count(),
                        numbers.list_of_people(meeting, waits=name),
                    ),
                )
                for label, name, rows in waits
            ],
            "may_see_door": request.user.has_perm("meetings.change_attendance"),
            "may_write": request.user.has_perm("meetings.change_delegate"),
            "people_list": reverse("admin:meetings_delegate_changelist"),
            "delegations_list": reverse("admin:meetings_delegation_changelist"),
            "meeting_filter": numbers.MEETING_FILTER,
        }
        return self.show_desk(request, meeting, "desk", gettext("Desk"), context)

    def message_view(self, request, pk):
        """Write to a group: show the mail and every receiver first, then send."""
        meeting = self.meeting_of_desk(request, pk, "meetings.change_delegate")
        group = {"group": request.GET.get("group", "all")}
        form = MessageForm(request.POST or None, initial=group)
        context = {"form": form}
        if form.is_valid() and "_edit" not in request.POST:
            data = form.cleaned_data
            if "_confirmed" in request.POST:
                n = messages.send(meeting, data["group"], form.words, str(data["sending"]))
                text = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", n)
                self.message_user(request, text % {"n": n})
                return HttpResponseRedirect(self.desk_address(meeting))
            found, nobody = messages.receivers(meeting, data["group"])
            context |= {
                "is_preview": True,
                "group_label": messages.GROUPS[data["group"]],
                "receivers": found,
                "nobody": nobody,
                "parts": messages.preview(found[0], form.words) if found else [],
            }
        return self.show_desk(request, meeting, "message", gettext("Write to delegations"), context)

    def what_if_view(self, request, pk):
        """Say who would get a place if there were more; nothing is changed."""
        from ..admin.places import PlacesForm, in_words  # The admin imports this module.

        meeting = self.meeting_of_desk(request, pk)
        form = PlacesForm(request.GET if "capacity" in request.GET else None, meeting=meeting)
        context = {"form": form}
        if form.is_valid():
            try:
                moved = who_would_move(meeting, form.changes, request.user)
            except Refused as refused:
                form.refuse(refused.change, refused.reason)
            else:
                context["changes"] = [in_words(change) for change in form.changes]
                context["moved"] = [event for event in moved if event.place]
                context["skipped"] = [event for event in moved if not event.place]
        return self.show_desk(request, meeting, "what_if", gettext("What if …"), context)

    def story_view(self, request, pk, delegation):
        meeting = self.meeting_of_desk(request, pk, "meetings.view_delegation")
        rows = Delegation.objects.select_related("institution").filter(meeting=meeting)
        delegation = get_object_or_404(rows, pk=delegation)
        context = {
            "delegation": delegation,
            "story": story(delegation),
            "may_see_mails": request.user.has_perm("outbox.view_message"),
        }
        title = gettext("Story of the delegation %(reference)s")
        title = title % {"reference": delegation.reference}
        return self.show_desk(request, meeting, "story", title, context)

    def desk_address(self, meeting):
        return reverse("admin:meetings_meeting_desk", args=[meeting.pk])

    def show_desk(self, request, meeting, name, title, context):
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(meeting),
            "original": meeting,
            "back": self.change_url(meeting),
            "desk": self.desk_address(meeting),
            "opts": self.opts,
        }
        return TemplateResponse(request, f"admin/meetings/desk/{name}.html", context)
