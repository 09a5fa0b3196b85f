"""The page behind the link of an invitation."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ..models import Invitation
from . import invitations
from .forms import SignInForm


@never_cache
def invitation(request, token):
    """Show who invites whom for what; send the code to sign in, then take the invitation up."""
    found = Invitation.objects.of_token(token).select_related("institution", "invited_by").first()
    if not found or not found.is_open:
        status = 410 if found else 404
        return render(request, "account/invitation_closed.html", {"found": found}, status=status)
    is_invited = request.user.is_authenticated and request.user.email == found.email
    if request.method == "POST" and is_invited:
        return accept(request, found)
    if request.method == "POST" and request.user.is_anonymous:
        return send_code(request, found)
    context = {"invitation": found, "is_invited": is_invited}
    return render(request, "account/invitation.html", context)


def accept(request, found):
    if not invitations.accept(found, request.user):
        return redirect(request.path)
    text = _("Welcome. You now act for %(institution)s.")
    messages.success(request, text % {"institution": found.institution})
    return redirect("secretariat:my_institution", found.institution.slug)


def send_code(request, found):
    """Start the sign-in by code, after which the person comes back here."""
    invitations.make_account(found)
    form = SignInForm({"login": found.email, "send_code": "1"}, request=request)
    if form.is_valid():
        return form.login(request, redirect_url=request.path)
    messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
    return redirect(request.path)
