"""How the portal adapts django-allauth: nobody registers alone, mails go through the outbox."""

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from sscnet.core.personal_data import encryption
from sscnet.core.personal_data.security_log import log_security

from .. import mails
from ..models import User
from .second_factor import FACTORS, needs_second_factor
from .security.events import log_failure
from .security.notices import write, write_account_changed
from .security.reauthentication import ask_anew, count_sign_in
from .sessions import throttles
from .sessions.ending import end, end_others


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Count by `throttles`, not by account alone: strangers would lock the person out."""
        if not throttles.may_try(request, "password_failed", credentials["email"]):
            log_failure("password_refused", credentials["email"])
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request, **credentials):
        throttles.count(request, "password_failed", credentials["email"])

    def is_reauthentication_required(self, **kwargs):
        """Ask everybody; the package asks only who has a password or a second factor.

        Who works at the Secretariat without a second factor comes from signing in and has to set
        one up.
        """
        if needs_second_factor(self.request.user):
            count_sign_in(self.request)
        ask_anew(self.request)
        return False

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        return [
            {
                "id": "code",
                "description": _("Use a code sent by email"),
                "url": reverse("account_reauthenticate_by_code"),
            }
        ]

    def pre_login(self, request, user, *, email, **kwargs):
        """Refuse a code that was sent to an address the account no longer has."""
        if email and email.lower() != user.email:
            self.add_message(request, messages.ERROR, message=_("Sign in with your new address."))
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **kwargs)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        throttles.remember_device(request, response, user.email)
        User.objects.filter(pk=user.pk).update(language=get_language() or "")
        return response

    def get_login_stages(self):
        """Leave out the confirming of addresses: those of accounts come from who made them."""
        stages = super().get_login_stages()
        return [stage for stage in stages if not stage.endswith(".EmailVerificationStage")]

    def set_password(self, user, password):
        """Who sets a new one by a link or the old one may sign in with it at once."""
        super().set_password(user, password)
        throttles.forgive(self.request, "password_failed", user.email)

    def send_mail(self, template_prefix, email, context):
        """Write allauth's mail with our words; its name for a mail is that of a template."""
        name = template_prefix.rpartition("/")[2]
        if name == "login_code":
            kind, words, link = mails.SIGN_IN_CODE, {"code": context["code"]}, ""
        elif name == "email_confirmation":
            kind, words, link = mails.NEW_ADDRESS_CODE, {"code": context["code"]}, ""
        elif name == "unknown_account":
            kind, words = mails.NO_ACCOUNT, {"email": email}
            link = reverse("secretariat:page", args=["contact"])
        elif name == "password_reset_key":
            key = {"uidb36": context["uid"], "key": context["key"]}
            kind, words = mails.NEW_PASSWORD, {}
            link = reverse("account_reset_password_from_key", kwargs=key)
        else:
            raise LookupError(f"There is no wording of the mail {name}.")
        write(kind, to=email, words=words, link=link)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        write_account_changed(user, template_prefix.rpartition("/")[2], email)


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text):
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text)

    def build_totp_svg(self, url):
        """Draw the picture as a part of the page: our rules allow none inside an address."""
        return qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")

    def can_delete_authenticator(self, authenticator):
        """Keep the last factor of those who need one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return not authenticator.user.is_staff or others.exclude(pk=authenticator.pk).exists()


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions):
        end(sessions)


@transaction.atomic
def take_away_second_factor(user: User) -> bool:
    """Remove passkeys, app and recovery codes of who lost them, and tell the person by mail."""
    deleted, _details = Authenticator.objects.filter(user=user).delete()
    if deleted:
        log_security("second_factor_taken_away", account=user.pk)
        end_others(user)
        write_account_changed(user, "factors_removed")
    return bool(deleted)


@transaction.atomic
def encrypt_second_factors_again() -> int:
    """Encrypt the secrets of apps and recovery codes with the first key; return how many."""
    factors = Authenticator.objects.select_for_update().filter(
        type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    )
    for factor in factors:
        name = "secret" if factor.type == Authenticator.Type.TOTP else "seed"
        factor.data[name] = encryption.encrypt_again(factor.data[name])
        factor.save(update_fields=["data"])
    return len(factors)


def forget_other_addresses(user: User) -> None:
    """Let a person sign in by the account's address of today only, not by one it once had."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
