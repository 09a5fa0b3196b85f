"""The page at the door: names and states, a button for each delegation and person, walk-ins."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.collation import sort_key

from ..models import Attendance, Delegate, Meeting
from . import check_in
from .meeting_admin import MeetingPages

State = Attendance.State
MAY = ["meetings.view_meeting", "meetings.change_attendance"]
DELEGATIONS_A_PAGE = 25


class WalkInForm(forms.Form):
    name = forms.CharField(max_length=200, label=_("Name"))
    institution = forms.CharField(max_length=250, required=False, label=_("Institution"))


class KeyForm(forms.Form):
    """Which delegation or person a button is about, and what it says of it."""

    delegation = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    delegate = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    state = forms.ChoiceField(choices=[*State.choices, ("", "")], required=False)


class DoorPages(MeetingPages):
    """The door."""

    def views(self):
        return [("door/", self.door_view, "desk_door")]

    def door_view(self, request, pk):
        if not request.user.has_perms(MAY):
            raise PermissionDenied
        meeting = get_object_or_404(Meeting, pk=pk)
        walk_in = WalkInForm(request.POST if "walk_in" in request.POST else None)
        if request.method == "POST" and self.take_note(request, meeting, walk_in):
            return HttpResponseRedirect(self.door_address(meeting, request))
        words = request.GET.get("q", "").strip()
        noted = meeting.attendances
        found = Paginator(at_door(meeting, words), DELEGATIONS_A_PAGE)
        context = {
            "q": words,
            "delegations": found.get_page(request.GET.get("page")),
            "walk_in": walk_in,
            "walk_ins": noted.walk_ins().filter(erased_at=None),
            "present": noted.present().count(),
            "may_see_desk": request.user.has_perm("meetings.view_delegate"),
        }
        return self.show_desk(request, meeting, "door", gettext("Door"), context)

    def door_address(self, meeting, request):
        address = reverse("admin:meetings_meeting_desk_door", args=[meeting.pk])
        query = request.GET.urlencode()
        return f"{address}?{query}" if query else address

    def take_note(self, request, meeting, walk_in):
        """Do what a button asks for; return False where the form of walk-ins is not valid."""
        if walk_in.is_bound:
            if not walk_in.is_valid():
                return False
            data = walk_in.cleaned_data
            check_in.note_walk_in(meeting, data["name"], data["institution"], request.user)
            self.admin.message_user(request, gettext("%(name)s is noted.") % {"name": data["name"]})
            return True
        keys = KeyForm(request.POST)
        if keys.is_valid():
            self.note(request, meeting, **keys.cleaned_data)
        return True

    def note(self, request, meeting, delegation, delegate, state):
        if delegation:
            found = get_object_or_404(check_in.delegations_at_door(meeting), pk=delegation)
            n = check_in.note_delegation(found, request.user)
            text = ngettext("%(n)d person noted.", "%(n)d people noted.", n)
            self.admin.message_user(request, text % {"n": n})
        elif delegate:
            people = check_in.people_at_door(meeting).select_related("delegation")
            found = get_object_or_404(people, pk=delegate)
            check_in.note(found, state, request.user) if state else check_in.take_back(found)


def at_door(meeting, words=""):
    """Return each delegation with its people by name; only those searched for, if any."""
    found = []
    for delegation in check_in.delegations_at_door(meeting):
        people = [d for d in delegation.delegates.all() if d.is_active]
        if people and matches(delegation, people, words.casefold()):
            found.append((delegation, sorted(people, key=by_family)))
    return sorted(found, key=lambda one: sort_key(str(one[0].institution)))


def matches(delegation, people: list[Delegate], words: str) -> bool:
    texts = [str(delegation.institution), delegation.institution.name, delegation.reference]
    texts += [f"{d.name} {d.family_name} {d.given_names} {d.chinese_name}" for d in people]
    return not words or any(words in text.casefold() for text in texts)


def by_family(delegate: Delegate):
    return sort_key(delegate.family_name or delegate.chinese_name), delegate.pk
