"""Erasing personal data in the admin: what is due, doing it, and the protocols of what went."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin
from sscnet.admin.pages import admin_page, officer
from sscnet.core.forms.confirmation import ConfirmationForm
from sscnet.core.personal_data.security_log import log_security

from .. import places
from ..models import Delegate, Erasure
from .erasing import erase, erase_person, meetings_due, of_meeting


class RequestForm(ConfirmationForm):
    asked = forms.CharField(
        label=_("How and when the person asked"),
        max_length=200,
        help_text=_("Kept in the security log; leave out the name."),
    )
    field_order = ["asked"]


@admin.register(Erasure)
class ErasureAdmin(RecordAdmin):
    """The protocols are only read; they are made by erasing."""

    is_read_only = True
    change_list_template = "admin/meetings/erasures.html"
    list_display = ["meeting", "at", "by", "reason", *Erasure.COUNTED]
    list_select_related = ["meeting", "by"]
    actions = None
    fields = ["meeting", ("at", "by", "reason"), *Erasure.COUNTED]

    def has_add_permission(self, request):
        return request.user.has_perm("meetings.add_erasure")

    def own_pages(self):
        return [
            ("due/", self.erase_view, "due"),
            ("person/<int:pk>/", self.person_view, "person"),
        ]

    @officer("meetings.add_erasure")
    def person_view(self, request, pk):
        """Erase one person who asked for it by telephone or otherwise, as their own page does."""
        delegate = get_object_or_404(Delegate, pk=pk, erased_at=None)
        form = RequestForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                erase_person(delegate, by=request.user)
            except places.PlacesError as error:
                form.add_error(None, str(error))
            else:
                log_security("person_erased", delegate=pk, asked=form.cleaned_data["asked"])
                self.message_user(request, gettext("The personal data are erased."))
                return HttpResponseRedirect(reverse("admin:meetings_delegate_changelist"))
        title, back = (
            gettext("Erase this person"),
            reverse("admin:meetings_delegate_change", args=[pk]),
        )
        context = {"form": form, "subtitle": str(delegate), "back": back}
        return admin_page(self, request, "meetings/erase_person", title, **context)

    def add_view(self, request, form_url="", extra_context=None):
        """Redirect to the page that erases: a protocol is never written by hand."""
        return HttpResponseRedirect(reverse("admin:meetings_erasure_due"))

    @officer("meetings.add_erasure")
    def erase_view(self, request):
        """Show what is due and what would be erased; erase it for the meetings that were ticked."""
        meetings = list(meetings_due())
        form = ConfirmationForm(request.POST if request.method == "POST" else None)
        ticked = request.POST.getlist("meeting")
        if form.is_valid():
            return self.erase(request, [m for m in meetings if str(m.pk) in ticked])
        due = [
            {
                "meeting": meeting,
                "counts": in_words(of_meeting(meeting).count()),
                "is_ticked": not form.is_bound or str(meeting.pk) in ticked,
            }
            for meeting in meetings
        ]
        title = gettext("Erase personal data")
        return admin_page(self, request, "meetings/erase", title, form=form, due=due)

    def erase(self, request, meetings):
        for meeting in meetings:
            if erase(meeting, by=request.user):
                text = gettext("The personal data of “%(meeting)s” are erased.")
                self.message_user(request, text % {"meeting": meeting}, messages.SUCCESS)
        if meetings:
            return HttpResponseRedirect(reverse("admin:meetings_erasure_changelist"))
        self.message_user(request, gettext("No meeting was chosen."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:meetings_erasure_due"))


def in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(Erasure._meta.get_field(name).verbose_name, n) for name, n in counts.items()]
