"""What is held of people who sign in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
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
