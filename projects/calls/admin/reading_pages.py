"""Giving a proposal to readers, from the page of the proposal."""

from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.models import Affiliation, User
from sscnet.admin.pages import officer

from ..handling.readings import assign, take_back_conflict
from ..models import Proposal
from .asking import AskingPages


def readers_for(proposal: Proposal) -> QuerySet[User]:
    """Return who may read proposals and has no conflict that the portal knows of."""
    institutions = [
        proposal.institution_id,
        *proposal.partners.exclude(institution=None).values_list("institution", flat=True),
    ]
    concerned = Affiliation.objects.recent().filter(institution__in=institutions)
    may_read = (
        Q(is_superuser=True)
        | Q(groups__permissions__codename="change_reading")
        | Q(user_permissions__codename="change_reading")
    )
    staff = User.objects.filter(may_read, is_active=True, is_staff=True)
    free = staff.exclude(readings__proposal=proposal).exclude(pk__in=concerned.values("user"))
    return free.distinct().order_by("name", "email")


class ReadersForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Readers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People who act for an institution of the proposal are not listed here."),
    )

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        readers = self.fields["readers"]
        readers.queryset = readers_for(proposal)
        if not readers.queryset:
            readers.help_text = _(
                "Nobody is free: who may read is assigned already, declared a conflict of interest"
                " or acts for an institution of the proposal."
            )


class AssigningPages(AskingPages):
    def views(self):
        return [
            ("<int:pk>/readers/", self.readers_view, "readers"),
            ("<int:pk>/readings/<int:reading>/", require_POST(self.conflict_view), "conflict"),
        ]

    @officer("calls.decide_proposal", "calls.add_reading")
    def conflict_view(self, request, pk, reading):
        """Take back a conflict that a reader declared by mistake; it is another officer's to do."""
        proposal = get_object_or_404(self.admin.get_queryset(request), pk=pk)
        declared = get_object_or_404(proposal.readings.filter(has_conflict=True), pk=reading)
        return self.perform(request, proposal, lambda: take_back_conflict(declared))

    @officer("calls.decide_proposal", "calls.add_reading")
    def readers_view(self, request, pk):
        """Choose readers; show the mails to them first."""
        proposal = get_object_or_404(self.admin.get_queryset(request), pk=pk)
        form = ReadersForm(request.POST or None, proposal=proposal)

        def work():
            for reader in form.cleaned_data["readers"]:
                assign(proposal, reader, request.user)

        return self.ask_first(request, proposal, form, work, gettext("Assign to readers"))
