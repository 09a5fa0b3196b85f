"""The wordings of the mails about accounts and institutions."""

from django.utils.translation import gettext_lazy as _

from sscnet.outbox.wordings import Wording, register

# ------------------------------------------------------------------ signing in

SIGN_IN_CODE = register(
    Wording(
        key="sign-in-code",
        label=_("Sign-in code"),
        subject=_("Your sign-in code"),
        body=_(
            "Your code is {code}. Enter it on the page where you asked for it; it is valid for "
            "ten minutes.\n\nIf you did not ask for it, you do not need to do anything: nobody "
            "can sign in without the code."
        ),
        words={"code": _("the code")},
        holds_secret=True,
        secrets=frozenset({"code"}),
        is_for_anybody=True,
    )
)
NEW_ADDRESS_CODE = register(
    Wording(
        key="new-address-code",
        label=_("Code to confirm a new address"),
        subject=_("Your code for the new address"),
        body=_(
            "Your code is {code}. Enter it on the page where you gave this address; it is valid "
            "for ten minutes. From then on you sign in with this address.\n\nIf it was not you, "
            "you do not need to do anything: nothing changes without the code."
        ),
        words={"code": _("the code")},
        holds_secret=True,
        secrets=frozenset({"code"}),
        is_for_anybody=True,
    )
)
NO_ACCOUNT = register(
    Wording(
        key="no-account",
        label=_("Sign-in with an address that has no account"),
        subject=_("No account with this address"),
        body=_(
            "Somebody tried to sign in with {email}, but there is no account with this "
            "address.\n\nIf it was you, try the address to which your invitation was sent. If you "
            "have no invitation, ask the focal point of your institution or the Secretariat to "
            "invite you."
        ),
        words={"email": _("the address that was typed")},
        link_label=_("How to reach the Secretariat"),
        is_for_anybody=True,
    )
)
NEW_PASSWORD = register(
    Wording(
        key="new-password",
        label=_("Link to set a new password"),
        subject=_("Set a new password"),
        body=_(
            "Somebody asked for a new password for your account. Use the link below to set "
            "one.\n\nIf it was not you, you do not need to do anything: your password stays as it "
            "is."
        ),
        link_label=_("Set a new password"),
        holds_secret=True,
        is_for_anybody=True,
    )
)
ACCOUNT_CHANGED = register(
    Wording(
        key="account-changed",
        label=_("Change to an account’s security"),
        subject=_("Your account: {change}"),
        body=_(
            "This was changed in your account: {change}.\n\nIf it was you, you do not need to do "
            "anything. If not, open the link below within {hours} hours: it takes the change back, "
            "ends all sessions, and you sign in again with a code sent to this address."
        ),
        words={"change": _("what was changed"), "hours": _("how many hours the link is valid")},
        link_label=_("It was not me"),
        holds_secret=True,
    )
)
# allauth's names of its notices, and what they tell.
CHANGES = {
    "email_changed": _(
        "another email address was confirmed; this one can no longer be used to sign in"
    ),
    "email_entered": _(
        "the Secretariat entered another email address; this one can no longer be used to sign in"
    ),
    "factors_removed": _("the Secretariat removed the second factor"),
    "password_entered": _("the Secretariat changed the password"),
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
ACCOUNTS_CHANGED = register(
    Wording(
        key="accounts-changed",
        label=_("To administrators: rights or an account changed"),
        subject=_("{account}: {change}"),
        body=_(
            "{account}: {change}. It was done by: {officer}.\n\nIf you know nothing of it, ask "
            "that person, and look at the account in the admin."
        ),
        words={
            "account": _("the account or group"),
            "change": _("what was changed"),
            "officer": _("who changed it"),
        },
        link_label=_("Open it in the admin"),
    )
)

# ------------------------------------------------------------------ invitations

INVITATION = register(
    Wording(
        key="invitation",
        label=_("Invitation to act for an institution"),
        subject=_("Invitation to act for {institution}"),
        body=_(
            "{inviter} invites you to act for {institution} on the portal of the China "
            "South-South Cooperation Network, as its {role}.\n\nThe link below is valid for "
            "{days} days and can be used once. You do not need a password: we send you a code to "
            "sign in."
        ),
        words={
            "institution": _("the institution"),
            "role": _("focal point, deputy or viewer"),
            "inviter": _("who invites"),
            "days": _("how many days the link is valid"),
        },
        link_label=_("View the invitation"),
        holds_secret=True,
    )
)
INVITATION_ACCEPTED = register(
    Wording(
        key="invitation-accepted",
        label=_("An invitation was accepted"),
        subject=_("{person} now acts for {institution}"),
        body=_("{person} has accepted your invitation and acts for {institution} as its {role}."),
        words={
            "person": _("who accepted"),
            "institution": _("the institution"),
            "role": _("focal point, deputy or viewer"),
        },
        link_label=_("Open the page of the institution"),
    )
)

# ------------------------------------------------------------------ profiles

OF_PROPOSALS = {
    "institution": _("the institution"),
    "changes": _("the parts of the profile it is about"),
    "word": _("the Secretariat’s comment; a dash where there is none"),
}
PROFILE_PROPOSED = register(
    Wording(
        key="profile-proposed",
        label=_("An institution proposes changes to its profile"),
        subject=_("{institution}: changes to the profile"),
        body=_("{person} proposes changes to the profile of {institution}."),
        words={"institution": _("the institution"), "person": _("who proposes them")},
        link_label=_("View the proposal"),
    )
)
PROFILE_ACCEPTED = register(
    Wording(
        key="profile-accepted",
        label=_("Changes to a profile were accepted"),
        subject=_("Profile of {institution}: changes accepted"),
        body=_(
            "The Secretariat has accepted your changes to the profile of {institution}; the "
            "public page now shows them.\n\nChanges: {changes}.\n\nComment from the Secretariat: "
            "{word}"
        ),
        words=OF_PROPOSALS,
        link_label=_("Open the profile"),
    )
)
PROFILE_PARTLY_ACCEPTED = register(
    Wording(
        key="profile-partly-accepted",
        label=_("Changes to a profile were accepted in part"),
        subject=_("Profile of {institution}: changes accepted in part"),
        body=_(
            "The Secretariat has accepted part of your changes to the profile of {institution}; "
            "the public page now shows it.\n\nAccepted: {changes}.\n\nComment from the "
            "Secretariat: {word}"
        ),
        words=OF_PROPOSALS,
        link_label=_("Open the profile"),
    )
)
PROFILE_RETURNED = register(
    Wording(
        key="profile-returned",
        label=_("Changes to a profile were returned"),
        subject=_("Profile of {institution}: please revise your changes"),
        body=_(
            "The Secretariat has returned your changes to the profile of {institution}. Nothing "
            "you typed is lost: revise it and send it again.\n\nComment from the Secretariat: "
            "{word}"
        ),
        words=OF_PROPOSALS,
        link_label=_("Open your proposal"),
    )
)
PROFILE_REMINDER = register(
    Wording(
        key="profile-reminder",
        label=_("Once a year: is the profile still correct?"),
        subject=_("{institution}: is your profile still correct?"),
        body=_(
            "{institution} last confirmed its profile a year ago, or has never done so. Please "
            "check it: if everything is still correct, confirm it with one click; if not, propose "
            "changes."
        ),
        words={"institution": _("the institution")},
        link_label=_("Check the profile"),
    )
)
ACCOUNT_UNUSED = register(
    Wording(
        key="account-unused",
        label=_("An unused account is deleted"),
        subject=_("Your account on the portal will be deleted on {day}"),
        body=_(
            "Nobody has signed in to your account on the portal of the China South-South "
            "Cooperation Network for a long time, and it does not act for any institution. It "
            "will be deleted on {day}, with your name and email address.\n\nTo keep it, sign in "
            "before that day."
        ),
        words={"day": _("the day on which it is deleted")},
        link_label=_("Sign in"),
    )
)
