"""The kinds of mail about accounts and institutions, and to whom those to an institution go."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sscnet.outbox import post
from sscnet.outbox.wordings import register

from .models import Institution, User

# ------------------------------------------------------------------ signing in

CODE = {"holds_secret": True, "secrets": frozenset({"code"}), "is_for_anybody": True}
SIGN_IN_CODE = register("sign-in-code", "code", **CODE)
NEW_ADDRESS_CODE = register("new-address-code", "code", **CODE)
NO_ACCOUNT = register("no-account", "email", is_for_anybody=True)
NEW_PASSWORD = register("new-password", holds_secret=True, is_for_anybody=True)
ACCOUNT_CHANGED = register("account-changed", "change", "hours", holds_secret=True)
# allauth's names of its notices, and what they tell.
CHANGES = {
    "email_changed": _(
        "another email address was confirmed; this one can no longer be used to sign in"
    ),
    "email_entered": _(
        "the Secretariat entered another email address; this one can no longer be used to sign in"
    ),
    "factors_removed": _("the Secretariat removed the second factor"),
    "rights_changed": _("the Secretariat changed what your account may do"),
    "password_changed": _("the password was changed"),
    "password_reset": _("the password was reset"),
    "password_set": _("a password was set"),
    "recovery_codes_generated": _("new recovery codes were created"),
    "totp_activated": _("an authenticator app was added"),
    "totp_deactivated": _("the authenticator app was removed"),
    "webauthn_added": _("a passkey was added"),
    "webauthn_removed": _("a passkey was removed"),
}

# To the other administrators.
TAKEN_BACK = _("a change was taken back by the link in the email about it")
ACCOUNTS_CHANGED = register("accounts-changed", "account", "change", "officer")

# ------------------------------------------------------------------ invitations

INVITATION = register("invitation", "institution", "role", "inviter", "days", holds_secret=True)
COLLEAGUE_INVITED = register("colleague-invited", "inviter")
CIRCULAR = register("circular", "subject", "text")
INVITATION_ACCEPTED = register("invitation-accepted", "person", "institution", "role")
OF_INVITATION = ("institution", "email", "role")
INVITATION_ASKED = register("invitation-asked", *OF_INVITATION, "inviter", "day")
INVITATION_REFUSED = register("invitation-refused", *OF_INVITATION, "person")
AFFILIATION_GIVEN = register("affiliation-given", *OF_INVITATION, "person", "inviter", "confirmer")

# ------------------------------------------------------------------ profiles

PROFILE_PROPOSED = register("profile-proposed", "institution", "person")
PROFILE_ACCEPTED = register("profile-accepted", "institution", "changes", "word")
PROFILE_PARTLY_ACCEPTED = register("profile-partly-accepted", "institution", "changes", "word")
PROFILE_RETURNED = register("profile-returned", "institution", "changes", "word")
ACCOUNT_UNUSED = register("account-unused", "day")

# ------------------------------------------------------------------ to an institution


def people_to_write_to(institution: Institution) -> QuerySet[User]:
    """Return those who act for an institution today and get its mails, each once."""
    acting = institution.affiliations.receiving_mail()
    return User.objects.filter(affiliations__in=acting).distinct().order_by("email")


def write_to_institution(
    kind: str, institution: Institution, key: str, *, wanted: QuerySet | None = None, **mail
) -> None:
    """Write to each of the people of an institution, once for this key; `mail` as `post.write`.

    `wanted`: the affiliations of those who want emails of this kind, where one can turn them off.
    """
    people = people_to_write_to(institution)
    for user in people if wanted is None else people.filter(affiliations__in=wanted):
        post.write(
            kind,
            to=user.email,
            key=f"{kind}:{key}:{user.pk}",
            **{"about": institution} | mail,
        )
