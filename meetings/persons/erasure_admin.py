"""Erasing a person who asked for it, and the protocols of what was erased, in the admin."""

from django import forms
from django.contrib import admin
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
from .erasing import erase_person


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
    list_display = ["meeting", "at", "by", "reason", *Erasure.COUNTED]
    list_select_related = ["meeting", "by"]
    actions = None
    fields = ["meeting", ("at", "by", "reason"), *Erasure.COUNTED]

    def own_pages(self):
        return [("person/<int:pk>/", self.person_view, "person")]

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
