"""The pages of accounts that `django-allauth` does not have."""

from allauth.account.adapter import get_adapter
from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import mails
from ..models import AccountChange, Invitation
from . import invitations, taking_back
from .forms import MailedCodeForm, NameForm, SignInForm
from .security import reauthentication
from .security.notices import write


@never_cache
def invitation(request, token):
    """Show who invites whom for what; send the code to sign in, then take the invitation up."""
    found = Invitation.objects.of_token(token).select_related("institution", "invited_by").first()
    if not found or not found.is_open:
        status = 410 if found else 404
        return render(request, "account/invitation_closed.html", {"found": found}, status=status)
    if request.method == "POST" and request.user.is_anonymous:
        return send_code(request, found)
    context = {"invitation": found, "is_invited": False}
    if request.user.is_authenticated and invitations.may_accept(found, request.user):
        form = NameForm(request.POST or None, instance=request.user)
        if request.method == "POST" and form.is_valid():
            return accept(request, found, form)
        context |= {"form": form, "is_invited": True}
    return render(request, "account/invitation.html", context)


def accept(request, found, form):
    form.save()
    if not invitations.accept(found, request.user):
        return redirect(request.path)
    text = _("Welcome. You now act for %(institution)s.")
    messages.success(request, text % {"institution": found.institution})
    return redirect("secretariat:my_institution", found.institution.slug)


def send_code(request, found):
    """Start the sign-in by code, after which the person comes back here."""
    if AccountChange.objects.reserving(found.email).exists():
        messages.error(request, AccountChange.RESERVED)
        return redirect(request.path)
    invitations.make_account(found)
    form = SignInForm({"login": found.email, "send_code": "1"}, request=request)
    if form.is_valid():
        return form.login(request, redirect_url=request.path)
    messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
    return redirect(request.path)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request):
    """Let a person say what he or she is called."""
    form = NameForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("account_name")
    return render(request, "account/name.html", {"form": form})


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCodeView(BaseReauthenticateView):
    """Ask who has neither password nor second factor for a code sent to the present address."""

    form_class = MailedCodeForm
    template_name = "account/reauthenticate_by_code.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        is_sent = reauthentication.CODE in self.request.session
        return super().get_context_data(**kwargs) | {"is_sent": is_sent}

    def form_valid(self, form):
        if "send_code" in form.data:
            code = reauthentication.new_code(self.request)
            write(mails.SIGN_IN_CODE, to=self.request.user.email, words={"code": code})
            return redirect(self.request.get_full_path())
        reauthentication.note_confirmation(self.request, reauthenticated=True)
        return super().form_valid(form)


@never_cache
def take_back(request, token):
    """Show what the link does; take the change of the account back when asked to."""
    change = AccountChange.objects.open().of_token(token).select_related("user").first()
    if request.method == "POST" and change and taking_back.take_back(change):
        if request.user == change.user:
            logout(request)
        text = _(
            "The change was taken back and all sessions have ended. Sign in with a code sent to "
            "%(email)s."
        )
        messages.success(request, text % {"email": change.email})
        return redirect("account_login")
    status = 200 if change else 404
    return render(request, "account/take_back.html", {"change": change}, status=status)
