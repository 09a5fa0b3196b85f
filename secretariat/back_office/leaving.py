"""A colleague leaves: what is still theirs is listed and handed over, the account is closed."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.accounts.invitations import end
from members.accounts.rights import LAST, none_stays
from members.accounts.security.notices import tell_administrators
from members.accounts.security.reauthentication import ask_anew
from members.accounts.sessions.ending import end_others
from members.models import User
from projects.calls.handling.readings import assign
from sscnet.admin.pages import admin_page
from sscnet.core.forms.errors import is_done
from sscnet.core.models import ProposedVersion


class LeavingForm(forms.Form):
    successor = forms.ModelChoiceField(None, label=_("Handed over to"))

    def __init__(self, data, user):
        super().__init__(data)
        others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
        self.fields["successor"].queryset = others.order_by("name", "email")


def held_by(user) -> list:
    """Name what is still a colleague's; versions wait for release whoever made them."""
    return [
        (_("Readings not finished"), user.readings.filter(finished_at=None)),
        (_("Projects with this contact"), user.projects.all()),
        (_("Acts for institutions"), user.affiliations.current()),
        (_("Versions waiting"), ProposedVersion.objects.waiting().filter(made_by=user)),
    ]


def leaving(request, pk):
    user = get_object_or_404(User, pk=pk, is_staff=True, is_active=True)
    if not request.user.is_superuser or user == request.user:
        raise PermissionDenied
    form = LeavingForm(request.POST or None, user)
    if form.is_valid():
        ask_anew(request, since_sign_in=True)
        if is_done(form, lambda: close(user, form.cleaned_data["successor"], request)):
            return redirect("admin:members_user_change", pk)
    model_admin, held = admin.site.get_model_admin(User), held_by(user)
    context = {"form": form, "held": held, "subtitle": str(user)}
    title = gettext("Leaves the Secretariat")
    return admin_page(model_admin, request, "secretariat/leaving", title, **context)


@transaction.atomic
def close(user, successor, request) -> None:
    """Hand over and close, or nothing: a reading that the other may not have stops it."""
    if none_stays([user]):
        raise ValidationError(LAST)
    for reading in user.readings.filter(finished_at=None).exclude(has_conflict=True):
        assign(reading.proposal, successor, request.user)
        reading.delete()
    user.projects.update(contact=successor)
    end(user.affiliations.current())
    user.groups.clear()
    user.user_permissions.clear()
    user.is_active = user.is_superuser = False
    user.save()
    end_others(user, request)
    tell_administrators(user, _("leaves the Secretariat"), by=request.user)
