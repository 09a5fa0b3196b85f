"""What is held of people who sign in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from sscnet.core.privacy import declare, nobody

from .models import Affiliation, Invitation, User

OF_USERS = {
    "whose": _("people with an account"),
    "kept": _("as long as the account"),
}
SIGNING_IN = _("to sign in, and to know who acts for an institution")

declare(User, "email", "name", why=SIGNING_IN, permission="members.view_user", **OF_USERS)
declare(Affiliation, "user", why=SIGNING_IN, permission="members.view_affiliation", **OF_USERS)
declare(EmailAddress, "email", why=SIGNING_IN, permission="members.view_user", **OF_USERS)
declare(Authenticator, "data", why=SIGNING_IN, permission=nobody, **OF_USERS)
OF_SESSIONS = {
    "whose": _("people with an account"),
    "kept": _("until the session ends, 14 days at most"),
}
declare(
    UserSession,
    "ip",
    "user_agent",
    "data",
    why=_("to show people where they are signed in, so that they can end it"),
    permission=nobody,
    **OF_SESSIONS,
)
declare(
    UserSession,
    "session_key",
    why=_("to know who is signed in"),
    permission=nobody,
    **OF_SESSIONS,
)
declare(
    Invitation,
    "email",
    whose=_("people who are invited"),
    why=_("to send the invitation, and to show who was invited"),
    kept=_("no end is set"),
    permission="members.view_invitation",
)
declare(
    Invitation,
    "token_hash",
    whose=_("people who are invited"),
    why=_("to recognise the link of the invitation"),
    kept=_("no end is set"),
    permission=nobody,
)
