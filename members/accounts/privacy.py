"""What is held about people who sign in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data.fields import Ground, days, declare, no_one

from ..models import AccountChange, Affiliation, Invitation, RosterEntry, User

OF_USERS = {
    "whose": _("people with an account"),
    "kept": days(
        _(
            "as long as the account; an account unused for {days} days is deleted, after a notice "
            "by email"
        ),
        "ACCOUNT_UNUSED_DAYS",
    ),
}
ACCOUNT = OF_USERS | {
    "permission": "members.view_user",
    "why": _("to sign in, and to know who acts for an institution"),
    "ground": Ground.ASKED_FOR,
    "seen_by": _("the person; the people of the same institution"),
}
SECRETS = {"why": _("to sign in safely"), "ground": Ground.SAFETY, "permission": no_one}
OF_THE_INVITED = {
    "whose": _("people who are invited"),
    "kept": days(_("{days} days after the invitation has ended"), "INVITATION_RETENTION_DAYS"),
    "ground": Ground.ASKED_FOR,
}

declare(User, "email", "name", "latin_name", **ACCOUNT)
why = _("to write to the person in this language first")
declare(User, "language", **ACCOUNT | {"called": _("language"), "why": why})
declare(Affiliation, "user", **ACCOUNT | {"permission": "members.view_affiliation"})
declare(EmailAddress, "email", called=_("email"), **ACCOUNT)
declare(Authenticator, "data", called=_("what the second factor needs"), **SECRETS, **OF_USERS)
declare(
    UserSession,
    "ip",
    "user_agent",
    "data",
    "session_key",
    whose=_("people with an account"),
    called=_("where somebody is signed in: address, browser, session"),
    why=_("to show people where they are signed in, so that they can end it"),
    ground=Ground.SAFETY,
    kept=_("until the session ends, 14 days at most"),
    permission=no_one,
)
declare(
    AccountChange,
    "email",
    "token_hash",
    called=_("the address an account had before a change, and a fingerprint of the link"),
    why=_("to take back a change that somebody else made"),
    ground=Ground.SAFETY,
    whose=_("people with an account"),
    kept=_("three days"),
    permission=no_one,
)
declare(
    Invitation,
    "email",
    why=_("to send the invitation, and to show who was invited"),
    seen_by=_("the focal point of the institution"),
    **OF_THE_INVITED,
)
declare(
    Invitation,
    "token_hash",
    called=_("a fingerprint of the link"),
    why=_("to recognise the link of the invitation"),
    permission=no_one,
    **OF_THE_INVITED,
)
declare(
    RosterEntry,
    "chinese_name",
    "family_name",
    "given_names",
    "role",
    "email",
    "mobile",
    "nationality",
    whose=_("people that an institution registered before"),
    why=_("to register them again without retyping"),
    kept=days(
        _(
            "until the person or the institution removes it; the portal does so {days} days after "
            "the last registration"
        ),
        "ROSTER_DAYS",
    ),
    permission=no_one,
    ground=Ground.CONSENT,
    seen_by=_("the person; the people of the same institution"),
)
