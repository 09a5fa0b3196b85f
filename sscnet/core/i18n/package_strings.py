"""Words of packages that have no Chinese of their own: named here, they come into our catalogue.

Our catalogue is asked before those of packages.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Of Django's own Chinese, what no officer would say.
DJANGO = [
    gettext_noop("- Select an option -"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Action:"),
    gettext_noop("Add"),
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Change %s"),
    gettext_noop("Filter by %(field_name)s"),
    gettext_noop("Log out"),
    gettext_noop("My actions"),
    gettext_noop("None available"),
    gettext_noop("Recent actions"),
    gettext_noop("Run"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Start typing to filter…"),
    gettext_noop("View %s"),
    gettext_noop("View site"),
]
# Signing in, in the words of our own pages: 验证码, 通行密钥, 您.
SIGNING_IN = [
    gettext_noop("Code"),
    gettext_noop("Two-Factor Authentication"),
    gettext_noop("Security Keys"),
    gettext_noop("Security key"),
    gettext_noop("Security key added."),
    gettext_noop("Security key removed."),
    gettext_noop("Add Security Key"),
    gettext_noop("Edit Security Key"),
    gettext_noop("Remove Security Key"),
    gettext_noop("Are you sure you want to remove this security key?"),
    gettext_noop("No security keys have been added."),
    gettext_noop("Use a security key"),
    gettext_noop("This key does not indicate whether it is a passkey."),
    gettext_noop("Passwordless"),
    gettext_noop(
        "Enabling passwordless operation allows you to sign in using just this key, but "
        "imposes additional requirements such as biometrics or PIN protection."
    ),
    gettext_noop("Authenticator code"),
    gettext_noop("Enter an authenticator code:"),
    gettext_noop(
        "Your account is protected by two-factor authentication. Please enter an "
        "authenticator code:"
    ),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Incorrect code."),
    gettext_noop(
        "You cannot generate recovery codes without having two-factor authentication enabled."
    ),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "You have added %(count)s security key.",
        "You have added %(count)s security keys.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
]
