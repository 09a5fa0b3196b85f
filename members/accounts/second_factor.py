"""Two-factor authentication: people of the Secretariat must set it up before all else."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# Recovery codes are no factor of their own: they stand in for one that is lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Names of the addresses for signing in and out and for setting up the factor.
OPEN = ("account_", "mfa_")


def needs_second_factor(user):
    """Return whether this person has to set up a second factor before anything else."""
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return user.is_staff and not factors.exists()


class RequireSecondFactor:
    """Lead staff without a second factor to its set-up page, from wherever they are.

    Who sends no session cookie is nobody: those requests are left alone, so that public pages stay
    free of sessions.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if (request.resolver_match.url_name or "").startswith(OPEN):
            return None
        if request.user.is_authenticated and needs_second_factor(request.user):
            text = _("Set up a second factor first: it is required for work in the Secretariat.")
            messages.info(request, text)
            return redirect("mfa_index")
        return None
